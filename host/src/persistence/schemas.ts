import { EntitySchema, type EntitySchemaColumnOptions, type ObjectLiteral } from 'typeorm';

import type { Field, OnDelete, TypeDescriptor } from '../domain/descriptor';
import { columnFields, columnName, foldedColumn, isFolded, isLong, kinds, type ColumnKind, type Engine } from './kinds';
import { indexedColumns } from './indexes';
import { leafFields, leafTable } from './json-leaves';
import { linksOf } from './links';
import { uniqueNames } from './unique-names';

const rules = { cascade: 'CASCADE', restrict: 'RESTRICT', 'set-null': 'SET NULL' } as const satisfies Record<
  OnDelete,
  string
>;

/** The TypeORM schema of a type's table; properties carry the names of the columns. */
export function schemaOf(type: TypeDescriptor, engine: Engine): EntitySchema<ObjectLiteral> {
  const fields = columnFields(type.fields);
  const columnOf = (name: string) => columnName(name, type.fields[name] as Field);
  const uniques = [...uniqueNames(type)].filter(([name]) => name.startsWith('uq_'));
  return new EntitySchema({
    name: type.name,
    tableName: type.table,
    columns: Object.fromEntries(fields.flatMap(([name, field]) => columnsOf(type, name, field, engine))),
    uniques: uniques.map(([name, set]) => ({ name, columns: set.map(columnOf) })),
    indices: [
      ...fields.filter(([, field]) => field.kind === 'reference').map(([name]) => columnOf(name)),
      ...indexedColumns(type),
    ].map((column) => ({
      name: `ix_${type.table}_${column}`,
      columns: [column],
      // TypeORM does not know the index of a text's start.
      synchronize: engine === 'sqlite' || !isLong(type, column.replace(/_folded$/, '')),
    })),
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

/** The TypeORM schemas of the tables that hold the leaves of a type's JSON fields. */
export function leafSchemasOf(type: TypeDescriptor, engine: Engine): EntitySchema<ObjectLiteral>[] {
  return leafFields(type).map((field) => {
    const table = leafTable(type, field);
    const text = { ...kinds.text[engine], nullable: true };
    const owner: EntitySchemaColumnOptions = {
      ...kinds.reference[engine],
      primary: true,
      foreignKey: { target: type.name, name: `fk_${table}_owner_id`, onDelete: rules.cascade },
    };
    return new EntitySchema({
      name: `${type.name}.${field}`,
      tableName: table,
      columns: {
        owner_id: owner,
        path: { ...kinds.text[engine], primary: true },
        kind: { ...kinds.text[engine], length: 8 },
        text,
        folded: text,
        number: { type: doubles[engine], nullable: true },
      },
      indices: ['text', 'folded'].map((column) => ({
        name: `ix_${table}_${column}`,
        columns: ['path', column, 'owner_id'],
        synchronize: engine === 'sqlite',
      })),
    });
  });
}

const doubles = { sqlite: 'double', postgres: 'double precision' } as const satisfies Record<Engine, string>;

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
    nullable: field.nullable ?? field.late ?? false,
  };
  if (field.target !== undefined) {
    options.foreignKey = {
      target: field.target,
      name: `fk_${type.table}_${column}`,
      onDelete: rules[field.onDelete ?? 'restrict'],
    };
  }
  if (!isFolded(type, name)) return [[column, options]];
  const folded = {
    ...options,
    // Folding may lengthen a text, at most threefold.
    ...(field.max === undefined ? {} : { length: field.max * 3 }),
    // SQLite adds no column that must hold something to a table that is there.
    nullable: options.nullable || !field.searchable,
  };
  return [
    [column, options],
    [foldedColumn(name), folded],
  ];
}
