import type { Field, FieldKind, TypeDescriptor } from '../domain/descriptor';
import { columnName, kinds } from './kinds';

/** An identifier, quoted. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text that is no value but part of a statement, quoted. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The declared field of that name; nothing that is not declared gets near SQL. */
export function fieldOf(type: TypeDescriptor, name: string): Field {
  if (!Object.hasOwn(type.fields, name)) throw new TypeError(`${type.name} has no field "${name}".`);
  return type.fields[name] as Field;
}

/** The quoted column of a declared field. */
export function columnOf(type: TypeDescriptor, name: string): string {
  return quoted(columnName(name, fieldOf(type, name)));
}

/** Gives a value back if a field may hold it: an object cannot pose as a text, nor a function as SQL. */
export function checked(type: TypeDescriptor, name: string, value: unknown): unknown {
  const field = fieldOf(type, name);
  if (value === null ? field.nullable : fits(field, value)) return value;
  throw new TypeError(`${type.name} cannot hold that in "${name}".`);
}

function fits({ kind }: Field, value: unknown): boolean {
  if (kind === 'constraint') return typeof value !== 'undefined' && typeof value !== 'function';
  if (kind === 'list' || kind === 'references')
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === kinds[kind].value;
}

/** Whether rows can be compared and ordered by a field of the kind. */
export function isComparable(kind: FieldKind): boolean {
  return kind === 'references' ? false : kinds[kind].value !== 'object';
}

/** As {@link checked}, of a value that can be compared with. */
export function comparable(type: TypeDescriptor, name: string, value: unknown): string | number | boolean {
  const { kind } = fieldOf(type, name);
  if (!isComparable(kind) || value === null) throw new TypeError(`${type.name} cannot be compared so by "${name}".`);
  return checked(type, name, value) as string | number | boolean;
}
