import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DataSource } from 'typeorm';

import { accessEntryType } from '../domain/audit';
import type { Field, TypeDescriptor } from '../domain/descriptor';
import { definitionTypes, hostTypes } from '../domain/types';
import { definitionMigrations, definitionSchemas } from './definition-tables';
import { columnFields, columnName, foldedColumn, isFolded, kinds } from './kinds';
import { leafFields, leafTable } from './json-leaves';
import { linksOf } from './links';
import { migrate } from './migrate';
import { AccessEntries1795500000000 } from './migrations/1795500000000-access-entries';
import { AccessAddresses1796000000000 } from './migrations/1796000000000-access-addresses';
import { openSource } from './source';

const columnOf = (type: TypeDescriptor, name: string) => columnName(name, type.fields[name] as Field);
const tablesOf = (type: TypeDescriptor) => [
  type.table,
  ...linksOf(type).map(({ table }) => table),
  ...leafFields(type).map((field) => leafTable(type, field)),
];
const sorted = (sets: readonly (readonly string[])[]) => sets.map((set) => set.join()).toSorted();

/** What the descriptor asks of the table. */
function asked(type: TypeDescriptor) {
  const fields = columnFields(type.fields);
  const columns = fields.flatMap(([name, field]) => {
    const { type: word, length = field.max } = { length: undefined, ...kinds[field.kind].sqlite };
    const sqlType = word === 'simple-json' ? 'text' : length === undefined ? word : `${word}(${length})`;
    const nullable = field.nullable ?? field.late ?? false;
    const own = { name: columnOf(type, name), type: sqlType, nullable };
    const folded = {
      name: foldedColumn(name),
      type: `varchar(${3 * (field.max ?? 0)})`,
      nullable: nullable || !field.searchable,
    };
    return isFolded(type, name) ? [own, folded] : [own];
  });
  return {
    columns: columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    references: fields
      .filter(([, { kind }]) => kind === 'reference')
      .map(([name, { target, onDelete }]) => ({
        from: columnOf(type, name),
        table: definitionTypes.find((one) => one.name === target)?.table,
        to: 'id',
        onDelete: (onDelete ?? 'restrict').toUpperCase().replace('-', ' '),
      }))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    // The key of a table is unique without being said to be.
    uniques: sorted([
      ...fields.filter(([, field]) => field.unique || field.kind === 'id').map(([name]) => [columnOf(type, name)]),
      ...type.unique.map((set) => set.map((name) => columnOf(type, name))),
    ]),
  };
}

/** What the table is. */
async function found(source: DataSource, type: TypeDescriptor) {
  const columns: { name: string; type: string; notnull: number; pk: number }[] = await source.query(
    `PRAGMA table_info("${type.table}")`,
  );
  const keys: { from: string; table: string; to: string; on_delete: string }[] = await source.query(
    `PRAGMA foreign_key_list("${type.table}")`,
  );
  const indices: { name: string; unique: number }[] = await source.query(`PRAGMA index_list("${type.table}")`);
  const uniques: string[][] = [];
  for (const { name } of indices.filter(({ unique }) => unique === 1)) {
    const parts: { name: string }[] = await source.query(`PRAGMA index_info("${name}")`);
    uniques.push(parts.map((part) => part.name));
  }
  // SQLite says its own words in capitals; an integer key is the row's own number and has no index.
  for (const { name, type: word, pk } of columns) if (pk === 1 && word === 'INTEGER') uniques.push([name]);
  return {
    columns: columns
      .map(({ name, type: word, notnull }) => ({ name, type: word.toLowerCase(), nullable: notnull === 0 }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    references: keys
      .map(({ from, table, to, on_delete }) => ({ from, table, to, onDelete: on_delete }))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    uniques: sorted(uniques),
  };
}

let folder: string;
let definitions: DataSource;
let records: DataSource;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-drift-'));
  definitions = await openSource({
    file: join(folder, 'definitions.db'),
    busyTimeout: 1000,
    entities: definitionSchemas(hostTypes, 'sqlite'),
    migrations: definitionMigrations,
  });
  records = await openSource({
    file: join(folder, 'access.db'),
    busyTimeout: 1000,
    migrations: [AccessEntries1795500000000, AccessAddresses1796000000000],
  });
  await migrate(definitions);
  await migrate(records);
});
afterAll(async () => {
  await definitions.destroy();
  await records.destroy();
  rmSync(folder, { recursive: true, force: true });
});

test('TypeORM finds nothing to change in a migrated database', async () => {
  const { upQueries } = await definitions.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

test.each(definitionTypes.map((type) => [type.name, type] as const))(
  'the table of %s is as declared',
  async (_, type) => {
    expect(await found(definitions, type)).toEqual(asked(type));
  },
);

test('the table of the access records is as declared', async () => {
  expect(await found(records, accessEntryType)).toEqual(asked(accessEntryType));
});

test('a column that was not declared is found', async () => {
  await records.query('ALTER TABLE "access_entries" ADD COLUMN "stray" varchar(1)');
  expect(await found(records, accessEntryType)).not.toEqual(asked(accessEntryType));
});

test('there is no table that nobody declared', async () => {
  const tables: { name: string }[] = await definitions.query(
    `SELECT "name" FROM "sqlite_schema" WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite_%'`,
  );
  expect(tables.map(({ name }) => name).toSorted()).toEqual(
    [...definitionTypes.flatMap(tablesOf), 'latchkey_sequences', 'migrations'].toSorted(),
  );
});

test('TypeORM finds an index that was lost', async () => {
  await definitions.query('DROP INDEX "ix_users_tokens_user_id"');
  const { upQueries } = await definitions.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([expect.stringContaining('ix_users_tokens_user_id')]);
});
