import { TemplateRenderError } from '../errors';
import { limits } from '../limits';
import { Float, type Int } from './values';

const bound = 1n << BigInt(limits.bits);

/** The int in its one form, or an error when it is too large. */
export function int(value: bigint): Int {
  if (value >= bound || value <= -bound) throw new TemplateRenderError('A number is too large');
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** Any number as a JavaScript number. */
export const float = (value: Int | Float): number => (value instanceof Float ? value.value : Number(value));

type Operation = (a: Int | Float, b: Int | Float) => Int | Float;

/** An operation from its two forms; small ints take the float form when the result is exact. */
function operation(onFloats: (a: number, b: number) => number, onInts: (a: bigint, b: bigint) => bigint): Operation {
  return (a, b) => {
    if (a instanceof Float || b instanceof Float) return new Float(onFloats(float(a), float(b)));
    const quick = typeof a === 'number' && typeof b === 'number' ? onFloats(a, b) : NaN;
    // A float operation may write -0, which no int is.
    return Number.isSafeInteger(quick) ? quick + 0 : int(onInts(BigInt(a), BigInt(b)));
  };
}

function divisor<T>(value: T): T {
  if (Number(value) === 0) throw new TemplateRenderError('Division by zero');
  return value;
}

const modFloats = (a: number, b: number): number => {
  const rest = a % divisor(b);
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
};

const floorFloats = (a: number, b: number): number => {
  const quotient = (a - modFloats(a, b)) / b;
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floored = Math.floor(quotient);
  return quotient - floored > 0.5 ? floored + 1 : floored;
};

const modInts = (a: bigint, b: bigint): bigint => {
  const rest = a % divisor(b);
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
};

export const add = operation(
  (a, b) => a + b,
  (a, b) => a + b,
);
export const subtract = operation(
  (a, b) => a - b,
  (a, b) => a - b,
);
export const multiply = operation(
  (a, b) => a * b,
  (a, b) => a * b,
);
export const modulo = operation(modFloats, modInts);
export const floorDivide = operation(floorFloats, (a, b) => (a - modInts(a, b)) / b);

const bits = (value: bigint): number => value.toString(2).length;

/** The float nearest to the quotient of two positive ints of any size. */
function divideInts(a: bigint, b: bigint): number {
  // 64 bits of the quotient, the last of them standing for whatever is left, are enough to round from.
  const shift = Math.max(0, 64 - bits(a) + bits(b));
  const scaled = a << BigInt(shift);
  const nearest = Number((scaled / b) | (scaled % b === 0n ? 0n : 1n));
  const half = shift >> 1;
  return nearest * 2 ** -half * 2 ** (half - shift);
}

/** Python's `/`: a float, of ints too. */
export const divide: Operation = (a, b) => {
  const quick = a instanceof Float || b instanceof Float || (typeof a === 'number' && typeof b === 'number');
  if (quick) return new Float(float(a) / divisor(float(b)));
  const [x, y] = [BigInt(a), divisor(BigInt(b))];
  const size = divideInts(x < 0n ? -x : x, y < 0n ? -y : y);
  return new Float(x < 0n === y < 0n ? size : -size);
};

export const negate = (value: Int | Float): Int | Float =>
  value instanceof Float ? new Float(-value.value) : int(-BigInt(value));

/** The quotient rounded to the nearest, a tie to the even side. */
function divideEven(value: bigint, by: bigint): bigint {
  const floored = (value - modInts(value, by)) / by;
  const twice = (value - floored * by) * 2n;
  return twice > by || (twice === by && floored % 2n !== 0n) ? floored + 1n : floored;
}

/** Python's round(value, digits): an int stays one, a float is rounded by its exact decimal value. */
export function round(value: Int | Float, digits: number): Int | Float {
  if (!(value instanceof Float)) {
    if (digits >= 0) return value;
    const unit = 10n ** BigInt(Math.min(-digits, 310));
    return int(divideEven(BigInt(value), unit) * unit);
  }
  const number = value.value;
  if (!Number.isFinite(number) || digits > 100) return value;
  // toFixed writes every digit that the float really has, up to 100 places.
  const places = Math.abs(number) < 1e21 ? 100 : 0;
  const exact = places ? BigInt(Math.abs(number).toFixed(places).replace('.', '')) : BigInt(Math.abs(number));
  if (digits >= places) return value;
  const unit = 10n ** BigInt(Math.min(places - digits, 420));
  const rounded = Number(`${divideEven(exact, unit) * unit}e-${places}`);
  return new Float(number < 0 || Object.is(number, -0) ? -rounded : rounded);
}
