import type { EntitySchemaColumnOptions } from 'typeorm';

import type { Field, FieldKind, TypeDescriptor } from '../domain/descriptor';

/** The engines that the tables are written for. */
export type Engine = 'sqlite' | 'postgres';

type Column = Pick<EntitySchemaColumnOptions, 'type' | 'length' | 'collation'>;

interface Kind {
  readonly sqlite: Column;
  readonly postgres: Column;
  /** What a value of the kind is in JavaScript. */
  readonly value: 'string' | 'number' | 'boolean' | 'object';
}

/** The kinds that are a column; references are rows of a table of their own. */
export type ColumnKind = Exclude<FieldKind, 'references'>;

// Order is by code point on both engines: SQLite's BINARY, PostgreSQL's "C". What is a text in JavaScript is one there, so
// that both engines compare it, and take what is no UUID or no time, alike.
const text = {
  sqlite: { type: 'varchar' },
  postgres: { type: 'varchar', collation: 'C' },
  value: 'string',
} as const satisfies Kind;
const uuid = {
  sqlite: { type: 'varchar', length: 36 },
  postgres: { type: 'varchar', length: 36, collation: 'C' },
  value: 'string',
} as const satisfies Kind;

const json = {
  sqlite: { type: 'simple-json' },
  // Not jsonb, which puts names into an order of its own and refuses what JSON allows.
  postgres: { type: 'json' },
  value: 'object',
} as const satisfies Kind;

/** What each kind of field is in a table of each engine. */
export const kinds = {
  id: uuid,
  number: { sqlite: { type: 'integer' }, postgres: { type: 'bigint' }, value: 'number' },
  text,
  choice: text,
  json,
  flag: { sqlite: { type: 'boolean' }, postgres: { type: 'boolean' }, value: 'boolean' },
  // Fixed-width ISO 8601 text sorts as time does, and a projection hands it out as it is.
  datetime: {
    sqlite: { type: 'varchar', length: 24 },
    postgres: { type: 'varchar', length: 24, collation: 'C' },
    value: 'string',
  },
  reference: uuid,
  secret: text,
  list: json,
  constraint: json,
} as const satisfies Record<ColumnKind, Kind>;

/** The fields of a type that are columns, with their kinds. */
export function columnFields(
  fields: Readonly<Record<string, Field>>,
): [string, Field & { readonly kind: ColumnKind }][] {
  return Object.entries(fields).filter(isColumn);
}

function isColumn(entry: [string, Field]): entry is [string, Field & { readonly kind: ColumnKind }] {
  return entry[1].kind !== 'references';
}

/** The column that holds a field. */
export function columnName(name: string, field: Field): string {
  return field.kind === 'reference' ? `${name}_id` : name;
}

/** Whether a field is kept in folded case too: for the search, and for the lookups that pass over case. */
export function isFolded({ fields, folded }: TypeDescriptor, name: string): boolean {
  const { kind, searchable = false } = fields[name] as Field;
  return searchable || (folded !== false && (kind === 'text' || kind === 'choice'));
}

/** Whether a text may, in folded case, be too long for an entry of an index of PostgreSQL. */
export function isLong({ fields }: TypeDescriptor, name: string): boolean {
  return (fields[name]?.max ?? 0) > 400;
}

/** The column that holds a field in folded case. */
export function foldedColumn(name: string): string {
  return `${name}_folded`;
}
