import { int } from '../python/numbers';
import { parseInteger } from '../python/number-text';
import { Float, type Int } from '../python/values';

const simple: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const escape = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

/** The text of a string literal without its quotes, with Python's escapes; undefined when an escape is malformed. */
export function readString(body: string): string | undefined {
  let malformed = false;
  const text = body.replace(escape, (whole, octal, hex, short, long, char: string | undefined) => {
    if (char !== undefined) {
      // Python gives a backslash before a character past ASCII a meaning that nobody wants.
      malformed ||= 'xuUN'.includes(char) || char > '\x7f';
      return simple[char] ?? whole;
    }
    const point = octal === undefined ? parseInt(hex ?? short ?? long, 16) : parseInt(octal, 8);
    malformed ||= point > 0x10ffff;
    return malformed ? '' : String.fromCodePoint(point);
  });
  return malformed ? undefined : text;
}

/** The value of an integer literal, with its prefix and underscores. */
export const readInt = (text: string): Int => int(parseInteger(text, 0) ?? 0n);

/** The value of a float literal. */
export const readFloat = (text: string): Float => new Float(Number(text.replaceAll('_', '')));
