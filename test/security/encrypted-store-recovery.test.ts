import { randomBytes, type KeyObject } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { silentLogger } from '../../core/src/logger';
import type { Principal } from '../../host/src/domain/access';
import { Forbidden } from '../../host/src/domain/failures';
import { readPrivateKey } from '../../plugins/netbox-secrets/src/crypto/private-key';
import { recoveryPrivateKey } from '../../plugins/netbox-secrets/src/crypto/recovery';
import { unwrapMasterKey } from '../../plugins/netbox-secrets/src/crypto/user-keys';
import { createLongWork } from '../../plugins/netbox-secrets/src/importing/jobs';
import { localRoutes } from '../../plugins/netbox-secrets/src/local-routes';
import type { NewRecoveryKey } from '../../plugins/netbox-secrets/src/service/recovery-key';
import { recoveryKeyType, wrapType } from '../../plugins/netbox-secrets/src/types';
import { openEncryptedStore, pairs, type EncryptedStore } from '../support/encrypted-store';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);

let world: EncryptedStore;
let admin: Principal;
let sheet: string;

beforeEach(async () => {
  world = await openEncryptedStore();
  ({ admin } = world);
  const { recoverySheet = '' } = await world.store.keys.setUserKey(admin, admin.id ?? '', pairs.first.public);
  sheet = recoverySheet;
});
afterEach(() => world.close());
afterAll(removeTemporaryFolders);

interface Wrapped {
  readonly wraps: readonly { readonly wrapped: string }[];
}

/** What the routes of the local socket answer to a command of the store. */
async function asked<T>(method: 'GET' | 'POST', name: string, body: object = {}, principal = admin): Promise<T> {
  const handler = localRoutes(world.store).find(({ path }) => path === `/netbox-secrets/${name}/`)?.methods[method];
  const answer = await handler?.({ body, acting: async () => principal } as never);
  return (answer as { readonly body: T }).body;
}

/** What a key opens of the wraps, as a command proves it. */
async function opened(key: KeyObject, { wraps }: Wrapped) {
  const masters = wraps.map(async ({ wrapped }) => unwrapMasterKey(key, Buffer.from(wrapped, 'base64')));
  return { masters: (await Promise.all(masters)).map((bytes) => ({ key: bytes.toString('base64') })) };
}
const bySheet = async (given: string) =>
  opened(await recoveryPrivateKey(given), await asked<Wrapped>('GET', 'recovery-wraps'));
const byKey = async (pem: string, user = 'admin') =>
  opened(await readPrivateKey(pem), await asked<Wrapped>('POST', 'wraps', { user }));
const drill = async (given: string) => asked<{ readonly opens: number }>('POST', 'drill', await bySheet(given));
const renewed = async (principal = admin) =>
  asked<NewRecoveryKey>('POST', 'recovery-key', await byKey(pairs.first.private), principal);
const rowsOf = async (type: typeof recoveryKeyType | typeof wrapType) =>
  (await world.unitOfWork.rows.list(type as typeof wrapType, { scope: { kind: 'all' }, limit: 100, offset: 0 })).rows;

async function keyring() {
  const { sessionKey } = await world.store.keys.unlockWithPrivateKey(admin, pairs.first.private, {});
  const found = await world.store.keys.open(admin, sessionKey);
  if (!found) throw new Error('no keyring');
  return found;
}

test('a new recovery key opens the store, and the one before opens nothing any more', async () => {
  expect(await drill(sheet)).toEqual({ opens: 1 });
  const made = await renewed();
  expect([made.opens, made.sheet === sheet]).toEqual([1, false]);
  await expect(drill(sheet)).rejects.toMatchObject({ code: 'wrap' });
  expect(await drill(made.sheet)).toEqual({ opens: 1 });
  expect([await rowsOf(recoveryKeyType), await rowsOf(wrapType)]).toEqual([
    [expect.anything()],
    [expect.anything(), expect.anything()],
  ]);

  const jane = await world.acting('jane')();
  await world.store.keys.setUserKey(jane, jane.id ?? '', pairs.second.public);
  const forged = { user: 'jane', masters: [{ key: randomBytes(32).toString('base64') }] };
  await expect(asked('POST', 'recover', forged)).rejects.toMatchObject({ faults: { masters: [expect.anything()] } });
  const proof = { user: 'jane', ...(await bySheet(made.sheet)) };
  expect(await asked('POST', 'recover', proof)).toMatchObject({ active: true });
});

test('one that is made in the middle of a rotation opens all that is sealed, and what is sealed after it', async () => {
  const input = { name: 'one', role: { slug: 'login' } };
  const before = await keyring();
  await world.store.secrets.create(admin, [{ input, plaintext: Buffer.from('x') }], before);
  const broken = world.store.rotation.rotate(admin, before, () => {
    throw new Error('the power went');
  });
  await expect(broken).rejects.toThrow('the power went');
  const made = await renewed();
  expect([made.opens, await drill(made.sheet)]).toEqual([2, { opens: 2 }]);
  await world.store.rotation.rotate(admin, await keyring());
  await world.store.rotation.rotate(admin, await keyring());
  expect([await drill(made.sheet), (await renewed()).opens]).toEqual([{ opens: 1 }, 1]);
});

test('nobody makes one who is no superuser, or does not open the store, and the sheet of before stays good', async () => {
  const jane = await world.acting('jane')();
  await expect(renewed(jane)).rejects.toThrow(Forbidden);
  await expect(renewed({ ...admin, mayWrite: false })).rejects.toThrow(Forbidden);
  await expect(byKey(pairs.second.private)).rejects.toMatchObject({ code: 'wrap' });
  await expect(byKey(pairs.first.private, 'jane')).rejects.toMatchObject({ faults: { user: [expect.any(String)] } });
  for (const masters of [undefined, [], [{ key: randomBytes(32).toString('base64') }]])
    await expect(asked('POST', 'recovery-key', { masters })).rejects.toMatchObject({
      faults: { masters: [expect.any(String)] },
    });
  expect(await drill(sheet)).toEqual({ opens: 1 });
});

test('it is told in the log, without the sheet, which stands in no file', async () => {
  const warn = jest.spyOn(silentLogger, 'warn');
  const { sheet: made } = await renewed();
  expect(warn.mock.calls).toEqual([[expect.stringContaining('recovery key'), { user: 'admin' }]]);
  warn.mockRestore();
  const lines = made.split('\n').filter((line) => /^\d\d /.test(line));
  expect(lines.length).toBeGreaterThan(10);
  for (const name of readdirSync(world.folder)) {
    const text = readFileSync(`${world.folder}/${name}`, 'latin1');
    expect(lines.filter((line) => text.includes(line))).toEqual([]);
  }
});

test('the sheet of an import is handed out once, and the rest of what it came to stays', async () => {
  const work = createLongWork();
  const { id = '' } = work.begin({}, async () => ({ report: 'all is well', recoverySheet: sheet })) ?? {};
  expect(work.read(id)).toMatchObject({ state: 'running' });
  await new Promise(setImmediate);
  expect(work.read(id)).toMatchObject({ state: 'done', result: { report: 'all is well', recoverySheet: sheet } });
  expect(work.read(id)?.result).toEqual({ report: 'all is well' });
});
