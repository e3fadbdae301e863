import { fits, spend } from '../limits';

// Python's idea of space (str.isspace): unlike JavaScript's it has U+001C to U+001F and U+0085, and no U+FEFF.
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const wordForm = new RegExp(`[^${space}]+`, 'g');
const oneSpace = new RegExp(`[${space}]`);
const surrogate = /[\ud800-\udfff]/;

/** Python's `\s` for use in other patterns. */
export const spaceClass = space;

const isAstral = (text: string) => surrogate.test(text);

/** The characters of a text as Python counts them. */
export const points = (text: string): readonly string[] => (isAstral(text) ? Array.from(text) : text.split(''));

/** Python's len(). */
export const length = (text: string): number => (isAstral(text) ? Array.from(text).length : text.length);

/** Python's text[start:stop:step] on anything indexed. */
export function slice<T>(list: readonly T[], start: number | undefined, stop: number | undefined, step: number): T[] {
  const size = list.length;
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const place = (index: number | undefined, missing: number) =>
    index === undefined ? missing : Math.min(Math.max(index < 0 ? index + size : index, low), high);
  const from = place(start, step > 0 ? low : high);
  const to = place(stop, step > 0 ? high : low);
  const out: T[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) out.push(list[i] as T);
  return out;
}

/** Below, at or above 0 by code points; JavaScript's `<` goes by UTF-16 units, which differ past U+FFFF. */
export function comparePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // Inside a pair the character starts one unit before.
    const at = i > 0 && /[\ud800-\udbff]/.test(a.charAt(i - 1)) ? i - 1 : i;
    return (a.codePointAt(at) as number) - (b.codePointAt(at) as number);
  }
  return a.length - b.length;
}

const isIn = (chars: readonly string[] | undefined) =>
  chars === undefined ? (char: string) => oneSpace.test(char) : (char: string) => chars.includes(char);

/** Python's strip(), lstrip() and rstrip(), of space or of the given characters. */
export function strip(text: string, side: 'both' | 'left' | 'right' = 'both', chars?: string): string {
  const list = points(text);
  const matches = isIn(chars === undefined ? undefined : [...new Set(points(chars))]);
  let start = 0;
  let end = list.length;
  if (side !== 'right') while (start < end && matches(list[start] as string)) start++;
  if (side !== 'left') while (end > start && matches(list[end - 1] as string)) end--;
  return list.slice(start, end).join('');
}

/** Python's split(separator, limit); a limit below 0 means none. */
export function split(text: string, separator: string | undefined, limit: number): string[] {
  if (separator === undefined) return splitAtSpace(text, limit);
  const all = text.split(separator);
  spend(all.length);
  if (limit < 0 || all.length <= limit + 1) return all;
  return [...all.slice(0, limit), all.slice(limit).join(separator)];
}

/** Python's split(): at runs of space, without empty ends; what the limit leaves keeps the space at its end. */
function splitAtSpace(text: string, limit: number): string[] {
  const out: string[] = [];
  for (const { 0: word, index } of text.matchAll(wordForm)) {
    spend(1);
    const isLast = limit >= 0 && out.length >= limit;
    out.push(isLast ? text.slice(index) : word);
    if (isLast) break;
  }
  return out;
}

/** Python's rsplit(separator, 1)[0]. */
export function beforeLast(text: string, separator: string): string {
  const at = text.lastIndexOf(separator);
  return at < 0 ? text : text.slice(0, at);
}

/** Python's splitlines(). */
export function lines(text: string): string[] {
  const list = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (list.at(-1) === '') list.pop();
  return list;
}

/** Python's count() of a text that is not empty. */
export function countOf(text: string, sought: string): number {
  let count = 0;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) count++;
  return count;
}

/** Python's replace(); the size of the result is known before it is made. `limit` below 0 means every place. */
export function replace(text: string, old: string, fresh: string, limit = -1): string {
  if (old === '') return replaceBetween(text, fresh, limit);
  const growth = fresh.length - old.length;
  if (growth > 0) fits(text.length + growth * Math.min(countOf(text, old), limit < 0 ? Infinity : limit));
  let out = '';
  let from = 0;
  let left = limit;
  for (let at = text.indexOf(old); at >= 0 && left !== 0; at = text.indexOf(old, from)) {
    out += text.slice(from, at) + fresh;
    from = at + old.length;
    left--;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** Python's replace('', fresh): before every character and at the end. */
function replaceBetween(text: string, fresh: string, limit: number): string {
  const list = points(text);
  const count = limit < 0 ? list.length + 1 : Math.min(limit, list.length + 1);
  fits(text.length + count * fresh.length);
  return list.map((char, i) => (i < count ? fresh + char : char)).join('') + (count > list.length ? fresh : '');
}

/** The text `count` times. */
export function repeat(text: string, count: number): string {
  fits(text.length * Math.max(count, 0));
  return text.repeat(Math.max(count, 0));
}

/** Python's ljust(), rjust() and center(). */
export function pad(text: string, width: number, side: 'left' | 'right' | 'both', fill = ' '): string {
  const missing = width - length(text);
  if (missing <= 0) return text;
  const before = side === 'left' ? missing : side === 'right' ? 0 : (missing >> 1) + (missing & width & 1);
  fits(text.length + missing * fill.length);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

/** Python's zfill(): zeros after the sign. */
export function zfill(text: string, width: number): string {
  const sign = /^[+-]/.test(text) ? (text[0] as string) : '';
  return sign + pad(text.slice(sign.length), width - sign.length, 'left', '0');
}
