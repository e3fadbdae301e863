import { LatchkeyError, SecretAccessDeniedError, SecretError, type Logger } from '@latchkey/core';
import { Conflict, Forbidden, InvalidInput, InvalidRows, NotFound, PreconditionFailed } from '../domain/failures';
import type { Answer } from './route';
import { Refusal, type RefusalKind } from './wire/refusal';

/** The status of each refusal of a request's form. */
const refusalStatus = {
  malformed: 400,
  unauthenticated: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'too-large': 413,
  'unsupported-media-type': 415,
  throttled: 429,
} as const satisfies Record<RefusalKind, number>;

/** The codes of errors that are no fault of the host's code; all others are 500. */
const codeStatus: Readonly<Record<string, number>> = {
  'access-record': 503,
  'database-busy': 503,
  'database-disk': 503,
  'database-unavailable': 503,
  'definition-moved': 503,
  'no-such-row': 404,
  'no-secret': 404,
  'unknown-user': 403,
  forbidden: 403,
};

/** The one place where a failure becomes an HTTP answer. What it does not know is logged by class and code alone. */
export function answerFailure(error: unknown, about: { readonly logger: Logger; readonly requestId: string }): Answer {
  if (error instanceof InvalidInput) return { status: 400, body: error.faults };
  if (error instanceof InvalidRows) return { status: 400, body: error.rows };
  if (error instanceof NotFound) return detail(404, error.message);
  if (error instanceof Forbidden) return detail(403, error.message);
  if (error instanceof Conflict) return detail(409, error.message);
  if (error instanceof PreconditionFailed) return detail(412, error.message);
  if (error instanceof Refusal) {
    return { ...detail(refusalStatus[error.kind], error.detail), headers: error.headers };
  }
  if (error instanceof SecretError) return detail(error instanceof SecretAccessDeniedError ? 403 : 422, String(error));
  if (error instanceof URIError) return detail(400, 'The address is not well formed.');

  const known = error instanceof LatchkeyError ? error : undefined;
  const status = codeStatus[known?.code ?? ''] ?? 500;
  if (status >= 500) {
    about.logger.error('A request failed', {
      request: about.requestId,
      class: word(nameOf(error)),
      code: word((error as { code?: unknown } | null)?.code),
      message: known?.message,
    });
  }
  return known && status !== 500
    ? { ...detail(status, known.message), ...(known.code === 'database-busy' && { headers: { 'Retry-After': '1' } }) }
    : { status: 500, body: { detail: 'A server error occurred.', request_id: about.requestId } };
}

function detail(status: number, text: string): Answer {
  return { status, body: { detail: text } };
}

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : typeof error;
}

// Libraries put what they were given into their errors; only what looks like an identifier is told.
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][\w.-]{0,63}$/.test(value) ? value : undefined;
}
