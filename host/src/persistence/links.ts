import type { Field, TypeDescriptor } from '../domain/descriptor';
import type { Dialect } from './constraint-sql/dialects';
import { quoted } from './identifiers';
import type { Queryable } from './statements';

/** A field of references, and the table that joins its two ends: columns `from_id` and `to_id`. */
export interface Link {
  readonly field: string;
  readonly table: string;
  /** The name of the type at the far end. */
  readonly target: string;
}

/** The fields of references of a type. */
export function linksOf(type: TypeDescriptor): readonly Link[] {
  return Object.entries<Field>(type.fields)
    .filter(([, { kind }]) => kind === 'references')
    .map(([field, { target = '' }]) => ({ field, target, table: linkTable(type, field) }));
}

/** The table of a field of references. */
export function linkTable(type: TypeDescriptor, field: string): string {
  return `${type.table}_${field}_links`;
}

/** The ids that a row refers to, in order, as JSON; `id` is the row's own. */
export function linkedIds(type: TypeDescriptor, field: string, { list, json }: Dialect): string {
  const from = `FROM ${quoted(linkTable(type, field))} WHERE "from_id" = "id"`;
  return json.list(`(SELECT ${list('"to_id"', '"to_id"')} ${from})`);
}

/** Makes a row refer to exactly these others. */
export async function setLinks(
  connection: Queryable,
  { items, place }: Dialect,
  {
    table,
    id,
    ids,
    isNew,
  }: { readonly table: string; readonly id: string; readonly ids: readonly string[]; readonly isNew: boolean },
): Promise<void> {
  const own = place(1, id);
  if (!isNew) await connection.query(`DELETE FROM ${quoted(table)} WHERE "from_id" = ${own}`, [id]);
  if (ids.length === 0) return;
  const list = JSON.stringify(ids);
  const given = `SELECT DISTINCT ${own}, "value" FROM ${items(place(2, list))}`;
  await connection.query(`INSERT INTO ${quoted(table)} ("from_id", "to_id") ${given}`, [id, list]);
}
