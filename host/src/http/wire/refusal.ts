/** What can be wrong with a request before anything of the domain is asked; statuses stand in the error handler. */
export type RefusalKind =
  | 'malformed'
  | 'unauthenticated'
  | 'not-found'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'too-large'
  | 'unsupported-media-type'
  | 'throttled';

/** A request that is refused for its form. The detail never quotes a body. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Refusal';
  }
}

/** The refusal of who has failed too often; `wait` is in seconds. */
export function throttled(wait: number): Refusal {
  const detail = `Request was throttled. Expected available in ${wait} second${wait === 1 ? '' : 's'}.`;
  return new Refusal('throttled', detail, { 'Retry-After': String(wait) });
}
