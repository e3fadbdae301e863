import { createAttempts } from '../../credentials/attempts';
import { Forbidden, InvalidInput, InvalidRows } from '../../domain/failures';
import { createLines } from '../../writes/lines';
import type { ApiRequest } from '../route';
import type { HttpServices } from '../services';
import { throttled } from '../wire/refusal';

/** Whether a body brings a key of its own for the token that it asks for. */
export function bringsKey(body: unknown): boolean {
  const { key } = (body ?? {}) as { readonly key?: unknown };
  return key !== undefined && key !== null;
}

/** Refuses keys in a list: each would be a guess at the keys that are there. */
export function refuseKeys(bodies: readonly unknown[]): void {
  if (!bodies.some(bringsKey)) return;
  throw new InvalidRows(
    bodies.map((body) => (bringsKey(body) ? { key: ['Give a key for one token at a time.'] } : {})),
  );
}

/**
 * Makes what creates a token with a key that was brought: whether it is taken tells of others' keys, so a refusal counts
 * like a wrong key, for the address and for the account.
 */
export function createKeyTaking({ attempts = createAttempts() }: Pick<HttpServices, 'attempts'>) {
  const accounts = createAttempts();
  const lines = createLines();
  return <T>({ principal, address }: ApiRequest, create: () => Promise<T>): Promise<T> => {
    const { id = '', name } = principal;
    const [here, self] = [
      { account: name, address },
      { account: '', address: id },
    ];
    // One after another, so that each knows how those before it ended.
    return lines(id, async () => {
      const wait = attempts.wait(here) ?? accounts.wait(self);
      if (wait !== undefined) throw throttled(wait);
      try {
        return await create();
      } catch (error) {
        if (error instanceof InvalidInput || error instanceof Forbidden) {
          attempts.failed(here);
          accounts.failed(self);
        }
        throw error;
      }
    });
  };
}
