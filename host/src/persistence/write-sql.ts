import type { Field, TypeDescriptor } from '../domain/descriptor';
import { fold } from '../domain/fold';
import type { Dialect } from './constraint-sql/dialects';
import { checked, columnOf, quoted } from './identifiers';
import { columnFields, foldedColumn, isFolded, kinds, type ColumnKind } from './kinds';
import { linksOf } from './links';
import type { Projection, Sql } from './projection';

type Values = Readonly<Record<string, unknown>>;
type Written = readonly [column: string, value: unknown];

/** Stores a row; column `row` has it as it is then, unless other tables hold some of it. */
export function insertSql(select: Projection, type: TypeDescriptor, values: Values): Sql {
  const written = columnsOf(select, type, values);
  const columns = written.map(([column]) => column).join(', ');
  const places = written.map((_, index) => select.dialect.slot(index + 1)).join(', ');
  return {
    text: `INSERT INTO ${quoted(type.table)} (${columns}) VALUES (${places})${given(select, type)}`,
    parameters: written.map(([, value]) => value),
  };
}

/** Changes columns of one row, which is given back as by {@link insertSql}. Undefined where none is its column. */
export function updateSql(select: Projection, type: TypeDescriptor, id: string, values: Values): Sql | undefined {
  const written = columnsOf(select, type, values);
  if (written.length === 0) return undefined;
  const set = written.map(([column], index) => `${column} = ${select.dialect.slot(index + 1)}`).join(', ');
  const own = select.dialect.slot(written.length + 1);
  return {
    text: `UPDATE ${quoted(type.table)} SET ${set} WHERE "id" = ${own}${given(select, type)}`,
    parameters: [...written.map(([, value]) => value), id],
  };
}

/** Removes one row. */
export const removeSql = ({ dialect }: Projection, type: TypeDescriptor, id: string): Sql => ({
  text: `DELETE FROM ${quoted(type.table)} WHERE "id" = ${dialect.slot(1)}`,
  parameters: [id],
});

/** The columns that hold these values, in the order of the fields, so that the same set makes the same text. */
function columnsOf({ dialect }: Projection, type: TypeDescriptor, values: Values): Written[] {
  for (const name of Object.keys(values)) checked(type, name, values[name]);
  const given = columnFields(type.fields).filter(([name]) => values[name] !== undefined);
  return given.flatMap(([name, field]): Written[] => {
    const value = values[name];
    const own = [columnOf(type, name), keptAs(field, value, dialect)] as const;
    if (!isFolded(type, name)) return [own];
    return [own, [quoted(foldedColumn(name)), typeof value === 'string' ? fold(value) : value]];
  });
}

function keptAs({ kind }: Field & { readonly kind: ColumnKind }, value: unknown, { bound }: Dialect): unknown {
  if (kinds[kind].value === 'object') return value === null ? null : JSON.stringify(value);
  return typeof value === 'boolean' ? bound(value) : value;
}

const given = (select: Projection, type: TypeDescriptor): string =>
  linksOf(type).length > 0 ? '' : ` RETURNING ${select.rowOf(type)} AS "row"`;
