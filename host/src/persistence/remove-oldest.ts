import { accessEntryType } from '../domain/audit';
import type { RecordStore } from './records';

const { table } = accessEntryType;

/** So few that an entry that waits for its commit does not notice. */
const most = 500;

/**
 * Removes a few of the oldest entries, those that are older than `before` among them, and tells how many. The newest stays,
 * whatever its age, so that its number is never given again.
 */
export async function removeOldest({ writing, dialect }: RecordStore, before: string): Promise<number> {
  const removed = await writing.query(
    `DELETE FROM "${table}" WHERE "number" IN (
  SELECT "number" FROM (SELECT "number", "time" FROM "${table}" ORDER BY "number" LIMIT ${most}) AS "oldest"
  WHERE "time" < ${dialect.place(1, before)})
AND "number" < (SELECT max("number") FROM "${table}") RETURNING "number"`,
    [before],
  );
  return removed.length;
}
