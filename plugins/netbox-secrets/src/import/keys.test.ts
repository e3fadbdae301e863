import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dumpdata, sqlDump, type ModelRow } from '../../../../test/support/netbox-dump';
import { netboxKeyPair, netboxWorld } from '../../../../test/support/netbox-world';
import { removeTemporaryFolders, temporaryFolder } from '../../../../test/support/temporary-folder';
import { wrapLegacyMasterKey } from '../crypto/legacy';
import { readCatalogue } from './catalogue';
import { distinctMasterKeys, keyFaults, openMasterKey } from './keys';
import { ImportTally } from './report';
import { openNetboxDump } from './source';

const [admin, alice, bob, stranger] = [netboxKeyPair(), netboxKeyPair(), netboxKeyPair(), netboxKeyPair()];
const keys = { admin, alice, bob, stranger };
const masterKey = randomBytes(32);
const wrap = (publicKey: KeyObject) => wrapLegacyMasterKey(publicKey, masterKey);
const rows = netboxWorld({ release: '2.9', wrap, secrets: [] }, keys);
afterAll(removeTemporaryFolders);

async function catalogueOf(dump: string) {
  const path = join(temporaryFolder(), 'dump');
  writeFileSync(path, dump);
  return readCatalogue(await openNetboxDump(path), new ImportTally());
}

const withCipher = (pk: number, cipher: Buffer): ModelRow[] =>
  rows.map((row) =>
    row.model === 'secrets.userkey' && row.pk === pk
      ? { ...row, fields: { ...row.fields, master_key_cipher: cipher } }
      : row,
  );

test.each([
  ['SQL', sqlDump(rows)],
  ['dumpdata', dumpdata(rows)],
])('each active user opens the one master key: %s', async (_, dump) => {
  const catalogue = await catalogueOf(dump);
  const opened = (['admin', 'alice'] as const).map((user) => openMasterKey(catalogue, { user, ...keys[user] }));
  expect(opened.map(({ ok }) => ok)).toEqual([true, true]);
  expect(distinctMasterKeys(opened)).toEqual([masterKey]);
});

const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test.each([
  ['no-such-user', 'nobody', keys.alice, undefined],
  ['no-user-key', 'dave', keys.alice, undefined],
  ['inactive', 'bob', keys.bob, undefined],
  ['wrong-key', 'alice', keys.stranger, undefined],
  ['wrong-key', 'alice', keys.admin, 'admin'],
  ['wrong-key', 'alice', curve, undefined],
] as const)('what opens nothing is told: %s for %s', async (reason, user, { privateKey }, belongsTo) => {
  const dave = rows.find(({ model, pk }) => model === 'auth.user' && pk === 3);
  const more = dave ? [...rows, { ...dave, pk: 4, fields: { ...dave.fields, username: 'dave' } }] : rows;
  const opened = openMasterKey(await catalogueOf(sqlDump(more)), { user, privateKey });
  expect(opened).toEqual({ ok: false, user, reason, ...(belongsTo === undefined ? {} : { belongsTo }) });
  expect(keyFaults[reason]).toMatch(/\w/);
});

test('a wrap that is damaged is told apart from a wrong key', async () => {
  const catalogue = await catalogueOf(sqlDump(withCipher(2, randomBytes(256))));
  expect(openMasterKey(catalogue, { user: 'alice', ...keys.alice })).toMatchObject({ ok: false, reason: 'damaged' });
});

test('two master keys are two', async () => {
  const second = randomBytes(32);
  const catalogue = await catalogueOf(sqlDump(withCipher(2, wrapLegacyMasterKey(keys.alice.publicKey, second))));
  const opened = (['admin', 'alice'] as const).map((user) => openMasterKey(catalogue, { user, ...keys[user] }));
  expect(distinctMasterKeys(opened)).toEqual([masterKey, second]);
});
