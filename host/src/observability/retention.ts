import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@latchkey/core';
import { objectChangeType } from '../domain/changes';
import type { UnitOfWork } from '../domain/ports';

/** What retention works on. */
export interface RetentionParts {
  /** Days that access records, and the change log, are kept; for ever where it is undefined. */
  readonly keep: { readonly audit: number | undefined; readonly changes: number | undefined };
  /** Removes a few of the access records that are older, and tells how many. */
  readonly removeOldest: (before: string) => Promise<number>;
  readonly unitOfWork: Pick<UnitOfWork, 'rows' | 'run'>;
  readonly logger: Logger;
  readonly now?: () => number;
}

/** A job, as the host runs them. */
interface Job {
  readonly name: string;
  readonly every: number;
  run(signal: AbortSignal): Promise<void>;
}

const day = 86_400_000;
const every = 600_000;
/** Milliseconds that others have to themselves between two batches. */
const breather = 50;
const batch = 100;

/** The jobs that remove what is older than it is to be kept, few at a time; what they removed is logged. */
export function retentionJobs({ keep, removeOldest, unitOfWork, logger, now = Date.now }: RetentionParts): Job[] {
  const job = (what: string, days: number | undefined, remove: (before: string) => Promise<number>): Job[] =>
    days === undefined
      ? []
      : [
          {
            name: `retention of ${what}`,
            every,
            async run(signal) {
              const before = new Date(now() - days * day).toISOString();
              let removed = 0;
              try {
                for (let few = await remove(before); few > 0; few = signal.aborted ? 0 : await remove(before)) {
                  removed += few;
                  await pause(breather);
                }
              } finally {
                if (removed > 0) logger.info('Removed what is older than it is kept', { what, before, removed });
              }
            },
          },
        ];
  return [
    ...job('access records', keep.audit, removeOldest),
    ...job('the change log', keep.changes, (before) => removeChanges(unitOfWork, before)),
  ];
}

async function removeChanges({ rows, run }: RetentionParts['unitOfWork'], before: string): Promise<number> {
  const older = {
    scope: { kind: 'all' },
    filters: [{ field: 'time', values: [before], lookup: 'lt' }],
    order: ['time'],
    limit: batch,
    offset: 0,
  } as const;
  // Asked outside of a transaction first, since one holds up every other writer, and moves the version.
  if ((await rows.list(objectChangeType, { ...older, limit: 1 })).rows.length === 0) return 0;
  return run(async (transaction) => {
    const found = await transaction.list(objectChangeType, older);
    for (const { id } of found.rows) await transaction.remove(objectChangeType, id);
    return found.rows.length;
  });
}
