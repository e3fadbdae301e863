import type { Rest } from './rest-client';

/** Checks of a secret, each with a request id of its own: which were answered, and how the others were refused. */
export function recordedChecks(rest: Rest, secret: string) {
  const answered: string[] = [];
  const refused: { readonly status: number; readonly answer: unknown }[] = [];
  let nth = 0;
  return {
    /** The request ids of those that were answered. */
    answered,
    refused,
    async check(): Promise<number> {
      const request = `check-${nth++}`;
      const headers = { 'X-Request-Id': request };
      const { status, body } = await rest('GET', `/api/extras/secrets/${secret}/check/`, { headers });
      if (status === 200) answered.push(request);
      else refused.push({ status, answer: body });
      return status;
    },
  };
}

/** How a read is refused that cannot be recorded. */
export const unrecorded = {
  status: 503,
  answer: { detail: 'The read could not be recorded, so no value is returned.' },
};
