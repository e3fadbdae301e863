import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userType, type Principal } from '../../host/src/domain/access';
import { openSource } from '../../host/src/persistence/source';
import { readPrivateKey } from '../../plugins/netbox-secrets/src/crypto/private-key';
import { makeKeyring } from '../../plugins/netbox-secrets/src/crypto/keyring';
import { recoverMasterKey } from '../../plugins/netbox-secrets/src/crypto/recovery';
import { wrapsOf } from '../../plugins/netbox-secrets/src/service/holders';
import { keyringOf, masterEntries } from '../../plugins/netbox-secrets/src/service/masters';
import { toBytes } from '../../plugins/netbox-secrets/src/service/rows';
import { createOperatorReading } from '../../plugins/netbox-secrets/src/service/operator-key';
import { renewRecoveryKey } from '../../plugins/netbox-secrets/src/service/recovery-key';
import { wrapType, type UserKey } from '../../plugins/netbox-secrets/src/types';
import { openEncryptedStore, pairs, type EncryptedStore } from '../support/encrypted-store';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);

let world: EncryptedStore;
let admin: Principal;
let jane: Principal;
let own: UserKey;
let hers: UserKey;

/** The administrator and jane hold the store; whoever attacks writes to the database file. */
beforeEach(async () => {
  world = await openEncryptedStore();
  ({ admin } = world);
  jane = await world.acting('jane')();
  own = (await keys().setUserKey(admin, admin.id ?? '', pairs.first.public)).userKey;
  hers = (await keys().setUserKey(jane, jane.id ?? '', pairs.second.public)).userKey;
  await keys().activate(admin, { privateKey: pairs.first.private }, [hers.id]);
});
afterEach(() => world.close());
afterAll(removeTemporaryFolders);

const keys = () => world.store.keys;

async function behindTheBack(...statements: string[]): Promise<Record<string, unknown>[]> {
  const source = await openSource({ file: world.file, busyTimeout: 20_000 });
  let found: Record<string, unknown>[] = [];
  for (const statement of statements) found = (await source.query(statement)) as typeof found;
  await source.destroy();
  return found;
}

const tables = {
  key: 'netbox_user_keys',
  wraps: 'netbox_wraps',
  spare: 'netbox_recovery_keys',
  sessions: 'netbox_session_keys',
} as const;
const copyOf = (table: keyof typeof tables, where: string) =>
  behindTheBack(`SELECT * FROM ${tables[table]} WHERE ${where}`);
/** Writes rows as they were once, over what is there. */
const putBack = (table: keyof typeof tables, rows: readonly Record<string, unknown>[]) =>
  behindTheBack(
    ...rows.map((row) => {
      const quoted = Object.values(row).map((value) => (value === null ? 'NULL' : `'${String(value)}'`));
      return `INSERT OR REPLACE INTO ${tables[table]} (${Object.keys(row).join()}) VALUES (${quoted.join()})`;
    }),
  );

/** What a private key opens with the wraps of the administrator, as the command of the owner of the data folder does. */
const proven = async () =>
  keyringOf(world.store.host.rows, world.store.hostKeys, {
    userKey: own.id,
    privateKey: await readPrivateKey(pairs.first.private),
  });
const activated = async (name: string) => {
  const userKey = await keys().userKeyOf(await world.user(name));
  return keys().activate(admin, { keyring: await proven() }, [userKey?.id ?? '']);
};
const renewed = async () =>
  renewRecoveryKey({ host: world.store.host, keys: world.store.hostKeys }, admin, await proven());

const newKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
const unlock = (principal = admin, pair = pairs.first) => keys().unlockWithPrivateKey(principal, pair.private, {});
async function rotate() {
  const { sessionKey } = await unlock();
  const keyring = await keys().open(admin, sessionKey);
  if (!keyring) throw new Error('no keyring');
  return world.store.rotation.rotate(admin, keyring);
}
/** The versions of the master keys that are wrapped for a user key, or for the recovery key. */
const wrapped = async (userKey: string | null) => {
  const page = { scope: { kind: 'all' }, filters: [{ field: 'user_key', values: [userKey] }] } as const;
  const { rows } = await world.unitOfWork.rows.list(wrapType, { ...page, limit: 10, offset: 0 });
  return rows.map(({ master_version: version }) => version);
};

test('a rotation wraps for everybody whom the host let in, the recovery key among them', async () => {
  expect(await rotate()).toMatchObject({ rotating: false, refused: [] });
  expect([await wrapped(own.id), await wrapped(hers.id), await wrapped(null)]).toEqual([[2], [2], [2]]);
  expect(await rotate()).toMatchObject({ keyVersion: 3, refused: [] });
  expect((await unlock(jane, pairs.second)).sessionKey).toHaveLength(44);
});

describe('a key that was put back into the database gets no new master key, and opens nothing by the API', () => {
  const attacks: readonly [what: string, ends: () => Promise<unknown>][] = [
    ['a deactivated one', () => keys().deactivate(admin, hers.id)],
    ['a removed one', () => keys().removeUserKey(jane, hers.id)],
    ['one that another took the place of', () => changedKey()],
  ];
  const changedKey = () => keys().setUserKey(jane, jane.id ?? '', newKey());

  test.each(attacks)('%s', async (_, ends) => {
    const [row, wraps] = [
      await copyOf('key', `id = '${hers.id}'`),
      await copyOf('wraps', `user_key_id = '${hers.id}'`),
    ];
    await ends();
    await putBack('key', row);
    await putBack('wraps', wraps);
    await expect(unlock(jane, pairs.second)).rejects.toThrow('changed outside Latchkey');
    await expect(keys().challenge(jane)).rejects.toThrow('changed outside Latchkey');
    expect(await rotate()).toMatchObject({ rotating: false, refused: ['jane'] });
    expect(await wrapped(hers.id)).toEqual([]);
    expect(await wrapped(own.id)).toEqual([2]);
  });
});

test('a session that was put back opens nothing for who was deactivated', async () => {
  const { sessionKey } = await unlock(jane, pairs.second);
  const [row] = await behindTheBack(`SELECT * FROM netbox_session_keys WHERE user_id = '${jane.id}'`);
  expect(await keys().open(jane, sessionKey)).toBeDefined();
  await keys().deactivate(admin, hers.id);
  await putBack('sessions', [row ?? {}]);
  await expect(keys().open(jane, sessionKey)).rejects.toThrow('Invalid session key.');
});

test('a key that waits is not let in by its flag', async () => {
  await keys().deactivate(admin, hers.id);
  await behindTheBack(`UPDATE netbox_user_keys SET active = 1 WHERE id = '${hers.id}'`);
  await expect(unlock(jane, pairs.second)).rejects.toThrow('changed outside Latchkey');
  expect(await rotate()).toMatchObject({ refused: ['jane'] });
  expect(await wrapped(hers.id)).toEqual([]);
});

test('another public key in the row of a holder holds up no rotation, and gets nothing', async () => {
  const mine = pairs.first.public.trim();
  for (const pem of [mine, 'no key at all']) {
    await behindTheBack(`UPDATE netbox_user_keys SET public_key = '${pem}' WHERE id = '${hers.id}'`);
    expect(await rotate()).toMatchObject({ rotating: false, refused: ['jane'] });
    expect(await wrapped(hers.id)).toEqual([]);
    await expect(activated('jane')).rejects.toMatchObject({ code: 'integrity-owner' });
  }
});

test('a wrap of something else is no way in, and is told of', async () => {
  await behindTheBack(`UPDATE netbox_wraps SET wrapped = 'AAAA' WHERE user_key_id = '${hers.id}'`);
  expect(await world.store.rotation.progress()).toMatchObject({ refused: ['jane'] });
  await expect(keys().removeUserKey(admin, own.id)).rejects.toThrow('last active user key');
});

test('a recovery key of before that is put back gets no new master key', async () => {
  const [row, wraps] = [await copyOf('spare', '1 = 1'), await copyOf('wraps', 'user_key_id IS NULL')];
  await renewed();
  await behindTheBack('DELETE FROM netbox_recovery_keys', 'DELETE FROM netbox_wraps WHERE user_key_id IS NULL');
  await putBack('spare', row);
  await putBack('wraps', wraps);
  expect(await rotate()).toMatchObject({ refused: ['(recovery key)'] });
  expect(await wrapped(null)).toEqual([]);
});

describe('the last way to the master key is not lost by way of the database', () => {
  test('one that the host did not let in counts for none', async () => {
    await keys().deactivate(admin, hers.id);
    const [wrap] = await copyOf('wraps', `user_key_id = '${own.id}'`);
    await putBack('wraps', [{ ...wrap, id: '11111111-2222-4333-8444-555555555555', user_key_id: hers.id }]);
    await behindTheBack(`UPDATE netbox_user_keys SET active = 1 WHERE id = '${hers.id}'`);
    await expect(keys().removeUserKey(admin, own.id)).rejects.toThrow('last active user key');
    await expect(keys().deactivate(admin, own.id)).rejects.toThrow('last active user key');
    await expect(keys().setUserKey(admin, admin.id ?? '', newKey())).rejects.toThrow('netbox recover SHEET');
  });

  test('and neither is one whose flag, or whose account, was switched off there', async () => {
    await keys().deactivate(admin, hers.id);
    await world.writes.update(admin, userType, jane.id ?? '', { is_superuser: true }, { partial: true });
    await behindTheBack(`UPDATE netbox_user_keys SET active = 0 WHERE id = '${own.id}'`);
    await expect(keys().removeUserKey(admin, own.id)).rejects.toThrow('last active user key');
    await behindTheBack(`UPDATE users SET is_active = 0 WHERE id = '${admin.id}'`);
    jane = await world.acting('jane')();
    await expect(world.writes.remove(jane, userType, admin.id ?? '')).rejects.toThrow('last active user key');
  });
});

test('who lost the only private key is led to the recovery sheet, and comes in again by it', async () => {
  await world.close();
  world = await openEncryptedStore();
  ({ admin } = world);
  jane = await world.acting('jane')();
  const { recoverySheet: sheet = '' } = await keys().setUserKey(admin, admin.id ?? '', pairs.first.public);
  const mine = newKey();
  await expect(keys().setUserKey(admin, admin.id ?? '', mine)).rejects.toThrow('netbox recover SHEET --user NAME');

  hers = (await keys().setUserKey(jane, jane.id ?? '', pairs.second.public)).userKey;
  const entries = await masterEntries(world.store.host.rows, world.store.hostKeys);
  const [wrap] = await wrapsOf(world.store.host.rows, null);
  const master = await recoverMasterKey({ sheet, wrapped: toBytes(wrap?.wrapped), entries });
  await keys().activate(admin, { keyring: makeKeyring([master]) }, [hers.id]);
  const waiting = (await keys().setUserKey(admin, admin.id ?? '', mine)).userKey;
  expect(waiting.active).toBe(false);
  await world.writes.update(admin, userType, jane.id ?? '', { is_superuser: true }, { partial: true });
  jane = await world.acting('jane')();
  await keys().activate(jane, { privateKey: pairs.second.private }, [waiting.id]);
  expect(await wrapped(waiting.id)).toEqual([1]);
  expect(await world.store.rotation.progress()).toMatchObject({ refused: [] });
});

test('where nobody is as the host let them in, a rotation does not begin, and an activation mends it', async () => {
  const { sessionKey } = await unlock();
  const keyring = await keys().open(admin, sessionKey);
  if (!keyring) throw new Error('no keyring');
  await behindTheBack(`UPDATE netbox_high_water SET mac = 'AAAA'`);
  await expect(world.store.rotation.rotate(admin, keyring)).rejects.toMatchObject({ refusal: 'last-way' });
  expect(await world.store.rotation.progress()).toMatchObject({
    rotating: false,
    keyVersion: 1,
    refused: ['admin', 'jane', '(recovery key)'],
  });
  await activated('admin');
  await activated('jane');
  await renewed();
  expect(await rotate()).toMatchObject({ keyVersion: 2, refused: [] });
});

test('a signature of the owner that somebody broke is mended by giving the same key again', async () => {
  await keys().deactivate(admin, hers.id);
  await behindTheBack(`UPDATE netbox_user_keys SET owner_mac = 'AAAA' WHERE id = '${hers.id}'`);
  await expect(activated('jane')).rejects.toMatchObject({ code: 'integrity-owner' });
  expect((await keys().setUserKey(jane, jane.id ?? '', pairs.second.public)).userKey.active).toBe(false);
  await activated('jane');
  expect((await unlock(jane, pairs.second)).sessionKey).toHaveLength(44);
});

test('a master key of before is not the current one again', async () => {
  await rotate();
  const entries = 'netbox_master_keys';
  await behindTheBack(`UPDATE ${entries} SET state = 'current' WHERE version = 1`);
  await expect(unlock()).rejects.toMatchObject({ code: 'integrity-keyring' });
  await behindTheBack(`UPDATE ${entries} SET state = 'retired' WHERE version = 2`);
  await expect(unlock()).rejects.toMatchObject({ code: 'integrity-keyring' });
  await behindTheBack(`DELETE FROM ${entries} WHERE version = 2`);
  await expect(unlock()).rejects.toThrow('not been activated');
});

test('the host does not read by the key of an operator that was let in by the database', async () => {
  const file = join(world.folder, 'operator.pem');
  writeFileSync(file, pairs.second.private);
  const [row, wraps] = [await copyOf('key', `id = '${hers.id}'`), await copyOf('wraps', `user_key_id = '${hers.id}'`)];
  const { sessionKey } = await unlock();
  const keyring = await keys().open(admin, sessionKey);
  if (!keyring) throw new Error('no keyring');
  const item = { input: { name: 'one', role: { slug: 'login' } }, plaintext: Buffer.from('hunter2') };
  const [{ id } = { id: '' }] = await world.store.secrets.create(admin, [item], keyring);
  const parts = { host: world.store.host, keys: world.store.hostKeys };
  const values = createOperatorReading(parts, { user: 'jane', file });
  expect((await values(id))?.toString()).toBe('hunter2');
  await keys().deactivate(admin, hers.id);
  await putBack('key', row);
  await putBack('wraps', wraps);
  await expect(values(id)).rejects.toThrow('changed outside Latchkey');
});
