import { RE2JS, RE2JSException } from 're2js';

/** A regular expression that matches in linear time. */
export interface Pattern {
  test(text: string): boolean;
}

/** Longest regular expression, in UTF-16 units. */
export const maxPatternLength = 256;

// What a repetition of repetitions becomes; past it, a compilation or a match takes more than milliseconds.
const maxProgramSize = 5000;
// Keeps most of what is too large from being compiled only to be measured.
const maxRepeats = 20_000;
const repeatsTooMuch = 'The regular expression repeats too much; write it shorter.';

const repeatsOf = (source: string): number =>
  [...source.matchAll(/\{(\d{1,6})(?:,(\d{0,6}))?\}/g)].reduce(
    (sum, [, low, high]) => sum + Math.max(Number(low), Number(high ?? 0)),
    0,
  );

/**
 * Compiles RE2's syntax: no back references, no look-around. It is found anywhere in the text; `$` without `(?m)` is the
 * very end. Without case it folds letter by letter, as RE2's `(?i)` does: `k` meets the Kelvin sign, `ss` not `ß`.
 */
export function compilePattern(source: string, insensitive: boolean): Pattern | { readonly fault: string } {
  if (source.length > maxPatternLength) {
    return { fault: `A regular expression has at most ${maxPatternLength} characters.` };
  }
  if (repeatsOf(source) * source.length > maxRepeats) return { fault: repeatsTooMuch };
  try {
    const pattern = RE2JS.compile(source, insensitive ? RE2JS.CASE_INSENSITIVE : 0);
    if (pattern.programSize() > maxProgramSize) {
      return { fault: repeatsTooMuch };
    }
    return { test: (text) => pattern.test(text) };
  } catch (error) {
    if (error instanceof RE2JSException) return { fault: `Not a regular expression of RE2: ${error.message}.` };
    throw error;
  }
}
