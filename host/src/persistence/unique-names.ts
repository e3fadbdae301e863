import type { Field, TypeDescriptor } from '../domain/descriptor';
import { columnName } from './kinds';

/** What is unique in a type's table: the name of each constraint, and its fields. */
export function uniqueNames(type: TypeDescriptor): ReadonlyMap<string, readonly string[]> {
  const single = Object.entries<Field>(type.fields).filter(([, { unique }]) => unique);
  return new Map([
    // The name that PostgreSQL gives.
    [`${type.table}_pkey`, ['id']],
    ...single.map(([name, field]) => [`uq_${type.table}_${columnName(name, field)}`, [name]] as const),
    // Numbered, since the names of all columns together outgrow the 63 bytes that PostgreSQL allows.
    ...type.unique.map((set, i) => [`uq_${type.table}_${i + 1}`, set] as const),
  ]);
}
