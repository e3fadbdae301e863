/** Python's repr() of a float. */
export function repr(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16)
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const digit = /\p{Nd}/u;

// Decimal digits of every script stand in rows of ten.
function asciiDigit(char: string): string {
  const point = char.codePointAt(0) as number;
  let first = point;
  while (first > 0 && digit.test(String.fromCodePoint(first - 1))) first--;
  return String((point - first) % 10);
}

/** The text in the form that the number patterns know: stripped, with the digits 0 to 9. */
export const plainDigits = (text: string): string =>
  /^[\x21-\x7e]*$/.test(text) ? text : text.replace(/(?![0-9])\p{Nd}/gu, asciiDigit);

const prefixes: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };

/** What Python's int(text, base) gives, or undefined where it raises. The text is stripped already. */
export function parseInteger(text: string, base: number): bigint | undefined {
  const match = /^([+-]?)(?:0([box])_?)?([0-9a-z]+(?:_[0-9a-z]+)*)$/i.exec(plainDigits(text));
  if (!match) return undefined;
  const [, sign, prefix, body = ''] = match;
  const marked = prefix === undefined ? undefined : prefixes[prefix.toLowerCase()];
  // In base 16 "0b1" is the number 0xb1; "0x" is a prefix only where it names the base.
  const isPrefix = marked !== undefined && (base === 0 || base === marked);
  const digits = (isPrefix || prefix === undefined ? body : `0${prefix}${body}`).replaceAll('_', '').toLowerCase();
  const radix = isPrefix ? marked : base || 10;
  if (base === 0 && !isPrefix && /^0+[1-9]/.test(digits)) return undefined;
  let value = 0n;
  for (const char of digits) {
    const weight = parseInt(char, 36);
    if (weight >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(weight);
  }
  return sign === '-' ? -value : value;
}

const run = String.raw`\d+(?:_\d+)*`;
const floatForm = new RegExp(`^[+-]?(?:${run}(?:\\.(?:${run})?)?|\\.${run})(?:e[+-]?${run})?$`, 'i');

/** What Python's float(text) gives, or undefined where it raises. The text is stripped already. */
export function parseFloatText(text: string): number | undefined {
  const plain = plainDigits(text);
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(plain);
  if (word) return word[2]?.toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
  if (!floatForm.test(plain)) return undefined;
  return Number(plain.replaceAll('_', ''));
}
