import type { FetchRequest } from '../contracts/secrets-provider';
import { ProviderFailure } from '../errors';
import type { Logger } from '../logger';

/** What a read fails with when its caller gives up. */
export const cancelled = () => new ProviderFailure('unavailable', 'The read was cancelled.');

/** One fetch. Its signal is made only when somebody looks at it: most fetches are done before anyone would. */
export class Attempt implements FetchRequest {
  store: unknown = undefined;
  /** What the guard threw, which no provider can swallow. */
  refusal?: { readonly reason: unknown };
  #controller: AbortController | undefined;

  constructor(
    readonly parameters: FetchRequest['parameters'],
    readonly logger: Logger,
    private readonly guard?: (parameters: FetchRequest['parameters']) => void,
  ) {}

  // Not a method, since providers take it out of the request.
  readonly confirm = (meaning?: FetchRequest['parameters']): void => {
    try {
      this.guard?.(meaning ? { ...this.parameters, ...meaning } : this.parameters);
    } catch (reason) {
      this.refusal = { reason };
      throw reason;
    }
  };

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** The answer, unless the time limit passes or one of the signals aborts first; a late answer is dropped. */
  within<T>(timeout: number, signals: readonly (AbortSignal | undefined)[], answer: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const giveUp = (failure: Error): void => {
        settle();
        (this.#controller ??= new AbortController()).abort(failure);
        reject(failure);
      };
      const timer = setTimeout(() => giveUp(new ProviderFailure('timeout')), timeout);
      const cancel = (): void => giveUp(cancelled());
      const settle = (): void => {
        clearTimeout(timer);
        for (const signal of signals) signal?.removeEventListener('abort', cancel);
      };
      for (const signal of signals) signal?.addEventListener('abort', cancel, { once: true });
      if (signals.some((signal) => signal?.aborted)) cancel();
      Promise.resolve(answer).then(resolve, reject).finally(settle);
    });
  }
}
