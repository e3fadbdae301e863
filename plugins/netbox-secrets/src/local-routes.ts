import { createSecretKey } from 'node:crypto';
import type { Answer, ApiRequest, Handler, Method, Route } from '@latchkey/host/extend';
import { InvalidInput, NotFound } from '@latchkey/host/extend';
import { CryptoError, IntegrityError } from './crypto/faults';
import { deriveHostKeys } from './crypto/host-keys';
import { makeKeyring, type Keyring } from './crypto/keyring';
import { recoverMasterKey } from './crypto/recovery';
import { begun, importHandler, missing, privateKeyIn, textsOf } from './importing/import-routes';
import { createLongWork } from './importing/jobs';
import { isSound, wrapsOf } from './service/holders';
import { keyringOf, masterEntries } from './service/masters';
import { allOf, toBytes, where } from './service/rows';
import { renewRecoveryKey } from './service/recovery-key';
import { userTypeOf } from './service/ways';
import type { Store } from './store';
import { storedSecretType, userKeyType, type UserKey } from './types';

/** What the commands of the plugin ask for, over the socket that only the owner of the data folder reaches. */
export function localRoutes(store: Store): Route[] {
  const { host, rotation, keys: keyService } = store;
  const { rows } = host;
  const keys = deriveHostKeys(createSecretKey(host.deriveKey('store')));
  const work = createLongWork();
  const route = (path: string, method: Method, handler: Handler): Route => ({
    path: `/netbox-secrets/${path}`,
    access: 'token',
    changes: method !== 'GET',
    methods: { [method]: handler },
  });

  async function userKeyOf(request: ApiRequest, field = 'user'): Promise<UserKey> {
    const username = textsOf(request)(field);
    if (username === undefined) throw missing(field);
    const user = (await rows.get(userTypeOf(rows), { username } as never)) as { readonly id: string } | undefined;
    const [found] = user ? await allOf(rows, userKeyType, [where('user', user.id)]) : [];
    if (!found) throw new InvalidInput({ [field]: ['There is no such user, or it has no user key.'] });
    return found;
  }

  async function keyringBy(request: ApiRequest, userKey: UserKey): Promise<Keyring> {
    const privateKey = await privateKeyIn(textsOf(request), 'private_key', 'passphrase');
    if (!privateKey) throw missing('private_key');
    return opened('private_key', () => keyringOf(rows, keys, { userKey: userKey.id, privateKey }));
  }

  async function recovered(request: ApiRequest): Promise<Keyring> {
    const sheet = textsOf(request)('sheet');
    if (sheet === undefined) throw missing('sheet');
    return opened('sheet', async () => {
      const entries = await masterEntries(rows, keys);
      const masters = [];
      for (const { wrapped, master_version: version } of await wrapsOf(rows, null))
        if (entries.some((entry) => entry.version === version))
          masters.push(await recoverMasterKey({ sheet, wrapped: toBytes(wrapped), entries }));
      return makeKeyring(masters);
    });
  }

  async function status(): Promise<Answer> {
    const userKeys = await allOf(rows, userKeyType);
    const active = userKeys.filter((key) => key.active).length;
    const query = { scope: { kind: 'all' }, limit: 1, offset: 0 } as const;
    const { count: secrets } = await rows.list(storedSecretType, query);
    const spare = (await wrapsOf(rows, null)).length > 0;
    const user_keys = { active, waiting: userKeys.length - active };
    return { status: 200, body: { secrets, user_keys, recovery_key: spare, ...(await rotation.progress()) } };
  }

  async function rotate(request: ApiRequest): Promise<Answer> {
    const keyring = await keyringBy(request, await userKeyOf(request));
    const principal = await request.acting();
    const progress = { left: 0 };
    return begun(
      work.begin(progress, () => rotation.rotate(principal, keyring, (left) => void (progress.left = left))),
    );
  }

  async function activate(request: ApiRequest): Promise<Answer> {
    const keyring = await keyringBy(request, await userKeyOf(request));
    // By name, since anybody may have a key wait here: who is let in is chosen, never everybody who asks.
    const waiting = await userKeyOf(request, 'holder');
    if (waiting.active && (await isSound(rows, keys, waiting)))
      throw new InvalidInput({ holder: ['The key of this user is active already.'] });
    const activated = await keyService.activate(await request.acting(), { keyring }, [waiting.id]);
    return { status: 200, body: { activated: activated.length } };
  }

  return [
    route('imports/', 'POST', importHandler({ host, keys, work })),
    route('work/:id/', 'GET', ({ parameters }) => {
      const found = work.read(parameters['id'] ?? '');
      if (!found) throw new NotFound('There is no such work.');
      return { status: 200, body: found };
    }),
    route('status/', 'GET', status),
    route('drill/', 'POST', async (request) => {
      const { masters } = await recovered(request);
      return { status: 200, body: { opens: masters.length } };
    }),
    route('recover/', 'POST', async (request) => {
      const userKey = await userKeyOf(request);
      const keyring = await recovered(request);
      await keyService.activate(await request.acting(), { keyring }, [userKey.id]);
      return { status: 200, body: { user_key: userKey.id, active: true } };
    }),
    route('recovery-key/', 'POST', async (request) => {
      const keyring = await keyringBy(request, await userKeyOf(request));
      const made = await renewRecoveryKey({ host, keys }, await request.acting(), keyring);
      return { status: 200, body: made };
    }),
    route('rotate/', 'POST', rotate),
    route('activate/', 'POST', activate),
  ];
}

async function opened(field: string, open: () => Promise<Keyring>): Promise<Keyring> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof CryptoError || error instanceof IntegrityError)) throw error;
    throw new InvalidInput({ [field]: [error.message] });
  }
}
