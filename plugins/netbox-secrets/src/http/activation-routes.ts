import type { Answer, ApiRequest, Handler, Route } from '@latchkey/host/extend';
import { InvalidInput, NotFound } from '@latchkey/host/extend';
import { StoreError } from '../service/store-error';
import type { Store } from '../store';
import { userKeyType, type UserKey } from '../types';
import { guarded } from './answers';
import { describe } from './describe';
import { findRow, permit } from './find';
import { fieldsIn } from './key-routes';
import { keyringOf } from './session';

const most = 100;

/** How the plugin's 3.0 refuses: the reason as `error`. */
const told = (status: number, error: string, more: object = {}): Answer => ({ status, body: { error, ...more } });

const wrongKeys: ReadonlySet<string> = new Set(['no-user-key', 'inactive-user-key', 'wrong-private-key']);

/** The activation of user keys by who has the store open, or sends a private key, as the plugin's 2 and 3 have it. */
export function activationRoutes(store: Store, mount: string): Route[] {
  const { host, keys } = store;

  /** The ids of the user keys that are named, and the names that mean none. */
  async function named({ principal }: ApiRequest, wanted: readonly unknown[]) {
    const ids: string[] = [];
    const missing: unknown[] = [];
    for (const one of new Set(wanted))
      try {
        ids.push((await findRow(host, principal, { action: 'change', type: userKeyType, key: String(one) })).id);
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        missing.push(one);
      }
    return { ids, missing };
  }

  const activation = (field: string, answer: (activated: readonly UserKey[]) => unknown): Handler =>
    guarded(async (request) => {
      const { principal } = request;
      permit(host, principal, 'change', userKeyType);
      const given = fieldsIn(request);
      const wanted = given[field];
      if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > most)
        throw new InvalidInput({ [field]: [`Give a list of 1 to ${most} ids.`] });
      const keyring = await keyringOf(store, request);
      const { private_key: privateKey } = given;
      if (!keyring && typeof privateKey !== 'string') return told(400, 'Private key was not provided.');
      const { ids, missing } = await named(request, wanted as readonly unknown[]);
      if (missing.length > 0)
        return told(404, `The following user key IDs were not found: ${missing.join(', ').slice(0, 255)}`, {
          invalid_keys: missing,
        });
      const proof = keyring ? { keyring } : { privateKey: String(privateKey) };
      try {
        return { status: 200, body: answer(await keys.activate(principal, proof, ids)) };
      } catch (error) {
        if (error instanceof StoreError && wrongKeys.has(error.refusal)) return told(400, error.message);
        throw error;
      }
    });
  const route = (path: string, handler: Handler): Route => ({
    path: `${mount}${path}`,
    access: 'token',
    changes: true,
    parses: ['json', 'form'],
    openapi: describe('Activates user keys', ['POST']),
    methods: { POST: handler },
  });

  return [
    route(
      'activate-user-key/',
      activation('user_keys', ({ length }) => `Successfully activated ${length} user keys.`),
    ),
    route(
      'user-keys/activate/',
      activation('user_key_ids', (activated) => ({
        message: `Successfully activated ${activated.length} user key${activated.length === 1 ? '' : 's'}.`,
        activated_count: activated.length,
        activated_keys: activated.map(({ number }) => number),
      })),
    ),
  ];
}
