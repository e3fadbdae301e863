// The characters that Python's str.isspace() names. JavaScript's trim() differs: it lacks \x1c-\x1f and \x85, and takes
// the byte order mark.
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const isSpace = new RegExp(`[${space}]`);

/** The text without its surrounding whitespace, as Python's `str.strip()` gives it. */
export function pythonStrip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace.test(text.charAt(start))) start += 1;
  while (end > start && isSpace.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
