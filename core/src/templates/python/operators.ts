import { TemplateRenderError } from '../errors';
import { fits, spend } from '../limits';
import { add, divide, floorDivide, modulo, multiply, negate, subtract } from './numbers';
import { repeat } from './text';
import {
  asCount,
  asNumber,
  contains,
  equals,
  isList,
  order,
  Tuple,
  typeName,
  type Float,
  type Int,
  type Value,
} from './values';

type Binary = (a: Value, b: Value) => Value;

function refuse(symbol: string, a: Value, b: Value): never {
  throw new TemplateRenderError(`${symbol} cannot be used on ${typeName(a)} and ${typeName(b)}`);
}

const onNumbers =
  (symbol: string, apply: (a: Int | Float, b: Int | Float) => Value): Binary =>
  (a, b) => {
    const x = asNumber(a);
    const y = asNumber(b);
    return x === undefined || y === undefined ? refuse(symbol, a, b) : apply(x, y);
  };

const sum = onNumbers('+', add);
const product = onNumbers('*', multiply);

function plus(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') {
    fits(a.length + b.length);
    return a + b;
  }
  if (!isList(a) || !isList(b)) return sum(a, b);
  if (a instanceof Tuple !== b instanceof Tuple) return refuse('+', a, b);
  spend(a.length + b.length);
  return a.concat(b);
}

function times(a: Value, b: Value): Value {
  if (typeof a === 'string' && asNumber(b) !== undefined) return repeat(a, asCount(b, 'What a str is multiplied by'));
  if (typeof b === 'string' && asNumber(a) !== undefined) return times(b, a);
  return product(a, b);
}

/** The binary operators by the name of their node. */
export const binary: Readonly<Record<string, Binary>> = {
  Add: plus,
  Sub: onNumbers('-', subtract),
  Mul: times,
  Div: onNumbers('/', divide),
  FloorDiv: onNumbers('//', floorDivide),
  Mod: onNumbers('%', modulo),
};

function signed(symbol: string, value: Value): Int | Float {
  const number = asNumber(value);
  if (number === undefined) throw new TemplateRenderError(`${symbol} cannot be used on ${typeName(value)}`);
  return number;
}

/** The signs by the name of their node. */
export const unary: Readonly<Record<string, (value: Value) => Value>> = {
  Neg: (value) => negate(signed('-', value)),
  Pos: (value) => signed('+', value),
};

const ordered =
  (holds: (sign: number) => boolean) =>
  (a: Value, b: Value): boolean => {
    const sign = order(a, b);
    return sign !== undefined && holds(sign);
  };

/** The comparisons by their sign. */
export const comparisons: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': equals,
  '!=': (a, b) => !equals(a, b),
  '<': ordered((sign) => sign < 0),
  '>': ordered((sign) => sign > 0),
  '<=': ordered((sign) => sign <= 0),
  '>=': ordered((sign) => sign >= 0),
  in: contains,
  'not in': (a, b) => !contains(a, b),
};
