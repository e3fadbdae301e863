import { EntitySchema, type EntitySchemaColumnOptions, type ObjectLiteral } from 'typeorm';

import type { Field, OnDelete, TypeDescriptor } from '../domain/descriptor';
import { columnFields, columnName, foldedColumn, kinds, type ColumnKind, type Engine } from './kinds';
import { linksOf } from './links';

const rules = { cascade: 'CASCADE', restrict: 'RESTRICT', 'set-null': 'SET NULL' } as const satisfies Record<
  OnDelete,
  string
>;

/** The TypeORM schema of a type's table; properties carry the names of the columns. */
export function schemaOf(type: TypeDescriptor, engine: Engine): EntitySchema<ObjectLiteral> {
  const fields = columnFields(type.fields);
  const columnOf = (name: string) => columnName(name, type.fields[name] as Field);
  const named = (prefix: string, columns: readonly string[]) => ({
    name: [prefix, type.table, ...columns].join('_'),
    columns: [...columns],
  });
  const single = fields.filter(([, field]) => field.unique).map(([name]) => named('uq', [columnOf(name)]));
  // Numbered, since the names of all columns together outgrow the 63 bytes that PostgreSQL allows.
  const sets = type.unique.map((set, i) => ({ name: `uq_${type.table}_${i + 1}`, columns: set.map(columnOf) }));
  return new EntitySchema({
    name: type.name,
    tableName: type.table,
    columns: Object.fromEntries(fields.flatMap(([name, field]) => columnsOf(type, name, field, engine))),
    uniques: [...single, ...sets],
    indices: fields.filter(([, field]) => field.kind === 'reference').map(([name]) => named('ix', [columnOf(name)])),
  });
}

/** The TypeORM schemas of the tables that join a type's rows to those that they refer to. */
export function linkSchemasOf(type: TypeDescriptor, engine: Engine): EntitySchema<ObjectLiteral>[] {
  return linksOf(type).map(({ field, table, target }) => {
    const end = (name: string, to: string): EntitySchemaColumnOptions => ({
      ...kinds.reference[engine],
      primary: true,
      foreignKey: { target: to, name: `fk_${table}_${name}`, onDelete: rules.cascade },
    });
    return new EntitySchema({
      name: `${type.name}.${field}`,
      tableName: table,
      columns: { from_id: end('from_id', type.name), to_id: end('to_id', target) },
      indices: [{ name: `ix_${table}_to_id`, columns: ['to_id'] }],
    });
  });
}

function columnsOf(
  type: TypeDescriptor,
  name: string,
  field: Field & { readonly kind: ColumnKind },
  engine: Engine,
): [string, EntitySchemaColumnOptions][] {
  const column = columnName(name, field);
  const options: EntitySchemaColumnOptions = {
    // Of a list it is the longest item.
    ...(field.max === undefined || field.kind === 'list' ? {} : { length: field.max }),
    ...kinds[field.kind][engine],
    primary: field.kind === 'id',
    nullable: field.nullable ?? false,
  };
  if (field.target !== undefined) {
    options.foreignKey = {
      target: field.target,
      name: `fk_${type.table}_${column}`,
      onDelete: rules[field.onDelete ?? 'restrict'],
    };
  }
  if (!field.searchable) return [[column, options]];
  // Folding may lengthen a text, at most threefold.
  const folded = { ...options, ...(field.max === undefined ? {} : { length: field.max * 3 }) };
  return [
    [column, options],
    [foldedColumn(name), folded],
  ];
}
