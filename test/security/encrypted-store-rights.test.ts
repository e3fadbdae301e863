import { createPublicKey, createSecretKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionType, tokenType, userType, type Principal } from '../../host/src/domain/access';
import type { AnyRow } from '../../host/src/domain/descriptor';
import { Forbidden } from '../../host/src/domain/failures';
import { openSource } from '../../host/src/persistence/source';
import { deriveHostKeys } from '../../plugins/netbox-secrets/src/crypto/host-keys';
import { createOperatorReading } from '../../plugins/netbox-secrets/src/service/operator-key';
import { createSessionCache } from '../../plugins/netbox-secrets/src/service/session-cache';
import { createSessions } from '../../plugins/netbox-secrets/src/service/sessions';
import { roleType, storedSecretType, type StoredSecret } from '../../plugins/netbox-secrets/src/types';
import { openEncryptedStore, pairs, type EncryptedStore } from '../support/encrypted-store';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);

let world: EncryptedStore;
let admin: Principal;
let jane: Principal;

beforeEach(async () => {
  world = await openEncryptedStore();
  ({ admin } = world);
  jane = await world.acting('jane')();
});
afterEach(() => world.close());
afterAll(removeTemporaryFolders);

const keys = () => world.store.keys;
const hostKeys = () => deriveHostKeys(createSecretKey(world.store.host.deriveKey('store')));
const secrets = () => world.store.secrets;

async function opened(principal = admin, pair = pairs.first, token?: string) {
  const { sessionKey } = await keys().unlockWithPrivateKey(principal, pair.private, { token });
  const keyring = await keys().open(principal, sessionKey);
  if (!keyring) throw new Error('no keyring');
  return { sessionKey, keyring };
}

async function holder(principal: Principal, pair = pairs.first) {
  const { userKey } = await keys().setUserKey(principal, principal.id ?? '', pair.public);
  return userKey;
}

async function withJane() {
  await holder(admin);
  const userKey = await holder(jane, pairs.second);
  await keys().activate(admin, { privateKey: pairs.first.private }, [userKey.id]);
  return userKey;
}

async function made(name: string, value: string) {
  const { keyring } = await opened();
  const item = { input: { name, role: { slug: 'login' } }, plaintext: Buffer.from(value) };
  return ((await secrets().create(admin, [item], keyring))[0] as StoredSecret).id;
}

const rowOf = async (id: string) =>
  (await world.unitOfWork.rows.get(storedSecretType, { id })) as unknown as AnyRow & StoredSecret;

const read = async (id: string, keyring: Awaited<ReturnType<typeof opened>>['keyring'], name = 'admin') =>
  (await secrets().reveal({ acting: world.acting(name) }, [await rowOf(id)], keyring))[0];

const rename = (id: string, name: string, principal = admin) =>
  secrets().update(principal, [{ id, input: { name } }], { partial: true });

async function behindTheBack(...statements: string[]): Promise<void> {
  const source = await openSource({ file: world.file, busyTimeout: 20_000 });
  for (const statement of statements) await source.query(statement);
  await source.destroy();
}

/** The records of values that were read; a private key that was sent is on record, too. */
const revealed = () => world.records.filter(({ action }) => action === 'reveal');

test('a secret that was moved, or put back, in the database is not signed anew by the next change', async () => {
  await holder(admin);
  const id = await made('one', 'first');
  const { keyring } = await opened();
  const { value } = await rowOf(id);
  await behindTheBack(`UPDATE netbox_secrets SET name = 'elsewhere' WHERE id = '${id}'`);
  await expect(rename(id, 'washed')).rejects.toMatchObject({ code: 'integrity-placement' });
  await behindTheBack(`UPDATE netbox_secrets SET name = 'one' WHERE id = '${id}'`);
  await secrets().update(admin, [{ id, input: {}, plaintext: Buffer.from('second') }], { partial: true, keyring });
  await behindTheBack(`UPDATE netbox_secrets SET value = '${value}', version = 1 WHERE id = '${id}'`);
  await expect(rename(id, 'washed')).rejects.toMatchObject({ code: 'integrity-rollback' });
});

test('who may change a secret does not bring it to where its value may be seen', async () => {
  await withJane();
  const id = await made('one', 'hunter2');
  await world.writes.create(admin, roleType, { name: 'Web', slug: 'web' });
  const grant = (actions: string[], constraints: unknown) =>
    world.writes.create(admin, permissionType, {
      name: actions.join(),
      object_types: [storedSecretType.name, roleType.name],
      actions,
      users: [{ username: 'jane' }],
      ...(constraints === null ? {} : { object_types: [storedSecretType.name], constraints }),
    });
  await grant(['view', 'change'], null);
  await grant(['reveal'], { role__slug: 'web' });
  jane = await world.acting('jane')();
  const { keyring } = await opened(jane, pairs.second);
  const move = (plaintext?: Buffer) =>
    secrets().update(jane, [{ id, input: { role: { slug: 'web' } }, ...(plaintext && { plaintext }) }], {
      partial: true,
      keyring,
    });
  await expect(move()).rejects.toThrow(Forbidden);
  await expect(move(Buffer.from('mine'))).rejects.toThrow(Forbidden);
  expect(await read(id, keyring, 'jane')).toMatchObject({ fault: 'denied' });
  await expect(rename(id, 'two', jane)).resolves.toHaveLength(1);
});

test('a key is taken in from its own user alone, and the recovery sheet goes to a superuser', async () => {
  await expect(keys().setUserKey(admin, jane.id ?? '', pairs.second.public)).rejects.toThrow(Forbidden);
  const first = await keys().setUserKey(jane, jane.id ?? '', pairs.second.public);
  expect([first.userKey.active, first.recoverySheet]).toEqual([false, undefined]);
  const own = await keys().setUserKey(admin, admin.id ?? '', pairs.first.public);
  expect(own.userKey.active).toBe(true);
  expect(own.recoverySheet).toContain('RECOVERY KEY');
});

test('a key is that of one user alone, whatever form it comes in', async () => {
  await holder(admin);
  const form = createPublicKey(pairs.first.public).export({ type: 'pkcs1', format: 'pem' }).toString();
  await expect(keys().setUserKey(jane, jane.id ?? '', form)).rejects.toThrow('key of another user');
});

test('a keyring from before a rotation seals nothing, activates nobody, and opens no session', async () => {
  const waiting = await withJane();
  const id = await made('one', 'first');
  const { keyring: before } = await opened();
  await world.store.rotation.rotate(admin, before);
  const stale = { message: 'Invalid session key.' };
  const item = { input: { name: 'two', role: { slug: 'login' } }, plaintext: Buffer.from('lost') };
  await expect(secrets().create(admin, [item], before)).rejects.toMatchObject(stale);
  const change = { id, input: {}, plaintext: Buffer.from('lost') };
  await expect(secrets().update(admin, [change], { partial: true, keyring: before })).rejects.toMatchObject(stale);
  await expect(secrets().rollback(admin, id, 1, before)).rejects.toMatchObject(stale);
  await expect(keys().activate(admin, { keyring: before }, [waiting.id])).rejects.toMatchObject(stale);
  expect((await read(id, (await opened(jane, pairs.second)).keyring))?.plaintext?.toString()).toBe('first');
});

test('a rotation gives the new master key to nobody who may not sign in, and a key without it is no way in', async () => {
  await withJane();
  await world.writes.update(admin, userType, jane.id ?? '', { is_active: false }, { partial: true });
  await world.store.rotation.rotate(admin, (await opened()).keyring);
  await world.writes.update(admin, userType, jane.id ?? '', { is_active: true }, { partial: true });
  await expect(keys().unlockWithPrivateKey(jane, pairs.second.private, {})).rejects.toThrow('not been activated');
  const own = await keys().userKeyOf(admin.id ?? '');
  await expect(keys().removeUserKey(admin, own?.id ?? '')).rejects.toThrow('last active user key');
});

test('a damaged value holds up no rotation of the others, and keeps the master key that would open it', async () => {
  await holder(admin);
  const [bad, good] = [await made('bad', 'x'), await made('good', 'y')];
  const { value } = await rowOf(bad);
  const { keyring } = await opened();
  await behindTheBack(`UPDATE netbox_secret_values SET ciphertext = 'AAAA' WHERE id = '${value}'`);
  expect(await world.store.rotation.rotate(admin, keyring)).toEqual({
    rotating: true,
    keyVersion: 2,
    total: 2,
    done: 1,
    refused: [],
  });
  const now = (await opened()).keyring;
  expect((await read(good, now))?.plaintext?.toString()).toBe('y');
  await secrets().remove(admin, [bad]);
  expect(await world.store.rotation.rotate(admin, now)).toMatchObject({ rotating: false, total: 1, done: 1 });
});

test('a session ends when the token that made it expires', async () => {
  await holder(admin);
  const { id: token } = await world.token('admin');
  const { sessionKey } = await opened(admin, pairs.first, token);
  await world.writes.update(admin, tokenType, token, { expires: '2001-01-01T00:00:00Z' }, { partial: true });
  await expect(keys().open(admin, sessionKey)).rejects.toThrow('Invalid session key.');
});

test('a session that was asked for is not opened for who lost the right to it meanwhile', async () => {
  const { id } = await withJane();
  const { keyring } = await opened(jane, pairs.second);
  const limits = { life: 60_000, idle: 60_000, most: 10 };
  const parts = { host: world.store.host, keys: hostKeys(), limits, cache: createSessionCache() };
  const late = () => createSessions(parts).openFor(jane, keyring, {});
  expect((await late()).sessionKey).toHaveLength(44);
  await keys().deactivate(admin, id);
  await expect(late()).rejects.toThrow('not been activated');
  await keys().activate(admin, { privateKey: pairs.first.private }, [id]);
  await world.store.rotation.rotate(admin, keyring);
  await expect(late()).rejects.toThrow('Invalid session key.');
});

test('a row that was read before it changed is read again, and is no integrity error', async () => {
  await holder(admin);
  const id = await made('one', 'first');
  const { keyring } = await opened();
  const early = await rowOf(id);
  await secrets().update(admin, [{ id, input: { name: 'two' }, plaintext: Buffer.from('second') }], {
    partial: true,
    keyring,
  });
  const [found] = await secrets().reveal({ acting: world.acting('admin') }, [early], keyring);
  expect([found?.fault, found?.plaintext?.toString(), found?.row.name]).toEqual([undefined, 'second', 'two']);
  expect(revealed().map(({ outcome }) => outcome)).toEqual(['ok']);
});

test('a read is recorded with the object, and with the rule that decided on it', async () => {
  await withJane();
  const { keyring } = await opened();
  const input = { name: 'one', role: { slug: 'login' }, objects: [{ object_type: 'dcim.device', name: 'r1' }] };
  const [row] = await secrets().create(admin, [{ input, plaintext: Buffer.from('x') }], keyring);
  const id = (row as StoredSecret).id;
  const entry = { object_type: 'dcim.device', object: 'r1', secret_id: id };
  await read(id, keyring, 'jane');
  const allow = { name: 'readers', object_types: [storedSecretType.name], users: [{ username: 'jane' }] };
  await world.writes.create(admin, permissionType, { ...allow, actions: ['reveal'] });
  await read(id, keyring, 'jane');
  expect(revealed()).toMatchObject([
    { ...entry, decision: 'denied', outcome: 'denied' },
    { ...entry, decision: 'allowed', rule: expect.stringContaining('readers') },
  ]);
});

test('the host reads with the key of the operator for as long as that key may open the store', async () => {
  await withJane();
  const id = await made('one', 'hunter2');
  const file = join(world.folder, 'operator.pem');
  writeFileSync(file, pairs.second.private);
  const values = createOperatorReading({ host: world.store.host, keys: hostKeys() }, { user: 'jane', file });
  expect((await values(id))?.toString()).toBe('hunter2');
  await keys().deactivate(admin, (await keys().userKeyOf(jane.id ?? ''))?.id ?? '');
  await expect(values(id)).rejects.toThrow('no active user key');
});
