import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encryptLegacySecret, legacyHash, wrapLegacyMasterKey } from '../../plugins/netbox-secrets/src/crypto/legacy';
import { readCatalogue } from '../../plugins/netbox-secrets/src/import/catalogue';
import { distinctMasterKeys, openMasterKey } from '../../plugins/netbox-secrets/src/import/keys';
import { planImport, type PlanImportOptions } from '../../plugins/netbox-secrets/src/import/plan';
import type { ImportStep } from '../../plugins/netbox-secrets/src/import/plan/steps';
import { ImportTally } from '../../plugins/netbox-secrets/src/import/report';
import { openNetboxDump } from '../../plugins/netbox-secrets/src/import/source';
import { netboxKeyPair, netboxWorld, type NetboxWorldOptions } from './netbox-world';
import { temporaryFolder } from './temporary-folder';

// One pair for all: whose key opens what is not what plans are about.
const pair = netboxKeyPair();
const keys = { admin: pair, alice: pair, bob: pair };

/** The master key of the worlds below. */
export const masterKey = randomBytes(32);

/** A value as NetBox keeps it. */
export const sealed = (text: string, key = masterKey) => {
  const plaintext = Buffer.from(text);
  return { ciphertext: encryptLegacySecret(key, plaintext), hash: legacyHash(plaintext) };
};

/** The first secret of a world. */
export const foobar = sealed('foobar');

/** The rows of a NetBox with two secrets, or with those given. */
export const world = (options: Partial<NetboxWorldOptions> = {}) => {
  const secrets: NetboxWorldOptions['secrets'] = [
    { pk: 1, ...foobar },
    { pk: 2, ...sealed('comm\u00fcnity'), role: 2, target: ['dcim.device', 3], name: '' },
  ];
  const wrap: NetboxWorldOptions['wrap'] = (publicKey) => wrapLegacyMasterKey(publicKey, masterKey);
  return netboxWorld({ release: '2.9', wrap, secrets, ...options }, keys);
};

/** Plans the import of a dump with the private key of its administrator. */
export async function plan(dump: string, options: Partial<PlanImportOptions> = {}) {
  const path = join(temporaryFolder(), 'dump');
  writeFileSync(path, dump);
  const source = await openNetboxDump(path);
  const tally = new ImportTally();
  const catalogue = await readCatalogue(source, tally);
  const opened = openMasterKey(catalogue, { user: 'admin', privateKey: keys.admin.privateKey });
  const steps: ImportStep[] = [];
  const masterKeys = distinctMasterKeys([opened]);
  for await (const step of planImport({ source, catalogue, masterKeys, tally, ...options })) steps.push(step);
  const report = tally.report();
  const of = <K extends ImportStep['kind']>(kind: K) =>
    steps.filter((step): step is Extract<ImportStep, { kind: K }> => step.kind === kind);
  const findings = report.findings.flatMap(({ code, rows }) =>
    rows.map(({ of: kind, pk, detail }) => `${code}: ${kind} ${pk ?? ''}${detail === undefined ? '' : ` ${detail}`}`),
  );
  return { steps, of, report, findings, catalogue };
}

/** The plaintexts of some steps. */
export const texts = (steps: readonly { readonly plaintext: Buffer }[]) =>
  steps.map(({ plaintext }) => plaintext.toString());
