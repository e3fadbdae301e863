import type { Field, TypeDescriptor } from '../domain/descriptor';
import { foldedColumn } from './kinds';

// What lists are often narrowed by, beside what is unique or a reference.
const narrowing: Readonly<Record<string, readonly string[]>> = {
  'extras.secret': ['provider'],
  'extras.note': ['assigned_object_id'],
  'extras.objectchange': ['time', 'request_id', 'changed_object_id', 'related_object_id'],
};

/** The columns of a type that have an index of their own, beside those that are unique or refer to rows. */
export function indexedColumns(type: TypeDescriptor): string[] {
  const searchable = Object.entries<Field>(type.fields).filter(([, field]) => field.searchable);
  return [...(narrowing[type.name] ?? []), ...searchable.map(([name]) => foldedColumn(name))];
}
