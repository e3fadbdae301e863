import type { KeyObject } from 'node:crypto';
import type { HostAccess, Principal } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import { allEntries } from '../service/masters';
import { readCatalogue } from '../import/catalogue';
import { distinctMasterKeys, keyFaults, openMasterKey } from '../import/keys';
import { planImport } from '../import/plan';
import { ImportTally, type ImportReport } from '../import/report';
import { openNetboxDump } from '../import/source';
import { executePlan, type Progress } from './execute';
import { existingIn } from './existing';
import { openTarget } from './write-keys';

/** What is imported, and by whom. */
export interface ImportWish {
  readonly file: string;
  readonly user: string;
  readonly privateKey: KeyObject;
  /** Of an active user key of this host, where it has stored secrets already. */
  readonly storeKey?: KeyObject | undefined;
  /** The name of the installation, if more than one comes in. */
  readonly instance?: string | undefined;
  readonly dryRun: boolean;
}

/** What an import came to. */
export interface ImportEnd {
  readonly report: ImportReport;
  /** Where the import made the store: the sheet of its recovery key, shown now and never again. */
  readonly recoverySheet: string | undefined;
}

/** An import that cannot begin; its message is for people. */
export class ImportRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportRefused';
  }
}

const cutOff = 'The dump is cut off. Make it again; dumpdata needs -e extras.script -e extras.report.';

/** Imports a dump: reads it, opens its master key, plans, and makes what is not there yet. */
export async function runImport(
  { host, keys, principal }: { readonly host: HostAccess; readonly keys: HostKeys; readonly principal: Principal },
  { file, user, privateKey, storeKey, instance, dryRun }: ImportWish,
  progress: Progress,
): Promise<ImportEnd> {
  const tally = new ImportTally();
  const source = await openNetboxDump(file);
  const catalogue = await readCatalogue(source, tally);
  if (catalogue.facts.cutOff !== undefined) throw new ImportRefused(`${cutOff} (${catalogue.facts.cutOff})`);
  const opened = openMasterKey(catalogue, { user, privateKey });
  if (!opened.ok) {
    const owner = opened.belongsTo === undefined ? '' : ` It is that of ${opened.belongsTo}.`;
    throw new ImportRefused(`${keyFaults[opened.reason]}${owner}`);
  }
  const masterKeys = distinctMasterKeys([opened]);
  const shared = { source, catalogue, masterKeys, tally, existing: existingIn(host.rows) };
  const steps = planImport({ ...shared, ...(instance !== undefined && { instance }) });
  try {
    if (dryRun) {
      for await (const step of steps) {
        if ('plaintext' in step) step.plaintext.fill(0);
        progress.passed += 1;
      }
      return { report: tally.report(), recoverySheet: undefined };
    }
    const privateKeys = [privateKey, ...(storeKey ? [storeKey] : [])];
    const reopen = () => openTarget(host, keys, privateKeys);
    const target = await reopen();
    await executePlan(steps, { host, keys, principal, target, reopen, tally, progress });
    const isKept = (await allEntries(host.rows, keys)).some(({ mark }) => mark === target.keyring.current.mark);
    return { report: tally.report(), recoverySheet: isKept ? target.fresh?.recovery.sheet : undefined };
  } finally {
    for (const key of masterKeys) key.fill(0);
  }
}
