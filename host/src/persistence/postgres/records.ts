import { accessEntryType, type NewAccessEntry } from '../../domain/audit';
import { AccessAddresses1796000000000 } from '../migrations/1796000000000-access-addresses';
import { entryFields, insertEntries, listsOf, type RecordStore } from '../records';
import type { OnMigrated } from '../store';
import { postgresDialect } from './dialect';
import { PostgresAccessEntries1795850000000 } from './migrations/1795850000000-access-entries';
import { queriesOf, readingsOf } from './queries';
import { openPool } from './settings';
import { migratePostgres } from './source';
import { heldText } from './text';

/** The migrations of the records in PostgreSQL, in order, and the table that keeps which were applied. */
export const postgresRecordMigrations = [PostgresAccessEntries1795850000000, AccessAddresses1796000000000];
export const recordMigrationsTable = 'access_migrations';

const fields: Readonly<Record<string, { readonly kind: string }>> = accessEntryType.fields;
const items = entryFields.map((name, i) =>
  fields[name]?.kind === 'number' ? `("item" ->> ${i})::bigint` : `"item" ->> ${i}`,
);
// One statement is one transaction: all of the batch, or none.
const insert = `${insertEntries} SELECT ${items.join(', ')} FROM jsonb_array_elements($1::jsonb) AS "batch"("item")`;

const held = (_name: string, value: unknown): unknown => (typeof value === 'string' ? heldText(value) : value);

/** A batch as JSON. A character that PostgreSQL cannot hold must not be a reason to lose all of it. */
function jsonOf(batch: readonly NewAccessEntry[]): string {
  const lists = listsOf(batch);
  const json = JSON.stringify(lists);
  // As JSON has it, such a character is one of these escapes; to look into every text costs more than to write them all.
  return /\\u(0000|d[89a-f])/.test(json) ? JSON.stringify(lists, held) : json;
}

/** One commits while the other's records are on their way: the disk is waited for together. */
const lanes = 2;

/** Opens the records in PostgreSQL, through connections of their own, so that no list and no change holds up a read. */
export async function openPostgresRecords(options: {
  readonly url: string;
  readonly busyTimeout: number;
  readonly onMigrated?: OnMigrated | undefined;
}): Promise<RecordStore> {
  const { url, busyTimeout: lockTimeout, onMigrated } = options;
  await migratePostgres(
    { url, migrations: postgresRecordMigrations, migrationsTable: recordMigrationsTable },
    onMigrated,
  );
  const writer = openPool({ url, most: lanes, lockTimeout, patience: 5_000 });
  const reader = openPool({ url, most: 2, lockTimeout, patience: 30_000 });
  const writing = queriesOf(writer);
  return {
    dialect: postgresDialect,
    reading: readingsOf(reader),
    writing,
    lanes,
    write: async (batch) => {
      await writing.query(insert, [jsonOf(batch)]);
    },
    close: async () => {
      await Promise.all([writer.end(), reader.end()]);
    },
  };
}
