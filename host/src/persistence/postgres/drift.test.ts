import type { DataSource } from 'typeorm';

import { describePostgres, startPostgres, type Postgres } from '../../../../test/support/postgres';
import { accessEntryType } from '../../domain/audit';
import type { Field, TypeDescriptor } from '../../domain/descriptor';
import { definitionTypes, hostTypes } from '../../domain/types';
import { definitionSchemas, migrationsFor } from '../definition-tables';
import { leafFields, leafTable } from '../json-leaves';
import { columnFields, columnName, foldedColumn, isFolded, kinds } from '../kinds';
import { linksOf } from '../links';
import { migrate } from '../migrate';
import { openAccessLog } from '../open-access-log';
import { openPostgresSource } from './source';

const words: Readonly<Record<string, string>> = { varchar: 'character varying' };

/** What the descriptor asks of the columns of a table. */
function asked({ fields, ...type }: TypeDescriptor, longest = true) {
  const columns = columnFields(fields).flatMap(([name, field]) => {
    const column: { type: string; length?: number } = kinds[field.kind].postgres;
    const nullable = field.nullable ?? field.late ?? false;
    const isText = column.type === 'varchar';
    const max = field.kind === 'list' ? undefined : field.max;
    const own = {
      name: columnName(name, fields[name] as Field),
      type: words[column.type] ?? column.type,
      length: (longest || column.length !== undefined ? (column.length ?? max) : undefined) ?? null,
      collation: isText ? 'C' : null,
      nullable,
    };
    if (!isFolded({ fields, ...type }, name)) return [own];
    const folded = { name: foldedColumn(name), length: 3 * (max ?? 0), nullable: nullable || !field.searchable };
    return [own, { ...own, ...folded }];
  });
  return columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function found(source: DataSource, { table }: TypeDescriptor) {
  const columns: Record<string, string | number | null>[] = await source.query(
    `SELECT column_name, data_type, character_maximum_length, collation_name, is_nullable
       FROM information_schema.columns WHERE table_name = $1 ORDER BY column_name COLLATE "C"`,
    [table],
  );
  return columns.map((column) => ({
    name: column['column_name'],
    type: column['data_type'],
    length: column['character_maximum_length'],
    collation: column['collation_name'],
    nullable: column['is_nullable'] === 'YES',
  }));
}

describePostgres('the tables of PostgreSQL', () => {
  let postgres: Postgres;
  let source: DataSource;
  beforeAll(async () => {
    postgres = await startPostgres();
    const url = await postgres.newDatabase();
    source = await openPostgresSource({
      url,
      most: 2,
      lockTimeout: 1_000,
      entities: definitionSchemas(hostTypes, 'postgres'),
      migrations: migrationsFor('postgres', hostTypes),
    });
    await migrate(source);
    await (await openAccessLog({ url, version: async () => 1 })).close();
  }, 60_000);
  afterAll(async () => {
    await source.destroy();
    await postgres.stop();
  });

  test('TypeORM finds nothing to change in a migrated database', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test.each(definitionTypes.map((type) => [type.name, type] as const))(
    'the table of %s is as declared, and its texts are ordered by code point',
    async (_, type) => {
      expect(await found(source, type)).toEqual(asked(type));
    },
  );

  test('the table of the access records is as declared, and takes names however long they are', async () => {
    expect(await found(source, accessEntryType)).toEqual(asked(accessEntryType, false));
  });

  test('there is no table that nobody declared', async () => {
    const tables: { name: string }[] = await source.query(
      `SELECT table_name AS "name" FROM information_schema.tables WHERE table_schema = current_schema()`,
    );
    const declared = definitionTypes.flatMap((type) => [
      type.table,
      ...linksOf(type).map(({ table }) => table),
      ...leafFields(type).map((field) => leafTable(type, field)),
    ]);
    const own = ['access_entries', 'access_migrations', 'latchkey_sequences', 'latchkey_version', 'migrations'];
    expect(tables.map(({ name }) => name).toSorted()).toEqual([...declared, ...own].toSorted());
  });

  // TypeORM does not see these.
  test('the index of a text without end holds its start', async () => {
    const leaves = definitionTypes.flatMap((type) => leafFields(type).map((field) => leafTable(type, field)));
    const indexes: { name: string; definition: string }[] = await source.query(
      `SELECT indexname AS "name", indexdef AS "definition" FROM pg_indexes WHERE indexdef LIKE '%"left"(%'`,
    );
    const parts = new Map(indexes.map(({ name, definition }) => [name, /\((.*)\)$/.exec(definition)?.[1]]));
    const expected = leaves.flatMap((table) =>
      ['text', 'folded'].map((column) => [`ix_${table}_${column}`, `path, "left"((${column})::text, 200), owner_id`]),
    );
    const whole = ['ix_extras_object_changes_object_repr_folded', '"left"((object_repr_folded)::text, 200)'];
    expect(Object.fromEntries(parts)).toEqual(Object.fromEntries([...expected, whole]));
  });

  test('TypeORM finds an index that was lost', async () => {
    await source.query('DROP INDEX "ix_users_tokens_user_id"');
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([expect.stringContaining('ix_users_tokens_user_id')]);
  });
});
