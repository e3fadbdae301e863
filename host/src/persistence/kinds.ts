import type { EntitySchemaColumnOptions } from 'typeorm';

import type { Field, FieldKind } from '../domain/descriptor';

/** The engines that the tables are written for. */
export type Engine = 'sqlite' | 'postgres';

type Column = Pick<EntitySchemaColumnOptions, 'type' | 'length' | 'collation'>;

interface Kind {
  readonly sqlite: Column;
  readonly postgres: Column;
  /** What a value of the kind is in JavaScript. */
  readonly value: 'string' | 'number' | 'boolean' | 'object';
}

// Order is by code point on both engines: SQLite's BINARY, PostgreSQL's "C".
const text = {
  sqlite: { type: 'varchar' },
  postgres: { type: 'varchar', collation: 'C' },
  value: 'string',
} as const satisfies Kind;
const uuid = {
  sqlite: { type: 'varchar', length: 36 },
  postgres: { type: 'uuid' },
  value: 'string',
} as const satisfies Kind;

/** What each kind of field is in a table of each engine. */
export const kinds = {
  id: uuid,
  number: { sqlite: { type: 'integer' }, postgres: { type: 'integer' }, value: 'number' },
  text,
  choice: text,
  json: { sqlite: { type: 'simple-json' }, postgres: { type: 'jsonb' }, value: 'object' },
  flag: { sqlite: { type: 'boolean' }, postgres: { type: 'boolean' }, value: 'boolean' },
  // Fixed-width ISO 8601 text sorts as time does, and a projection hands it out as it is.
  datetime: { sqlite: { type: 'varchar', length: 24 }, postgres: { type: 'timestamptz' }, value: 'string' },
  reference: uuid,
  secret: text,
} as const satisfies Record<FieldKind, Kind>;

/** The column that holds a field. */
export function columnName(name: string, field: Field): string {
  return field.kind === 'reference' ? `${name}_id` : name;
}

/** The column that holds a searchable field in folded case. */
export function foldedColumn(name: string): string {
  return `${name}_folded`;
}
