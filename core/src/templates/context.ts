import { isProxy } from 'node:util/types';
import { TemplateRenderError } from './errors';
import { limits } from './limits';
import { int } from './python/numbers';
import { Float, type Mapping, type Value } from './python/values';

class Context {
  // Private, so that nothing else can pass for one.
  readonly #obj: Value | undefined;

  constructor(obj: Value | undefined) {
    this.#obj = obj;
    Object.freeze(this);
  }

  get obj(): Value | undefined {
    return this.#obj;
  }

  static isMade(value: unknown): boolean {
    return typeof value === 'object' && value !== null && #obj in value;
  }
}

/** What a template sees; only {@link templateContext} makes one. */
export type TemplateContext = Context;

/** Whether it was made by {@link templateContext}. */
export const isContext = Context.isMade;

function number(value: number): Value {
  // What JSON writes as a large whole number has lost digits already: a float, as it is.
  return Number.isSafeInteger(value) ? value + 0 : new Float(value);
}

/** The object that a value stands in, and those around it. */
interface Place {
  readonly object: object;
  readonly outside: Place | undefined;
  readonly level: number;
}

function isInside(value: object, place: Place | undefined): boolean {
  for (let at = place; at; at = at.outside) if (at.object === value) return true;
  return false;
}

/** Copies one value at its place. Undefined is what has no plain data. */
function copy(value: unknown, outside: Place | undefined, count: { left: number }): Value | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return BigInt.asIntN(limits.bits, value) === value ? int(value) : undefined;
  if (typeof value !== 'object' || isProxy(value) || ArrayBuffer.isView(value)) return undefined;
  const level = (outside?.level ?? 0) + 1;
  if (level > limits.levels || isInside(value, outside)) return undefined;
  const place = { object: value, outside, level };
  return Array.isArray(value) ? copyList(value, place, count) : copyMapping(value, place, count);
}

function charge(count: { left: number }, entries: number): void {
  count.left -= entries;
  if (count.left < 0) throw new TemplateRenderError(`obj holds more than ${limits.values} values`, 'obj');
}

// Reads through the descriptor, since reading the property would run a getter.
const read = (value: object, key: string): unknown => Object.getOwnPropertyDescriptor(value, key)?.value;

function copyMapping(value: object, place: Place, count: { left: number }): Mapping {
  const keys = Object.keys(value);
  charge(count, keys.length);
  const fresh = Object.create(null) as Record<string, Value>;
  for (const key of keys) {
    const member = copy(read(value, key), place, count);
    if (member !== undefined) fresh[key] = member;
  }
  return Object.freeze(fresh);
}

function copyList(value: readonly unknown[], place: Place, count: { left: number }): readonly Value[] {
  charge(count, value.length);
  const fresh: Value[] = [];
  // None in the place of what is no data, or the items behind it would move.
  for (let i = 0; i < value.length; i++) fresh.push(copy(read(value, String(i)), place, count) ?? null);
  return Object.freeze(fresh);
}

/**
 * The plain data of `obj` for templates: a fresh, frozen copy without prototypes. Getters are not run, and functions,
 * symbols, proxies, circles and what lies deeper than eight levels are left out.
 */
export function templateContext(obj: unknown): TemplateContext {
  return new Context(copy(obj, undefined, { left: limits.values }));
}
