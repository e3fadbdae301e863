import { byteOf, letters } from './sql-copy';

const escape = /\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}|[^])/g;

function unescaped(_: string, code: string): string {
  if (/^[uU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
  // In a literal \v is a v.
  return code === 'v' ? code : (letters[code] ?? byteOf(code) ?? code);
}

/** Whether the character at `at` is escaped: an odd number of backslashes stands before it, none before `from`. */
function isEscapedAt(text: string, at: number, from: number): boolean {
  let before = at;
  while (before > from && text[before - 1] === '\\') before -= 1;
  return (at - before) % 2 === 1;
}

/** Where a quoted text goes on at `from`, the place after its last quote; undefined where it does not end. */
export function endOfQuoted(text: string, from: number, hasEscapes: boolean): number | undefined {
  for (let at = from; ;) {
    const quote = text.indexOf("'", at);
    if (quote < 0) return undefined;
    if (hasEscapes && isEscapedAt(text, quote, at)) at = quote + 1;
    else if (text[quote + 1] === "'") at = quote + 2;
    else return quote + 1;
  }
}

const cast = /(?:\s*::\s*[\w". ]+(?:\(\d+\))?(?:\[\])?)?\s*/y;
const word = /[\w.+-]+/y;

const matched = (expression: RegExp, text: string, at: number): string | undefined => {
  expression.lastIndex = at;
  return expression.exec(text)?.[0];
};

const afterSpace = (text: string, at: number): number => at + (matched(/\s*/y, text, at)?.length ?? 0);

interface Read {
  readonly value: string | null;
  readonly end: number;
}

function readValue(text: string, at: number, hasEscapes: boolean): Read | undefined {
  const isEscaped = /^e'/i.test(text.slice(at, at + 2));
  const start = isEscaped ? at + 1 : at;
  if (text[start] === "'") {
    const end = endOfQuoted(text, start + 1, isEscaped || hasEscapes);
    if (end === undefined) return undefined;
    const inner = text.slice(start + 1, end - 1).replaceAll("''", "'");
    return { value: isEscaped || hasEscapes ? inner.replace(escape, unescaped) : inner, end };
  }
  const bare = matched(word, text, at);
  return bare === undefined ? undefined : { value: /^null$/i.test(bare) ? null : bare, end: at + bare.length };
}

/**
 * The tuples of a `VALUES` list, each a list of texts and nulls. What is no literal, such as a call, makes its tuple
 * undefined, and ends the reading: nothing behind it can be told apart.
 */
export function readTuples(text: string, hasEscapes = false): ((string | null)[] | undefined)[] {
  const tuples: ((string | null)[] | undefined)[] = [];
  for (let at = afterSpace(text, 0); text[at] === '(';) {
    const values: (string | null)[] = [];
    do {
      const read = readValue(text, afterSpace(text, at + 1), hasEscapes);
      if (!read) return [...tuples, undefined];
      values.push(read.value);
      at = read.end + (matched(cast, text, read.end)?.length ?? 0);
    } while (text[at] === ',');
    if (text[at] !== ')') return [...tuples, undefined];
    tuples.push(values);
    at = afterSpace(text, at + 1);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return tuples;
}
