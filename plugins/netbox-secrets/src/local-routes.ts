import type { Answer, ApiRequest, Handler, Method, Route } from '@latchkey/host/extend';
import { InvalidInput, NotFound } from '@latchkey/host/extend';
import { CryptoError, IntegrityError } from './crypto/faults';
import type { Keyring } from './crypto/keyring';
import { mastersIn } from './http/key-routes';
import { begun, importHandler, missing, textsOf } from './importing/import-routes';
import { createLongWork } from './importing/jobs';
import { isSound, wrapsOf } from './service/holders';
import { keyringOfProof, masterEntries } from './service/masters';
import { allOf, where } from './service/rows';
import { renewRecoveryKey } from './service/recovery-key';
import { userTypeOf } from './service/ways';
import type { Store } from './store';
import { storedSecretType, userKeyType, type UserKey } from './types';

/**
 * What the commands of the plugin ask for, over the socket that only the owner of the data folder reaches. Private keys
 * and recovery sheets stay with the command: it is given what is wrapped for them, and shows what was inside.
 */
export function localRoutes(store: Store): Route[] {
  const { host, rotation, hostKeys: keys, keys: keyService } = store;
  const { rows } = host;
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

  async function proven({ body }: ApiRequest): Promise<Keyring> {
    const { masters } = body as { readonly masters?: unknown };
    return opened('masters', () => keyringOfProof(rows, keys, mastersIn(masters)));
  }

  /** What is wrapped for a user key, or for the recovery key, if that is every master key in use. */
  async function wrapsFor(userKey: string | null, refusal: InvalidInput): Promise<Answer> {
    const entries = await masterEntries(rows, keys);
    const used = (await wrapsOf(rows, userKey))
      .map(({ master_version: version, wrapped }) => ({ version, wrapped }))
      .filter((wrap) => entries.some(({ version }) => version === wrap.version));
    if (used.length === 0 || used.length < entries.length) throw refusal;
    return { status: 200, body: { wraps: used } };
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
    const keyring = await proven(request);
    const principal = await request.acting();
    const { total } = await rotation.progress();
    const progress = { left: total, total };
    const told = (left: number) => void (progress.left = left);
    return begun(work.begin(progress, () => rotation.rotate(principal, keyring, told)));
  }

  async function activate(request: ApiRequest): Promise<Answer> {
    const keyring = await proven(request);
    // By name, since anybody may have a key wait here: who is let in is chosen, never everybody who asks.
    const waiting = await userKeyOf(request, 'holder');
    if (waiting.active && (await isSound(rows, keys, waiting)))
      throw closed('holder', 'The key of this user is active already.');
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
    route('wraps/', 'POST', async (request) => wrapsFor((await userKeyOf(request)).id, closed('user', noWay))),
    route('recovery-wraps/', 'GET', () => wrapsFor(null, closed('sheet', noRecovery))),
    route('drill/', 'POST', async (request) => {
      const { masters } = await proven(request);
      return { status: 200, body: { opens: masters.length } };
    }),
    route('recover/', 'POST', async (request) => {
      const userKey = await userKeyOf(request);
      const keyring = await proven(request);
      await keyService.activate(await request.acting(), { keyring }, [userKey.id]);
      return { status: 200, body: { user_key: userKey.id, active: true } };
    }),
    route('recovery-key/', 'POST', async (request) => {
      const keyring = await proven(request);
      const made = await renewRecoveryKey({ host, keys }, await request.acting(), keyring);
      return { status: 200, body: made };
    }),
    route('rotate/', 'POST', rotate),
    route('activate/', 'POST', activate),
  ];
}

const noWay = 'The user key of this user is not active: it opens no secrets.';
const noRecovery = 'No recovery key opens the secrets. `latchkey netbox recovery-key` makes one.';
const closed = (field: string, text: string): InvalidInput => new InvalidInput({ [field]: [text] });

async function opened(field: string, open: () => Promise<Keyring>): Promise<Keyring> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof CryptoError || error instanceof IntegrityError)) throw error;
    throw new InvalidInput({ [field]: [error.message] });
  }
}
