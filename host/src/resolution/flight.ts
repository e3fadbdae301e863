import { ProviderFailure, type Fetched, type FetchRequest } from '@latchkey/core';

type Meaning = Parameters<FetchRequest['confirm']>[0];

interface Caller {
  readonly request: FetchRequest;
  /** Why this caller may not have what is fetched. */
  refusal?: { readonly reason: unknown };
  gone?: boolean;
}

const hopeful = ({ refusal, gone }: Caller): boolean => !refusal && !gone;

/**
 * One fetch for several callers. What the provider finds a parameter to mean is put to each of them, to those who come
 * later too; the fetch goes on for as long as one of them may have it and waits for it.
 */
export class Flight implements FetchRequest {
  readonly parameters: FetchRequest['parameters'];
  readonly store: unknown;
  readonly logger: FetchRequest['logger'];
  /** Takes no more callers: it is over, hopeless, or older than one caller's patience. */
  closed = false;
  readonly #callers: Caller[];
  readonly #meanings: Meaning[] = [];
  #controller: AbortController | undefined;

  constructor(first: FetchRequest) {
    ({ parameters: this.parameters, store: this.store, logger: this.logger } = first);
    this.#callers = [{ request: first }];
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  // Not a method, since providers take it out of the request.
  readonly confirm = (meaning: Meaning): void => {
    this.#meanings.push(meaning);
    for (const caller of this.#callers) if (hopeful(caller)) judge(caller, meaning);
    if (this.#callers.some(hopeful)) return;
    this.closed = true;
    throw this.#callers.find(({ refusal }) => refusal)?.refusal?.reason ?? new ProviderFailure('unavailable');
  };

  /** What the first caller gets of the answer. */
  lead(answer: Promise<Fetched>): Promise<Fetched> {
    const [first] = this.#callers as [Caller];
    return this.#wait(first, answer);
  }

  /** What one more caller gets of the answer. */
  join(request: FetchRequest, answer: Promise<Fetched>): Promise<Fetched> {
    const caller: Caller = { request };
    for (const meaning of this.#meanings) if (!caller.refusal) judge(caller, meaning);
    if (caller.refusal) throw caller.refusal.reason;
    this.#callers.push(caller);
    return this.#wait(caller, answer);
  }

  #wait(caller: Caller, answer: Promise<Fetched>): Promise<Fetched> {
    const { signal } = caller.request;
    signal.addEventListener('abort', () => this.#leave(caller), { once: true });
    return answer.then((fetched) => {
      if (caller.refusal) throw caller.refusal.reason;
      return fetched;
    });
  }

  #leave(caller: Caller): void {
    caller.gone = true;
    // Past the time limit of who began it, whoever comes is better off with a fetch of their own.
    if (caller === this.#callers[0]) this.closed = true;
    if (this.#callers.some(hopeful)) return;
    this.closed = true;
    (this.#controller ??= new AbortController()).abort(caller.request.signal.reason);
  }
}

function judge(caller: Caller, meaning: Meaning): void {
  try {
    caller.request.confirm(meaning);
  } catch (reason) {
    caller.refusal = { reason };
  }
}
