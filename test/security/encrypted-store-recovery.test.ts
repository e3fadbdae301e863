import { readFileSync, readdirSync } from 'node:fs';
import { silentLogger } from '../../core/src/logger';
import type { Principal } from '../../host/src/domain/access';
import { Forbidden } from '../../host/src/domain/failures';
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

/** What a command of the store answers, over the routes of the local socket. */
async function asked<T>(name: string, body: Readonly<Record<string, string>>, principal = admin): Promise<T> {
  const route = localRoutes(world.store).find(({ path }) => path === `/netbox-secrets/${name}/`);
  const answer = await route?.methods.POST?.({ body, acting: async () => principal } as never);
  return (answer as { readonly body: T }).body;
}
const drill = (given: string) => asked<{ readonly opens: number }>('drill', { sheet: given });
const proof = { user: 'admin', private_key: pairs.first.private };
const renewed = (principal = admin) => asked<NewRecoveryKey>('recovery-key', proof, principal);
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
  await expect(drill(sheet)).rejects.toMatchObject({ faults: { sheet: [expect.any(String)] } });
  expect(await drill(made.sheet)).toEqual({ opens: 1 });
  expect([await rowsOf(recoveryKeyType), await rowsOf(wrapType)]).toEqual([
    [expect.anything()],
    [expect.anything(), expect.anything()],
  ]);

  const jane = await world.acting('jane')();
  await world.store.keys.setUserKey(jane, jane.id ?? '', pairs.second.public);
  await expect(asked('recover', { user: 'jane', sheet })).rejects.toMatchObject({
    faults: { sheet: [expect.anything()] },
  });
  expect(await asked('recover', { user: 'jane', sheet: made.sheet })).toMatchObject({ active: true });
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
  const wrong = asked('recovery-key', { ...proof, private_key: pairs.second.private });
  await expect(wrong).rejects.toMatchObject({ faults: { private_key: [expect.any(String)] } });
  await expect(asked('recovery-key', { user: 'admin' })).rejects.toMatchObject({
    faults: { private_key: [expect.any(String)] },
  });
  await expect(asked('recovery-key', { ...proof, user: 'jane' })).rejects.toMatchObject({
    faults: { user: [expect.any(String)] },
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
