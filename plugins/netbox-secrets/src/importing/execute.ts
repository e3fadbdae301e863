import { InvalidInput, type Changes, type HostAccess, type Principal } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import type { ImportStep, UserKeyStep } from '../import/plan/steps';
import type { ImportTally } from '../import/report';
import { writeChange } from './write-change';
import { keepFresh, requireKept, writeUserKey, type Target } from './write-keys';
import { writeRow } from './write-row';
import { writeSecret, writeVersion, type Sealer } from './write-secret';

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

/** Carries a plan out in batches, each whole or not at all; a step that is refused is reported, and stops no other. */
export async function executePlan(steps: AsyncIterable<ImportStep>, parts: ExecuteParts): Promise<void> {
  const { host, keys, principal, target, tally, progress } = parts;
  const sealer: Sealer = { keys, keyring: target.keyring, principal };
  const together = (work: (changes: Changes) => Promise<void>) => host.writes.together({ principal }, work);
  let batch: ImportStep[] = [];

  async function write(changes: Changes, step: ImportStep, withFields: boolean): Promise<boolean> {
    if ('plaintext' in step) await requireKept(changes, target);
    if (step.kind === 'secret') return writeSecret(changes, step, sealer, withFields);
    if (step.kind === 'version') return writeVersion(changes, step, sealer);
    if (step.kind === 'change') return writeChange(changes, step);
    if (step.kind !== 'user-key') return writeRow(changes, step);
    if (step.is_active) await keepFresh(changes, keys, target);
    return writeUserKey(changes, step, sealer);
  }

  /** Where secrets were stored before, whose key opens them from now on is worth a look. */
  function tellActivated({ is_active, number: pk, username: detail }: UserKeyStep): void {
    if (is_active && !target.fresh) tally.find({ code: 'key-activated', of: 'user-key', pk, detail });
  }

  async function attempt(some: readonly ImportStep[], withFields = true): Promise<void> {
    const written: ImportStep[] = [];
    await together(async (changes) => {
      for (const step of some) if (await write(changes, step, withFields)) written.push(step);
    });
    for (const step of written) if (step.kind === 'user-key') tellActivated(step);
    const made = written.length;
    progress.made += made;
    progress.passed += some.length - made;
  }

  function refuse(step: ImportStep, error: unknown, code: 'row-refused' | 'fields-refused' = 'row-refused'): void {
    if (code === 'row-refused') progress.refused += 1;
    tally.find({ code, of: step.kind, pk: step.number, detail: messageOf(error) });
  }

  async function alone(step: ImportStep): Promise<void> {
    try {
      await attempt([step]);
    } catch (error) {
      if (step.kind !== 'secret') return refuse(step, error);
      // A secret is worth more than its custom fields.
      try {
        await attempt([step], false);
        refuse(step, error, 'fields-refused');
      } catch {
        refuse(step, error);
      }
    }
  }

  async function flush(): Promise<void> {
    const some = batch;
    batch = [];
    if (some.length === 0) return;
    try {
      await attempt(some);
    } catch {
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
    if (step.kind === 'user' && step.password_hash !== undefined)
      tally.find({ code: 'password-left', of: 'user', pk: step.number, detail: step.username });
    batch.push(step);
  }
  await flush();
}
