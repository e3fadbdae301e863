import { ProviderFailure } from '../errors';

/** A signal that is made only when somebody looks at it: most fetches are done before anyone would. */
export class Deadline {
  #controller: AbortController | undefined;
  #failure: Error | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#failure) this.#controller.abort(this.#failure);
    return this.#controller.signal;
  }

  abort(failure: Error): void {
    this.#failure = failure;
    this.#controller?.abort(failure);
  }
}

/**
 * Runs work that must end within the time limit, or earlier when one of the signals aborts; work that returns no
 * promise costs no timer. A late answer is dropped.
 */
export function withDeadline<T>(
  timeout: number,
  signals: readonly (AbortSignal | undefined)[],
  work: (deadline: Deadline) => T | Promise<T>,
): T | Promise<T> {
  const deadline = new Deadline();
  const running = work(deadline);
  if (!(running instanceof Promise)) return running;
  return new Promise<T>((resolve, reject) => {
    const give = (failure: Error): void => {
      settle();
      deadline.abort(failure);
      reject(failure);
    };
    const timer = setTimeout(() => give(new ProviderFailure('timeout')), timeout);
    const cancelled = (): void => give(new ProviderFailure('unavailable', 'The read was cancelled.'));
    const settle = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', cancelled);
    };
    for (const signal of signals) signal?.addEventListener('abort', cancelled, { once: true });
    if (signals.some((signal) => signal?.aborted)) cancelled();
    running.then(resolve, reject).finally(settle);
  });
}
