import type { Answer, ApiRequest, Handler } from '@latchkey/host/extend';
import { NotFound } from '@latchkey/host/extend';
import { CryptoError, IntegrityError } from '../crypto/faults';
import { StoreError, type StoreRefusal } from '../service/store-error';

/** How each refusal of the store is told: a list of one text, as NetBox has it, bare text, or a detail. */
const refusals = {
  'wrong-session-key': 'list',
  'session-needed': 'list',
  'no-user-key': 'text',
  'inactive-user-key': 'text',
  'wrong-private-key': 'text',
  'legacy-unlock-off': 'text',
  'no-challenge': 'detail',
  'last-way': 'detail',
  'bad-public-key': 'detail',
} as const satisfies Record<StoreRefusal, 'list' | 'text' | 'detail'>;

/** A 400 whose body is the bare text, as NetBox answers for private keys. */
export const bareText = (text: string): Answer => ({
  status: 400,
  content: { type: 'text/html; charset=utf-8', text, headers: { 'X-Content-Type-Options': 'nosniff' } },
});

/** A refusal with its detail. */
export const detail = (status: number, text: string): Answer => ({ status, body: { detail: text } });

function refusal(error: unknown): Answer | undefined {
  if (error instanceof StoreError) {
    const form = refusals[error.refusal];
    if (form === 'list') return { status: 400, body: [error.message] };
    return form === 'text' ? bareText(error.message) : detail(400, error.message);
  }
  if (error instanceof IntegrityError) return detail(409, error.message);
  if (error instanceof CryptoError && error.code === 'busy')
    return { ...detail(503, error.message), headers: { 'Retry-After': '5' } };
  if (error instanceof CryptoError) return detail(400, error.message);
  return error instanceof NotFound ? detail(404, 'Not found.') : undefined;
}

/** A handler whose refusals of the store are answered as NetBox answers them; others go on to the host. */
export const guarded =
  (handler: Handler): Handler =>
  async (request: ApiRequest) => {
    try {
      return await handler(request);
    } catch (error) {
      const answer = refusal(error);
      if (answer) return answer;
      throw error;
    }
  };
