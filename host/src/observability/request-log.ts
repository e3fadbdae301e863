import type { Logger } from '@latchkey/core';

/** A request that was answered, as far as it may be told: no path, no query, no header, no body. */
export interface Answered {
  readonly method: string;
  /** The pattern of the address, such as `/api/extras/secrets/:id/`; undefined where there is none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly milliseconds: number;
  readonly requestId: string;
  /** The id of the user; undefined for nobody. */
  readonly user: string | undefined;
  /** Where it came from; empty where that is not known. */
  readonly address: string;
}

// Asked every few seconds by machines that look after the host.
const routine: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz', '/metrics']);

/** Writes a line for each request: at `info`, those of health checks at `debug`. */
export function createRequestLog(logger: Logger): (answered: Answered) => void {
  return ({ method, route, status, milliseconds, requestId, user, address }) => {
    const fields = { request: requestId, method, route, status, duration_ms: Math.round(milliseconds * 10) / 10 };
    logger[routine.has(route) ? 'debug' : 'info']('Request', { ...fields, user, address: address || undefined });
  };
}
