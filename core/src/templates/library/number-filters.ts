import { TemplateRenderError } from '../errors';
import { limits } from '../limits';
import { parseFloatText, parseInteger } from '../python/number-text';
import { divide, float, int, multiply, round } from '../python/numbers';
import { strip } from '../python/text';
import { asCount, asNumber, Float, typeName, type Int, type Value } from '../python/values';
import { table } from './signature';

function numberOf(value: Value, filter: string): Int | Float {
  const number = asNumber(value);
  if (number === undefined) throw new TemplateRenderError(`${filter} needs a number, not ${typeName(value)}`);
  return number;
}

function absolute(value: Value): Value {
  const number = numberOf(value, 'abs');
  if (number instanceof Float) return new Float(Math.abs(number.value));
  return number < 0 ? int(-BigInt(number)) : number;
}

// A float that no int can be (infinite or not a number) is undefined here.
const truncated = (value: number): Int | undefined =>
  Number.isFinite(value) ? int(BigInt(Math.trunc(value))) : undefined;

function toInt(value: Value, ifNone: Value, base: Value): Value {
  if (typeof value !== 'string') {
    const number = asNumber(value);
    return (number instanceof Float ? truncated(number.value) : number) ?? ifNone;
  }
  const radix = asCount(base, 'The base');
  const plain = strip(value);
  if (plain.length > limits.digits) throw new TemplateRenderError('A number is too long');
  const found = radix === 0 || (radix >= 2 && radix <= 36) ? parseInteger(plain, radix) : undefined;
  if (found !== undefined) return int(found);
  const fraction = parseFloatText(plain);
  return (fraction === undefined ? undefined : truncated(fraction)) ?? ifNone;
}

function toFloat(value: Value, ifNone: Value): Value {
  const number = typeof value === 'string' ? parseFloatText(strip(value)) : asNumber(value);
  if (number === undefined) return ifNone;
  return typeof number === 'number' ? new Float(number) : new Float(float(number));
}

const powers: Readonly<Record<string, (value: number) => number>> = { ceil: Math.ceil, floor: Math.floor };

function toRounded(value: Value, precision: Value, method: Value): Value {
  const number = numberOf(value, 'round');
  const digits = asCount(precision, 'The precision');
  if (method === 'common') return round(number, digits);
  const towards = typeof method === 'string' && Object.hasOwn(powers, method) ? powers[method] : undefined;
  if (!towards) throw new TemplateRenderError('The method of round must be common, ceil or floor');
  if (Math.abs(digits) > 22) throw new TemplateRenderError('The precision of round is too large');
  const unit: Int | Float = digits < 0 ? new Float(Number(`1e${digits}`)) : int(10n ** BigInt(digits));
  const scaled = multiply(number, unit);
  const whole = scaled instanceof Float ? truncated(towards(scaled.value)) : scaled;
  if (whole === undefined) throw new TemplateRenderError('An infinite number cannot be rounded');
  return divide(whole, unit);
}

/** The filters that make numbers. */
export const numberFilters = table<Value, Value>({
  abs: [[], absolute],
  float: [[['default', new Float(0)]], toFloat],
  int: [
    [
      ['default', 0],
      ['base', 10],
    ],
    toInt,
  ],
  round: [
    [
      ['precision', 0],
      ['method', 'common'],
    ],
    toRounded,
  ],
});
