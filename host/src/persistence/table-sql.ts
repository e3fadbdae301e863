import type { EntitySchema, EntitySchemaColumnOptions, ObjectLiteral } from 'typeorm';

import type { TypeDescriptor } from '../domain/descriptor';
import { quoted } from './identifiers';
import type { Engine } from './kinds';
import { postgresDialect } from './postgres/dialect';
import { leafSchemasOf, linkSchemasOf, schemaOf } from './schemas';

/** The SQL that makes the tables of types, in the order given, with the indexes that lists and constraints need. */
export function createTables(
  types: readonly TypeDescriptor[],
  all: ReadonlyMap<string, string>,
  engine: Engine,
): string[] {
  const tables = new Map([...all, ...types.map(({ name, table }) => [name, table] as const)]);
  return types
    .flatMap((type) => [schemaOf(type, engine), ...linkSchemasOf(type, engine), ...leafSchemasOf(type, engine)])
    .flatMap((schema) => createTable(schema, tables, engine));
}

function createTable(
  { options }: EntitySchema<ObjectLiteral>,
  tables: ReadonlyMap<string, string>,
  engine: Engine,
): string[] {
  const table = quoted(options.tableName ?? '');
  const columns = Object.entries(options.columns as Record<string, EntitySchemaColumnOptions>);
  const list = (names: readonly string[]): string => names.map(quoted).join(', ');
  const keys = columns.filter(([, { primary }]) => primary).map(([name]) => name);
  const parts = [
    ...columns.map(
      ([name, column]) => `${quoted(name)} ${columnType(column, engine)}${column.nullable ? '' : ' NOT NULL'}`,
    ),
    ...(options.uniques ?? []).map(
      ({ name = '', columns: unique }) => `CONSTRAINT ${quoted(name)} UNIQUE (${list(unique as string[])})`,
    ),
    ...columns.flatMap(([name, { foreignKey: key }]) => {
      if (!key) return [];
      const target = tables.get(String(key.target));
      if (target === undefined) throw new TypeError(`There is no table of the type ${String(key.target)}.`);
      // TypeORM, which compares tables with schemas, reads a constraint from one line.
      return `CONSTRAINT ${quoted(key.name ?? '')} FOREIGN KEY (${quoted(name)}) REFERENCES ${quoted(target)} ("id") ON DELETE ${key.onDelete} ON UPDATE NO ACTION`;
    }),
    `PRIMARY KEY (${list(keys)})`,
  ];
  return [
    `CREATE TABLE ${table} (${parts.join(',\n  ')})`,
    ...(options.indices ?? []).map(({ name = '', columns: indexed, synchronize = true }) => {
      const ways = (indexed as string[]).map((column) => (synchronize ? quoted(column) : startOf(column)));
      return `CREATE INDEX ${quoted(name)} ON ${table} (${ways.join(', ')})`;
    }),
  ];
}

// An index that TypeORM must not see is one of PostgreSQL's of the start of a text.
function startOf(column: string): string {
  const { startOf: first, start = 0 } = postgresDialect;
  return column === 'path' || column === 'owner_id' ? quoted(column) : first(quoted(column), start);
}

function columnType({ type, length, collation }: EntitySchemaColumnOptions, engine: Engine): string {
  // What TypeORM calls simple JSON is a text in the table.
  const name = engine === 'sqlite' && type === 'simple-json' ? 'text' : String(type);
  return `${name}${length === undefined ? '' : `(${length})`}${collation === undefined ? '' : ` COLLATE "${collation}"`}`;
}
