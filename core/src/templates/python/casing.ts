import { points, spaceClass } from './text';

const cased = /\p{Cased}/u;
const ignorable = /\p{Case_Ignorable}/u;

// Characters whose capital is two letters, of which only the first is written large at the start of a word.
const ligature = /[\u00df\u0587\ufb00-\ufb06\ufb13-\ufb17]/;

/** The form of one character at the start of a word; JavaScript has no such function. */
function titleCase(char: string): string {
  const point = char.codePointAt(0) as number;
  // The digraphs of three forms (large, title, small): the middle one.
  if (point >= 0x1c4 && point <= 0x1cc) return String.fromCodePoint(point - ((point - 0x1c4) % 3) + 1);
  if (point >= 0x1f1 && point <= 0x1f3) return '\u01f2';
  // Georgian writes no large letter at the start of a word.
  if (point >= 0x10d0 && point <= 0x10ff) return char;
  const upper = char.toUpperCase();
  if (ligature.test(char)) return upper.charAt(0) + upper.slice(1).toLowerCase();
  if (upper.length < 2 || !upper.endsWith('\u0399')) return upper;
  // Greek with a small iota below or beside it.
  if (point >= 0x1f80 && point <= 0x1faf) return String.fromCodePoint(point | 8);
  const large = { '\u0391\u0399': '\u1fbc', '\u0397\u0399': '\u1fcc', '\u03a9\u0399': '\u1ffc' }[upper];
  return large ?? `${upper.slice(0, -1)}\u0345`;
}

/** Python's capitalize(). */
export function capitalize(text: string): string {
  const [first = '', ...rest] = points(text);
  // Lowered together, since the small sigma at the end of a word depends on what stands before it.
  const lowered = (first + rest.join('')).toLowerCase();
  return titleCase(first) + lowered.slice(first.toLowerCase().length);
}

/** Whether the next character with a say in the matter, from `at` on in steps of `by`, has case. */
function meetsCased(list: readonly string[], at: number, by: 1 | -1): boolean {
  let i = at;
  while (ignorable.test(list[i] ?? '')) i += by;
  return cased.test(list[i] ?? '');
}

function lowerAt(list: readonly string[], at: number): string {
  const char = list[at] as string;
  if (char !== '\u03a3') return char.toLowerCase();
  return meetsCased(list, at - 1, -1) && !meetsCased(list, at + 1, 1) ? '\u03c2' : '\u03c3';
}

/** Python's title(): a word starts after whatever has no case, an apostrophe included. */
export function title(text: string): string {
  const list = points(text);
  let inWord = false;
  return list
    .map((char, i) => {
      const out = inWord ? lowerAt(list, i) : titleCase(char);
      inWord = cased.test(char);
      return out;
    })
    .join('');
}

const wordBreak = new RegExp(`([-${spaceClass}({\\[<]+)`);

/** Jinja2's title filter: a word starts after space or one of `-({[<`. */
export function titleWords(text: string): string {
  return text
    .split(wordBreak)
    .map((word) => {
      const [first = ''] = points(word.slice(0, 2));
      return first.toUpperCase() + word.slice(first.length).toLowerCase();
    })
    .join('');
}

/** Python's swapcase(). */
export function swapcase(text: string): string {
  const list = points(text);
  return list
    .map((char, i) =>
      /\p{Uppercase}/u.test(char) ? lowerAt(list, i) : /\p{Lowercase}/u.test(char) ? char.toUpperCase() : char,
    )
    .join('');
}
