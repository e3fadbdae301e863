import { InvalidInput, type Changes, type HostAccess, type Principal } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import type { FindingCode } from '../import/findings';
import type { ImportStep, UserKeyStep } from '../import/plan/steps';
import type { ImportTally } from '../import/report';
import { masterEntries, upToDate } from '../service/masters';
import { StoreError } from '../service/store-error';
import { writeChange } from './write-change';
import { keepFresh, keepsOther, requireKept, StoreClosed, writeUserKey, type Target } from './write-keys';
import { writeRow } from './write-row';
import { writeSecret, writeVersion, type Sealer, type Without } from './write-secret';

/** How far an import is. */
export interface Progress {
  made: number;
  /** Rows that were there already. */
  passed: number;
  refused: number;
}

/** What carrying a plan out needs. */
export interface ExecuteParts {
  readonly host: HostAccess;
  readonly keys: HostKeys;
  readonly principal: Principal;
  readonly target: Target;
  /** Opens the store again, with the master key that is the current one now. */
  readonly reopen: () => Promise<Target>;
  readonly tally: ImportTally;
  readonly progress: Progress;
}

const batchSize = 50;

const messageOf = (error: unknown): string => {
  if (error instanceof InvalidInput)
    return Object.entries(error.faults)
      .map(([field, texts]) => `${field}: ${JSON.stringify(texts)}`)
      .join('; ');
  return error instanceof Error ? error.message : 'unknown';
};

/** What a secret comes over without, rather than not at all. */
const lesser: readonly Without[] = [{ fields: true }, { tags: true }, { fields: true, tags: true }];

const isStale = (error: unknown): boolean => error instanceof StoreError && error.refusal === 'wrong-session-key';

/** Carries a plan out in batches, each whole or not at all; a step that is refused is reported, and stops no other. */
export async function executePlan(steps: AsyncIterable<ImportStep>, parts: ExecuteParts): Promise<void> {
  const { host, keys, principal, tally, progress } = parts;
  const isFresh = parts.target.fresh !== undefined;
  let { target } = parts;
  let batch: ImportStep[] = [];

  /** The keyring that opens what is sealed now; that of a store which is not kept yet is its own. */
  async function usable({ transaction }: Changes): Promise<Keyring> {
    const isKept = (await masterEntries(transaction, keys)).length > 0;
    return isKept ? upToDate(transaction, keys, target.keyring) : target.keyring;
  }

  async function write(changes: Changes, step: ImportStep, sealer: Sealer, without: Without): Promise<boolean> {
    if ('plaintext' in step) await requireKept(changes, target);
    if (step.kind === 'secret') return writeSecret(changes, step, sealer, without);
    if (step.kind === 'version') return writeVersion(changes, step, sealer);
    if (step.kind === 'change') return writeChange(changes, step);
    if (step.kind !== 'user-key') return writeRow(changes, step);
    if (step.is_active) await keepFresh(changes, keys, target);
    return writeUserKey(changes, step, sealer);
  }

  /** Where secrets were stored before, whose key opens them from now on is worth a look; and whose does not. */
  async function tellKey(step: UserKeyStep, isMade: boolean): Promise<void> {
    const { is_active, number: pk, username: detail } = step;
    if (isMade && is_active && !isFresh) tally.find({ code: 'key-activated', of: 'user-key', pk, detail });
    if (!isMade && (await keepsOther(host.rows, step))) tally.find({ code: 'key-kept', of: 'user-key', pk, detail });
  }

  async function once(some: readonly ImportStep[], without: Without): Promise<Set<ImportStep>> {
    const written = new Set<ImportStep>();
    await host.writes.together({ principal }, async (changes) => {
      const sealer: Sealer = { keys, keyring: await usable(changes), principal };
      for (const step of some) if (await write(changes, step, sealer, without)) written.add(step);
    });
    return written;
  }

  async function attempt(some: readonly ImportStep[], without: Without = {}): Promise<void> {
    const written = await once(some, without).catch(async (error: unknown) => {
      if (!isStale(error)) throw error;
      // Another master key came meanwhile: what is sealed with that of before nobody would open.
      target = await parts.reopen();
      return once(some, without).catch((again: unknown) => {
        throw isStale(again) ? new StoreClosed() : again;
      });
    });
    for (const step of some) if (step.kind === 'user-key') await tellKey(step, written.has(step));
    progress.made += written.size;
    progress.passed += some.length - written.size;
  }

  function refuse(step: ImportStep, error: unknown, code: FindingCode = 'row-refused'): void {
    if (code === 'row-refused') progress.refused += 1;
    tally.find({ code, of: step.kind, pk: step.number, detail: messageOf(error) });
  }

  /** Makes one row; a secret is worth more than its custom fields and its tags. */
  async function alone(step: ImportStep): Promise<void> {
    let reason: unknown;
    for (const without of step.kind === 'secret' ? [{}, ...lesser] : [{}]) {
      try {
        await attempt([step], without);
        if (without.fields) refuse(step, reason, 'fields-refused');
        if (without.tags) refuse(step, reason, 'tags-refused');
        return;
      } catch (error) {
        if (error instanceof StoreClosed) throw error;
        reason ??= error;
      }
    }
    refuse(step, reason);
  }

  async function flush(): Promise<void> {
    const some = batch;
    batch = [];
    if (some.length === 0) return;
    try {
      await attempt(some);
    } catch (error) {
      if (error instanceof StoreClosed) throw error;
      // Which step it was, and whether the others are good, shows one by one.
      for (const step of some) await alone(step);
    } finally {
      for (const step of some) if ('plaintext' in step) step.plaintext.fill(0);
    }
  }

  let last: ImportStep['kind'] | undefined;
  for await (const step of steps) {
    if (batch.length >= batchSize || step.kind !== last) await flush();
    last = step.kind;
    batch.push(step);
  }
  await flush();
}
