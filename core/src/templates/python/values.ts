import { TemplateRenderError } from '../errors';
import { limits, spend } from '../limits';
import { comparePoints } from './text';
import { repr } from './number-text';

/** A Python float; a JavaScript number is a Python int. */
export class Float {
  constructor(readonly value: number) {}
}

/** A Python tuple; other arrays are lists. */
export class Tuple extends Array<Value> {}

/** A copied object: frozen and without a prototype. */
export interface Mapping {
  readonly [key: string]: Value;
}

/** What an expression can be; `undefined` beside it stands for a missing value. */
export type Value = string | number | bigint | boolean | null | Float | readonly Value[] | Mapping;

/** An int of any bounded size: a number when it is safe, otherwise a bigint. */
export type Int = number | bigint;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isMapping = (value: Value): value is Mapping =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;

/** The Python name of the value's type, for messages. */
export function typeName(value: Value): string {
  if (value === null) return 'None';
  if (value instanceof Float) return 'float';
  if (value instanceof Tuple) return 'tuple';
  if (isList(value)) return 'list';
  return { string: 'str', number: 'int', bigint: 'int', boolean: 'bool' }[typeof value as string] ?? 'mapping';
}

/** The value as a number, as Python sees it: a bool is an int. */
export function asNumber(value: Value): Int | Float | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

/** The value as an int that can count characters or items, or an error that names `what`. */
export function asCount(value: Value, what: string): number {
  const number = asNumber(value);
  if (number === undefined || number instanceof Float)
    throw new TemplateRenderError(`${what} must be an int, not ${typeName(value)}`);
  // Nothing here is longer than this, so a larger int means the same.
  return Number(number < -1e9 ? -1e9 : number > 1e9 ? 1e9 : number);
}

/** The value as text it already is, or an error that names `what`. */
export function asText(value: Value, what: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateRenderError(`${what} must be a str, not ${typeName(value)}`);
}

/** The value as it is written; None, lists and mappings are not written by accident. */
export function text(value: Value, path?: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Float) return repr(value.value);
  throw new TemplateRenderError(`${path ?? 'A value'} is ${typeName(value)} and cannot be written as text`, path);
}

/** Python's bool(). */
export function truth(value: Value): boolean {
  if (value instanceof Float) return value.value !== 0;
  if (isList(value)) return value.length > 0;
  return isMapping(value) ? Object.keys(value).length > 0 : Boolean(value);
}

const raw = (number: Int | Float): Int => (number instanceof Float ? number.value : number);

/** Python's ==. */
export function equals(a: Value, b: Value): boolean {
  const x = asNumber(a);
  const y = asNumber(b);
  // oxlint-disable-next-line eqeqeq -- a number and a bigint may be the same int
  if (x !== undefined && y !== undefined) return raw(x) == raw(y);
  if (isList(a) && isList(b)) {
    spend(a.length);
    if (a.length !== b.length || a instanceof Tuple !== b instanceof Tuple) return false;
    return a.every((item, i) => equals(item, b[i] as Value));
  }
  if (isMapping(a) && isMapping(b)) {
    const keys = Object.keys(a);
    spend(keys.length);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equals(a[key] as Value, b[key] as Value))
    );
  }
  return a === b;
}

/** Below, at or above 0 as `a` sorts before, with or after `b`; undefined when NaN takes part. Raises as Python does. */
export function order(a: Value, b: Value): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') return comparePoints(a, b);
  const x = asNumber(a);
  const y = asNumber(b);
  if (x !== undefined && y !== undefined)
    return raw(x) < raw(y) ? -1 : raw(x) > raw(y) ? 1 : equals(x, y) ? 0 : undefined;
  if (isList(a) && isList(b) && a instanceof Tuple === b instanceof Tuple) {
    spend(Math.min(a.length, b.length));
    const at = a.findIndex((item, i) => i >= b.length || !equals(item, b[i] as Value));
    return at < 0 || at >= b.length ? a.length - b.length : order(a[at] as Value, b[at] as Value);
  }
  throw new TemplateRenderError(`${typeName(a)} and ${typeName(b)} have no order`);
}

/** Python's `in`. */
export function contains(item: Value, container: Value): boolean {
  if (typeof container === 'string') return container.includes(asText(item, 'What is sought in a str'));
  if (isList(container)) return container.some((one) => equals(one, item));
  if (isMapping(container)) return typeof item === 'string' && Object.hasOwn(container, item);
  throw new TemplateRenderError(`${typeName(container)} cannot hold anything`);
}

/** The items that Python's iter() gives: characters, members or keys. */
export function items(value: Value): readonly Value[] {
  const list = typeof value === 'string' ? Array.from(value) : isMapping(value) ? Object.keys(value) : value;
  if (!isList(list)) throw new TemplateRenderError(`${typeName(value)} has no items`);
  spend(list.length);
  return list;
}

/** The own member of a mapping, or the item of a list or text, or undefined. */
export function member(value: Value, key: Value): Value | undefined {
  if (typeof key === 'string') {
    if (!isMapping(value) || !Object.hasOwn(value, key)) return undefined;
    const found = value[key];
    if (typeof found === 'string' && found.length > limits.text)
      throw new TemplateRenderError(`A text is longer than ${limits.text} characters`);
    return found;
  }
  if (typeof key !== 'number' || (typeof value !== 'string' && !isList(value))) return undefined;
  if (typeof value === 'string') return Array.from(value).at(key);
  const found = value.at(key);
  if (typeof found === 'string' && found.length > limits.text)
    throw new TemplateRenderError(`A text is longer than ${limits.text} characters`);
  return found;
}
