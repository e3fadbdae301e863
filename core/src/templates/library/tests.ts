import { TemplateRenderError } from '../errors';
import { modulo } from '../python/numbers';
import { comparisons } from '../python/operators';
import { asNumber, equals, Float, isList, isMapping, text, typeName, type Int, type Value } from '../python/values';
import { table, type Formal } from './signature';

function rest(value: Value, by: Value): Int | Float {
  const [number, divisor] = [asNumber(value), asNumber(by)];
  if (number !== undefined && divisor !== undefined) return modulo(number, divisor);
  throw new TemplateRenderError(`${typeName(value)} cannot be divided by ${typeName(by)}`);
}

const compare = (sign: string) =>
  [[['other']] as readonly Formal[], comparisons[sign] as (a: Value, b: Value) => boolean] as const;

const isCased = (value: Value, change: (text: string) => string, back: (text: string) => string) => {
  const written = text(value);
  return change(written) === written && back(written) !== written;
};
const lower = (value: string) => value.toLowerCase();
const upper = (value: string) => value.toUpperCase();

/** The tests that follow `is`, except `defined` and `undefined`, which look at the name and not at its value. */
export const tests = table<Value, boolean>({
  boolean: [[], (value) => typeof value === 'boolean'],
  divisibleby: [[['num']], (value, by) => equals(rest(value, by), 0)],
  eq: compare('=='),
  equalto: compare('=='),
  even: [[], (value) => equals(rest(value, 2), 0)],
  false: [[], (value) => value === false],
  float: [[], (value) => value instanceof Float],
  ge: compare('>='),
  greaterthan: compare('>'),
  gt: compare('>'),
  in: compare('in'),
  integer: [[], (value) => typeof value === 'number' || typeof value === 'bigint'],
  iterable: [[], (value) => typeof value === 'string' || isList(value) || isMapping(value)],
  le: compare('<='),
  lessthan: compare('<'),
  lower: [[], (value) => isCased(value, lower, upper)],
  lt: compare('<'),
  mapping: [[], isMapping],
  ne: compare('!='),
  none: [[], (value) => value === null],
  number: [[], (value) => asNumber(value) !== undefined],
  odd: [[], (value) => equals(rest(value, 2), 1)],
  sequence: [[], (value) => typeof value === 'string' || isList(value) || isMapping(value)],
  string: [[], (value) => typeof value === 'string'],
  true: [[], (value) => value === true],
  upper: [[], (value) => isCased(value, upper, lower)],
});
