import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyRow } from '../../host/src/domain/descriptor';
import { wrapLegacyMasterKey } from '../../plugins/netbox-secrets/src/crypto/legacy';
import { runImport } from '../../plugins/netbox-secrets/src/importing/run-import';
import type { Store } from '../../plugins/netbox-secrets/src/store';
import { storedSecretType, valueType } from '../../plugins/netbox-secrets/src/types';
import { openEncryptedStore, pairs, type EncryptedStore } from '../support/encrypted-store';
import { sqlDump, type ModelRow } from '../support/netbox-dump';
import { masterKey, sealed } from '../support/netbox-plan';
import { netboxKeyPair, netboxWorld } from '../support/netbox-world';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

const keys = { admin: netboxKeyPair(), alice: netboxKeyPair(), bob: netboxKeyPair() };
const pem = (key: (typeof keys)['admin']['privateKey']) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
let world: EncryptedStore;

beforeEach(async () => {
  world = await openEncryptedStore();
});
afterEach(() => world.close());
afterAll(removeTemporaryFolders);

function rowsOf(count: number): ModelRow[] {
  const secrets = Array.from({ length: count }, (_, i) => ({ pk: i + 1, ...sealed(`value ${i + 1}`) }));
  return netboxWorld({ release: '2.9', wrap: (key) => wrapLegacyMasterKey(key, masterKey), secrets }, keys);
}

/** Imports rows, with something that happens before each transaction of the import. */
async function imported(rows: readonly ModelRow[], before = async (): Promise<void> => {}, storeKey?: string) {
  const file = join(temporaryFolder(), 'netbox.sql');
  writeFileSync(file, sqlDump(rows));
  const { host, hostKeys } = world.store;
  const together: Store['host']['writes']['together'] = async (who, work) => {
    await before();
    return host.writes.together(who, work);
  };
  const wish = {
    file,
    user: 'admin',
    privateKey: createPrivateKey(pem(keys.admin.privateKey)),
    storeKey: storeKey === undefined ? undefined : createPrivateKey(storeKey),
    dryRun: false,
  };
  const progress = { made: 0, passed: 0, refused: 0 };
  const parts = { host: { ...host, writes: { ...host.writes, together } }, keys: hostKeys, principal: world.admin };
  return { ...(await runImport(parts, wish, progress)), progress };
}

const all = async (type: typeof storedSecretType | typeof valueType) =>
  (await world.unitOfWork.rows.list(type as typeof valueType, { scope: { kind: 'all' }, limit: 1000, offset: 0 })).rows;

async function keyringWith(privateKey: string) {
  const { sessionKey } = await world.store.keys.unlockWithPrivateKey(world.admin, privateKey, {});
  const keyring = await world.store.keys.open(world.admin, sessionKey);
  if (!keyring) throw new Error('no keyring');
  return keyring;
}

async function valuesWith(privateKey: string): Promise<string[]> {
  const keyring = await keyringWith(privateKey);
  const rows = (await all(storedSecretType)) as unknown as AnyRow[];
  const read = await world.store.secrets.reveal({ acting: world.acting('admin') }, rows, keyring);
  return read.map(({ plaintext, fault }) => plaintext?.toString() ?? String(fault));
}

test('an import that a rotation overtakes, as of another host, seals nothing with the master key of before', async () => {
  let isRotated = false;
  const rotating = async () => {
    if (isRotated || (await all(storedSecretType)).length === 0) return;
    isRotated = true;
    await world.store.rotation.rotate(world.admin, await keyringWith(pem(keys.admin.privateKey)));
  };
  const { recoverySheet, report } = await imported(rowsOf(120), rotating);
  expect(isRotated).toBe(true);
  expect(recoverySheet).toContain('RECOVERY KEY');
  expect(report.findings.map(({ code }) => code)).not.toContain('key-activated');
  const found = await valuesWith(pem(keys.admin.privateKey));
  expect(found.toSorted()).toEqual(Array.from({ length: 120 }, (_, i) => `value ${i + 1}`).toSorted());
  const versions = (await all(valueType)).map(({ key_version: version }) => version);
  expect(new Set(versions)).toEqual(new Set([2]));
  expect(await world.store.rotation.progress()).toMatchObject({ rotating: false, total: 120, done: 120 });
});

test('an import whose key was deactivated meanwhile stops, and blames no row', async () => {
  let isOut = false;
  const leaving = async () => {
    if (isOut || (await all(storedSecretType)).length === 0) return;
    isOut = true;
    const { keys: service, rotation } = world.store;
    const jane = await world.acting('jane')();
    const { userKey } = await service.setUserKey(jane, jane.id ?? '', pairs.second.public);
    await service.activate(world.admin, { privateKey: pem(keys.admin.privateKey) }, [userKey.id]);
    const own = await service.userKeyOf(world.admin.id ?? '');
    const keyring = await keyringWith(pem(keys.admin.privateKey));
    await service.deactivate(world.admin, own?.id ?? '');
    await rotation.rotate(world.admin, keyring);
  };
  await expect(imported(rowsOf(120), leaving)).rejects.toThrow('none of the private keys opens them');
  const versions = (await all(valueType)).map(({ key_version: version }) => version);
  expect([versions.length, new Set(versions)]).toEqual([50, new Set([2])]);
});

test('a user with another key here keeps it, and that is told', async () => {
  await world.store.keys.setUserKey(world.admin, world.admin.id ?? '', pairs.first.public);
  const { report } = await imported(rowsOf(1), undefined, pairs.first.private);
  const kept = report.findings.find(({ code }) => code === 'key-kept');
  expect(kept?.rows).toEqual([{ of: 'user-key', pk: 1, detail: 'admin' }]);
  expect(await valuesWith(pairs.first.private)).toEqual(['value 1']);
  const again = await imported(rowsOf(1), undefined, pairs.first.private);
  expect(again.report.findings.filter(({ code }) => code === 'key-kept')).toHaveLength(1);
});

test('a secret comes over without tags that the host refuses', async () => {
  const rows = rowsOf(2).map((row) =>
    row.model === 'extras.tag' ? { ...row, fields: { ...row.fields, slug: 'not a slug!' } } : row,
  );
  const { report } = await imported(rows);
  const of = (code: string) =>
    report.findings.find((one) => one.code === code)?.rows.map((row) => `${row.of} ${row.pk}`);
  expect([of('tags-refused'), of('fields-refused')]).toEqual([['secret 1'], undefined]);
  expect(of('row-refused')).toContain('tag 1');
  expect((await valuesWith(pem(keys.admin.privateKey))).toSorted()).toEqual(['value 1', 'value 2']);
});
