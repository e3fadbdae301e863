import { createSecretKey, randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretType } from '../../host/src/domain/secrets';
import { objectType } from '../../host/src/domain/inventory';
import { permissionType, tokenType, userType, type Principal } from '../../host/src/domain/access';
import type { AnyRow } from '../../host/src/domain/descriptor';
import { openSource } from '../../host/src/persistence/source';
import { deriveHostKeys } from '../../plugins/netbox-secrets/src/crypto/host-keys';
import { makeKeyring } from '../../plugins/netbox-secrets/src/crypto/keyring';
import { readPrivateKey } from '../../plugins/netbox-secrets/src/crypto/private-key';
import { recoverMasterKey } from '../../plugins/netbox-secrets/src/crypto/recovery';
import { unwrapMasterKey } from '../../plugins/netbox-secrets/src/crypto/user-keys';
import { wrapsOf } from '../../plugins/netbox-secrets/src/service/holders';
import { allEntries } from '../../plugins/netbox-secrets/src/service/masters';
import { sessionKeyType, storedSecretType, valueType, type StoredSecret } from '../../plugins/netbox-secrets/src/types';
import { openEncryptedStore, pairs, type EncryptedStore } from '../support/encrypted-store';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(60_000);

let world: EncryptedStore;
let admin: Principal;

beforeEach(async () => {
  world = await openEncryptedStore();
  ({ admin } = world);
});
afterEach(() => world.close());
afterAll(removeTemporaryFolders);

const keys = () => world.store.keys;
const secrets = () => world.store.secrets;
const wish = {};
const reader = (name = 'admin') => ({ acting: world.acting(name) });

async function unlocked(name = 'admin', pair = pairs.first) {
  const principal = await world.acting(name)();
  await keys().setUserKey(principal, principal.id ?? '', pair.public);
  return keys().unlockWithPrivateKey(principal, pair.private, wish);
}

async function keyringOf(sessionKey: string, principal = admin) {
  const keyring = await keys().open(principal, sessionKey);
  if (!keyring) throw new Error('no keyring');
  return keyring;
}

async function stored(value = 'hunter2', name = 'login') {
  const { sessionKey } = await unlocked();
  const keyring = await keyringOf(sessionKey);
  const input = { name, role: { slug: 'login' }, objects: [{ object_type: 'dcim.device', name: 'r1' }] };
  const [row] = await secrets().create(admin, [{ input, plaintext: Buffer.from(value) }], keyring);
  return { keyring, sessionKey, row: row as StoredSecret };
}

const read = async (id: string, keyring: Awaited<ReturnType<typeof keyringOf>>, name = 'admin') => {
  const row = (await world.unitOfWork.rows.get(storedSecretType, { id })) as unknown as AnyRow;
  return (await secrets().reveal(reader(name), [row], keyring))[0];
};

const grant = (name: string, actions: readonly string[], constraints: unknown = null) =>
  world.writes.create(admin, permissionType, {
    name: `${name} ${actions.join()}`,
    object_types: ['secrets.secret'],
    actions,
    constraints,
    users: [{ username: name }],
  });

/** Changes the database file behind the host's back. */
async function behindTheBack(...statements: string[]): Promise<void> {
  const source = await openSource({ file: world.file, busyTimeout: 5000 });
  for (const statement of statements) await source.query(statement);
  await source.destroy();
}

test('a value comes back byte for byte, and its read is on record before it leaves', async () => {
  const { row, keyring } = await stored(' \0 pä$$ \n');
  const found = await read(row.id, keyring);
  expect(found?.plaintext?.toString()).toBe(' \0 pä$$ \n');
  expect(found?.hash).toMatch(/^pbkdf2_sha256\$1000\$[A-Za-z0-9]{12,}\$[A-Za-z0-9+/]{43}=$/);
  expect(world.records.filter(({ action }) => action === 'reveal')).toEqual([
    expect.objectContaining({ action: 'reveal', secret_id: row.id, user: 'admin', decision: 'allowed', outcome: 'ok' }),
  ]);
});

test('the first user key makes the store and its recovery sheet, which opens it; a second one waits to be activated', async () => {
  const own = await keys().setUserKey(admin, admin.id ?? '', pairs.first.public);
  expect(own.userKey.active).toBe(true);
  const { rows } = world.unitOfWork;
  const hostKeys = deriveHostKeys(createSecretKey(world.store.host.deriveKey('store')));
  const entries = await allEntries(rows, hostKeys);
  const [wrap] = await wrapsOf(rows, null);
  const wrapped = Buffer.from(wrap?.wrapped ?? '', 'base64');
  const recovered = await recoverMasterKey({ sheet: own.recoverySheet ?? '', wrapped, entries });
  expect(recovered.mark).toBe(entries[0]?.mark);

  const jane = await world.acting('jane')();
  const waiting = await keys().setUserKey(jane, jane.id ?? '', pairs.second.public);
  expect([waiting.userKey.active, waiting.recoverySheet]).toEqual([false, undefined]);
  await expect(keys().unlockWithPrivateKey(jane, pairs.second.private, wish)).rejects.toThrow('not been activated');
  await keys().activate(admin, { privateKey: pairs.first.private }, [waiting.userKey.id]);
  const { sessionKey } = await keys().unlockWithPrivateKey(jane, pairs.second.private, wish);
  expect(makeKeyring((await keyringOf(sessionKey, jane)).masters).current.mark).toBe(recovered.mark);
});

test('unlocking keeps the private key at home: the wraps are opened there, and recognised here', async () => {
  await keys().setUserKey(admin, admin.id ?? '', pairs.first.public);
  const { id, wraps } = await keys().challenge(admin);
  const privateKey = await readPrivateKey(pairs.first.private);
  const bytes = await unwrapMasterKey(privateKey, Buffer.from(wraps[0]?.wrapped ?? '', 'base64'));
  const masters = [{ key: bytes.toString('base64') }];
  const jane = await world.acting('jane')();
  await keys().setUserKey(jane, jane.id ?? '', pairs.second.public);
  const { userKey } = await keys().setUserKey(jane, jane.id ?? '', pairs.second.public);
  await keys().activate(admin, { privateKey: pairs.first.private }, [userKey.id]);
  await expect(keys().unlockWithProof(jane, { id, masters }, wish)).rejects.toThrow('challenge');
  const wrong = [{ key: Buffer.alloc(32, 7).toString('base64') }];
  await expect(keys().unlockWithProof(admin, { id, masters: wrong }, wish)).rejects.toThrow('not opened');
  const { sessionKey } = await keys().unlockWithProof(admin, { id, masters }, wish);
  expect(await keys().open(admin, sessionKey)).toBeDefined();
});

test('each use of a private key that is sent is on record, right, wrong or switched off', async () => {
  await unlocked();
  await expect(keys().unlockWithPrivateKey(admin, pairs.second.private, wish)).rejects.toThrow('Invalid private key.');
  const uses = () => world.records.map(({ action, user, outcome }) => [action, user, outcome]);
  expect(uses()).toEqual([
    ['private-key', 'admin', 'ok'],
    ['private-key', 'admin', 'wrong-private-key'],
  ]);
  expect(JSON.stringify(world.records)).not.toContain('PRIVATE KEY');
  const off = await openEncryptedStore({ legacy_unlock: 'off' });
  const refused = off.store.keys.unlockWithPrivateKey(off.admin, pairs.first.private, wish);
  await expect(refused).rejects.toThrow('switched off');
  expect(off.records).toMatchObject([{ outcome: 'legacy-unlock-off', decision: 'denied' }]);
  await off.close();
});

describe('rows that somebody changed in the database are integrity errors, and no other row suffers', () => {
  const attacks: readonly [what: string, sql: (row: StoredSecret, other: StoredSecret) => string[]][] = [
    [
      'a value of another secret',
      (row, other) => [`UPDATE netbox_secrets SET value = '${other.value}' WHERE id = '${row.id}'`],
    ],
    [
      'swapped ciphertexts',
      (row, other) => [
        `UPDATE netbox_secret_values SET ciphertext = (SELECT ciphertext FROM netbox_secret_values WHERE id = '${other.value}') WHERE id = '${row.value}'`,
      ],
    ],
    [
      'a flipped bit',
      (row) => [
        `UPDATE netbox_secret_values SET ciphertext = substr(ciphertext, 1, 60) || CASE substr(ciphertext, 61, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(ciphertext, 62) WHERE id = '${row.value}'`,
      ],
    ],
    ['another place', (row) => [`UPDATE netbox_secrets SET name = 'elsewhere' WHERE id = '${row.id}'`]],
    ['no mark', (row) => [`DELETE FROM netbox_high_water WHERE id = '${row.id}'`]],
  ];

  test.each(attacks)('%s', async (_, sql) => {
    const { row, keyring } = await stored();
    const input = { name: 'other', role: { slug: 'login' } };
    const [other] = await secrets().create(admin, [{ input, plaintext: Buffer.from('second') }], keyring);
    await behindTheBack(...sql(row, other as StoredSecret));
    const ids = [row.id, (other as StoredSecret).id];
    const rows = await Promise.all(ids.map((id) => world.unitOfWork.rows.get(storedSecretType, { id })));
    const found = await secrets().reveal(reader(), rows as unknown as AnyRow[], keyring);
    expect(found.map(({ plaintext, fault }) => fault ?? plaintext?.toString())).toEqual(['integrity', 'second']);
  });

  test('a row that was put back to an older state of its own', async () => {
    const { row, keyring } = await stored('first');
    await secrets().update(admin, [{ id: row.id, input: {}, plaintext: Buffer.from('second') }], {
      partial: true,
      keyring,
    });
    await behindTheBack(`UPDATE netbox_secrets SET value = '${row.value}', version = 1 WHERE id = '${row.id}'`);
    expect((await read(row.id, keyring))?.fault).toBe('integrity');
  });
});

describe('the last way to the master key', () => {
  test('is not lost by delete, deactivation, a new key, or the account', async () => {
    const { userKey } = await keys().setUserKey(admin, admin.id ?? '', pairs.first.public);
    const id = admin.id ?? '';
    await world.writes.update(admin, userType, await world.user('jane'), { is_superuser: true }, { partial: true });
    await expect(keys().removeUserKey(admin, userKey.id)).rejects.toThrow('last active user key');
    await expect(keys().deactivate(admin, userKey.id)).rejects.toThrow('last active user key');
    await expect(keys().setUserKey(admin, id, pairs.second.public)).rejects.toThrow('last active user key');
    await expect(world.writes.remove(admin, userType, id)).rejects.toThrow('last active user key');
    const off = world.writes.update(admin, userType, id, { is_active: false }, { partial: true });
    await expect(off).rejects.toMatchObject({ faults: { is_active: [expect.stringContaining('last active')] } });
    expect((await keys().unlockWithPrivateKey(admin, pairs.first.private, wish)).sessionKey).toHaveLength(44);
  });

  test('survives a race of two who each give up the key at once', async () => {
    await keys().setUserKey(admin, admin.id ?? '', pairs.first.public);
    const jane = await world.acting('jane')();
    const { userKey } = await keys().setUserKey(jane, jane.id ?? '', pairs.second.public);
    await keys().activate(admin, { privateKey: pairs.first.private }, [userKey.id]);
    const own = await keys().userKeyOf(admin.id ?? '');
    const results = await Promise.allSettled([
      keys().removeUserKey(admin, own?.id ?? ''),
      keys().removeUserKey(jane, userKey.id),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a session', () => {
  test('opens nothing for another user, with a wrong key, or after it was revoked', async () => {
    const { sessionKey, row } = await unlocked();
    const jane = await world.acting('jane')();
    await expect(keys().open(jane, sessionKey)).rejects.toThrow('Invalid session key.');
    await expect(keys().open(admin, Buffer.alloc(32).toString('base64'))).rejects.toThrow('Invalid session key.');
    expect(await keys().open(admin, undefined)).toBeUndefined();
    await keys().open(admin, sessionKey);
    await expect(keys().open(jane, sessionKey)).rejects.toThrow('Invalid session key.');
    expect(await keys().revoke(jane, row.id)).toBe(false);
    expect(await keys().revoke(admin, row.id)).toBe(true);
    await expect(keys().open(admin, sessionKey)).rejects.toThrow('Invalid session key.');
  });

  test('stands beside others of the same user, and is given again where that is asked for', async () => {
    const one = await unlocked();
    const two = await keys().unlockWithPrivateKey(admin, pairs.first.private, wish);
    const again = await keys().unlockWithPrivateKey(admin, pairs.first.private, { preserve: true });
    expect([again.preserved, again.sessionKey]).toEqual([true, two.sessionKey]);
    expect(await keys().open(admin, one.sessionKey)).toBeDefined();
    expect(await keys().sessions(admin)).toHaveLength(2);
  });

  test('ends with the token that made it, a new password, and a new key', async () => {
    const { id: token } = await world.token('admin');
    await unlocked();
    const open = (more = {}) => keys().unlockWithPrivateKey(admin, pairs.first.private, more);
    const withToken = await open({ token });
    await world.writes.remove(admin, tokenType, token);
    await expect(keys().open(admin, withToken.sessionKey)).rejects.toThrow('Invalid session key.');

    const beforePassword = await open();
    await world.writes.update(admin, userType, admin.id ?? '', { password: 'another one' }, { partial: true });
    await expect(keys().open(admin, beforePassword.sessionKey)).rejects.toThrow('Invalid session key.');
  });

  test('and its row give neither key nor secret one without the other', async () => {
    const { sessionKey } = await unlocked();
    const [row] = await keys().sessions(admin);
    const text = JSON.stringify(row);
    expect(text).not.toContain(sessionKey);
    await behindTheBack(`UPDATE netbox_session_keys SET expires = '2099-01-01T00:00:00.000Z'`);
    await expect(keys().open(admin, sessionKey)).rejects.toThrow('Invalid session key.');
  });

  test('200 at once of one user: none fails, and each has a session of its own', async () => {
    await unlocked();
    const opened = await Promise.all(
      Array.from({ length: 200 }, () => keys().unlockWithPrivateKey(admin, pairs.first.private, wish)),
    );
    expect(new Set(opened.map(({ sessionKey }) => sessionKey)).size).toBe(200);
    const { count } = await world.unitOfWork.rows.list(sessionKeyType, { scope: { kind: 'all' }, limit: 1, offset: 0 });
    expect(count).toBe(201);
  });
});

describe('permissions', () => {
  test('decide about values: view shows no value, reveal within its constraints does', async () => {
    const { row } = await stored();
    const jane = await world.acting('jane')();
    const { userKey } = await keys().setUserKey(jane, jane.id ?? '', pairs.second.public);
    await keys().activate(admin, { privateKey: pairs.first.private }, [userKey.id]);
    const { sessionKey } = await keys().unlockWithPrivateKey(jane, pairs.second.private, wish);
    const keyring = await keyringOf(sessionKey, jane);
    await grant('jane', ['view']);
    expect(await read(row.id, keyring, 'jane')).toMatchObject({ fault: 'denied' });
    await grant('jane', ['reveal'], { role__slug: 'snmp' });
    expect(await read(row.id, keyring, 'jane')).toMatchObject({ fault: 'denied' });
    const permission = await grant('jane', ['reveal', 'view'], { role__slug: 'login' });
    expect((await read(row.id, keyring, 'jane'))?.plaintext?.toString()).toBe('hunter2');
    await world.writes.remove(admin, permissionType, permission.id);
    expect(await read(row.id, keyring, 'jane')).toMatchObject({ fault: 'denied' });
  });

  test('a secret of the host points only at what its author may see', async () => {
    const { row } = await stored();
    await world.writes.create(admin, permissionType, {
      name: 'secrets',
      object_types: ['extras.secret'],
      actions: ['view', 'add', 'change'],
      users: [{ username: 'jane' }],
    });
    const jane = await world.acting('jane')();
    const pointer = { name: 'pointer', provider: 'encrypted-store', parameters: { secret: row.id } };
    await expect(world.writes.create(jane, secretType, pointer)).rejects.toMatchObject({
      faults: { parameters: [expect.stringContaining('whose value you may see')] },
    });
    const template = { ...pointer, parameters: { secret: '{{ obj.name }}' } };
    await expect(world.writes.create(admin, secretType, template)).rejects.toMatchObject({ faults: expect.anything() });
    expect((await world.writes.create(admin, secretType, pointer)).name).toBe('pointer');
  });

  test('an object stays while a secret is assigned to it', async () => {
    await stored();
    const device = await world.unitOfWork.rows.get(objectType, { object_type: 'dcim.device', name: 'r1' });
    await expect(world.writes.remove(admin, objectType, device?.id ?? '')).rejects.toThrow('assigned to it');
  });
});

describe('a new master key', () => {
  test('seals every value anew, ends sessions, and opens earlier versions too', async () => {
    const { row, keyring, sessionKey } = await stored('first');
    await secrets().update(admin, [{ id: row.id, input: {}, plaintext: Buffer.from('second') }], {
      partial: true,
      keyring,
    });
    const left: number[] = [];
    expect(await world.store.rotation.rotate(admin, keyring, (count) => left.push(count))).toEqual({
      rotating: false,
      keyVersion: 2,
      total: 2,
      done: 2,
      refused: [],
    });
    await expect(keys().open(admin, sessionKey)).rejects.toThrow('Invalid session key.');
    const fresh = await keys().unlockWithPrivateKey(admin, pairs.first.private, wish);
    const now = await keyringOf(fresh.sessionKey);
    expect(now.masters.map(({ version }) => version)).toEqual([2]);
    expect((await read(row.id, now))?.plaintext?.toString()).toBe('second');
    await secrets().rollback(admin, row.id, 1, now);
    expect((await read(row.id, now))?.plaintext?.toString()).toBe('first');
    expect((await secrets().versions(admin, row.id)).map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  test('goes on where it broke off, whoever comes next', async () => {
    const { keyring } = await stored();
    const role = { slug: 'login' };
    const many = Array.from({ length: 120 }, (_, i) => ({
      input: { name: `n${i}`, role },
      plaintext: Buffer.from(`v${i}`),
    }));
    await secrets().create(admin, many, keyring);
    const broken = world.store.rotation.rotate(admin, keyring, () => {
      throw new Error('the power went');
    });
    await expect(broken).rejects.toThrow('the power went');
    expect(await world.store.rotation.progress()).toMatchObject({ rotating: true, total: 121, done: 50 });
    const { sessionKey } = await keys().unlockWithPrivateKey(admin, pairs.first.private, wish);
    const both = await keyringOf(sessionKey);
    const { rows } = await world.unitOfWork.rows.list(storedSecretType, {
      scope: { kind: 'all' },
      limit: 200,
      offset: 0,
    });
    const open = async () =>
      (await secrets().reveal(reader(), rows as unknown as AnyRow[], both)).filter((one) => one.plaintext);
    expect(await open()).toHaveLength(121);
    expect(await world.store.rotation.rotate(admin, both)).toMatchObject({ rotating: false, done: 121 });
    expect(await open()).toHaveLength(121);
  });
});

test('nothing of a value, of a master key or of a session key is in the change log or the database file', async () => {
  const { keyring, sessionKey } = await stored('correct horse battery staple');
  const { rows } = await world.unitOfWork.rows.list(valueType, { scope: { kind: 'all' }, limit: 10, offset: 0 });
  expect(JSON.stringify(rows)).not.toContain('correct horse');
  await world.unitOfWork.version();
  const bytes = readdirSync(world.folder)
    .filter((name) => name.startsWith('latchkey.sqlite'))
    .map((name) => readFileSync(`${world.folder}/${name}`, 'latin1'))
    .join('');
  const master = keyring.current.key.export();
  for (const needle of ['correct horse', sessionKey, master.toString('base64'), master.toString('latin1')])
    expect(bytes.includes(needle)).toBe(false);
});

test('a copy of the database opens with the key file of the host and a private key, and with neither alone', async () => {
  const { row } = await stored('correct horse');
  await world.unitOfWork.version();
  const folder = temporaryFolder();
  for (const name of readdirSync(world.folder).filter((one) => one.startsWith('latchkey.sqlite')))
    copyFileSync(join(world.folder, name), join(folder, name));
  await expect(openEncryptedStore({}, folder)).rejects.toThrow('token.key');
  copyFileSync(join(world.folder, 'token.key'), join(folder, 'token.key'));
  await world.close();
  world = await openEncryptedStore({}, folder);
  ({ admin } = world);
  await expect(keys().unlockWithPrivateKey(admin, pairs.second.private, wish)).rejects.toThrow('Invalid private key.');
  const { sessionKey } = await keys().unlockWithPrivateKey(admin, pairs.first.private, wish);
  expect((await read(row.id, await keyringOf(sessionKey)))?.plaintext?.toString()).toBe('correct horse');

  // Another key file lets nobody in, and takes no row for its own.
  await world.close();
  writeFileSync(join(folder, 'token.key'), randomBytes(32).toString('hex'));
  world = await openEncryptedStore({}, folder);
  ({ admin } = world);
  await expect(keys().unlockWithPrivateKey(admin, pairs.first.private, wish)).rejects.toThrow('changed outside');
});
