import { isProxy } from 'node:util/types';
import { TemplateRenderError } from './errors';
import { limits } from './limits';
import { int } from './python/numbers';
import { Float, member, type Mapping, type Value } from './python/values';

class Context {
  // Private, so that nothing else can pass for one.
  #obj: Value | undefined;
  /** The object, while only those of its members are copied that a template names. */
  #source: object | undefined;
  #members: Record<string, Value> | undefined;
  #count: Count | undefined;

  constructor(obj: unknown) {
    if (isCopied(obj) && !Array.isArray(obj)) this.#source = obj;
    else this.#obj = copy(obj, undefined, fresh());
  }

  /** The whole copy. */
  get obj(): Value | undefined {
    if (this.#source) {
      this.#obj = copy(this.#source, undefined, fresh());
      this.#source = undefined;
    }
    return this.#obj;
  }

  /** One member of the object, the same at each call. */
  member(name: string): Value | undefined {
    const source = this.#source;
    if (!source) return this.#obj === undefined ? undefined : member(this.#obj, name);
    const members = (this.#members ??= Object.create(null) as Record<string, Value>);
    if (!Object.hasOwn(members, name)) {
      const property = Object.getOwnPropertyDescriptor(source, name);
      if (!property?.enumerable) return undefined;
      const one = copy(property.value, { object: source, outside: undefined, level: 1 }, (this.#count ??= fresh()));
      if (one === undefined) return undefined;
      members[name] = one;
    }
    return member(members, name);
  }

  /** Whether there is an object at all. */
  get isThere(): boolean {
    return this.#source !== undefined || this.#obj !== undefined;
  }

  static isMade(value: unknown): boolean {
    return typeof value === 'object' && value !== null && #obj in value;
  }
}

/** What a template sees; only {@link templateContext} and {@link passingContext} make one. */
export type TemplateContext = Context;

/** Whether it was made here. */
export const isContext = Context.isMade;

function number(value: number): Value {
  // What JSON writes as a large whole number has lost digits already: a float, as it is.
  return Number.isSafeInteger(value) ? value + 0 : new Float(value);
}

/** How many values may still be copied. */
interface Count {
  left: number;
}

const fresh = (): Count => ({ left: limits.values });

/** Whether a value is copied member by member. */
function isCopied(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isProxy(value) && !ArrayBuffer.isView(value);
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
function copy(value: unknown, outside: Place | undefined, count: Count): Value | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return BigInt.asIntN(limits.bits, value) === value ? int(value) : undefined;
  if (!isCopied(value)) return undefined;
  const level = (outside?.level ?? 0) + 1;
  if (level > limits.levels || isInside(value, outside)) return undefined;
  const place = { object: value, outside, level };
  return Array.isArray(value) ? copyList(value, place, count) : copyMapping(value, place, count);
}

function charge(count: Count, entries: number): void {
  count.left -= entries;
  if (count.left < 0) throw new TemplateRenderError(`obj holds more than ${limits.values} values`, 'obj');
}

// Reads through the descriptor, since reading the property would run a getter.
const read = (value: object, key: string | number): unknown => Object.getOwnPropertyDescriptor(value, key)?.value;

function copyMapping(value: object, place: Place, count: Count): Mapping {
  const keys = Object.keys(value);
  charge(count, keys.length);
  // `Object.create(null)` makes a hash table, which takes a third longer to fill and freeze.
  const made = Object.setPrototypeOf({}, null) as Record<string, Value>;
  for (const key of keys) {
    const one = copy(read(value, key), place, count);
    if (one !== undefined) made[key] = one;
  }
  return Object.freeze(made);
}

function copyList(value: readonly unknown[], place: Place, count: Count): readonly Value[] {
  charge(count, value.length);
  const made: Value[] = [];
  // None in the place of what is no data, or the items behind it would move.
  for (let i = 0; i < value.length; i++) made.push(copy(read(value, i), place, count) ?? null);
  return Object.freeze(made);
}

/**
 * The plain data of `obj` for templates: a fresh, frozen copy without prototypes. Getters are not run, and functions,
 * symbols, proxies, circles and what lies deeper than eight levels are left out.
 */
export function templateContext(obj: unknown): TemplateContext {
  const context = new Context(obj);
  void context.obj;
  Object.freeze(context);
  return context;
}

/**
 * The same for templates that are rendered at once, before other code runs: a member is copied when a template first
 * names it, and what none names is never touched. To be dropped after that.
 */
export function passingContext(obj: unknown): TemplateContext {
  return new Context(obj);
}
