import { openConnections } from './connections';
import { AccessEntries1795500000000 } from './migrations/1795500000000-access-entries';
import { AccessAddresses1796000000000 } from './migrations/1796000000000-access-addresses';
import { entryFields, insertEntries, listsOf, type RecordStore } from './records';
import { sqliteDialect } from './sqlite-dialect';
import { poolOf } from './statements';
import type { OnMigrated } from './store';

/** The migrations of the records' file, in order. */
export const recordMigrations = [AccessEntries1795500000000, AccessAddresses1796000000000];

// One statement is one transaction: all of the batch, or none.
const insert = `${insertEntries} SELECT ${entryFields.map((_, i) => `value ->> ${i}`).join(', ')} FROM jsonb_each(?1)`;

/** Opens the records in a file of their own. */
export async function openSqliteRecords(options: {
  readonly file: string;
  readonly busyTimeout: number;
  readonly onMigrated?: OnMigrated | undefined;
}): Promise<RecordStore> {
  const { writing, readers, close } = await openConnections({ ...options, migrations: recordMigrations, readers: 1 });
  return {
    dialect: sqliteDialect,
    reading: poolOf(readers),
    writing,
    lanes: 1,
    write: async (batch) => {
      await writing.query(insert, [JSON.stringify(listsOf(batch))]);
    },
    close,
  };
}
