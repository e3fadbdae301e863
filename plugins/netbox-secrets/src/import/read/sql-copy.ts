/** What a letter behind a backslash stands for. */
export const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const escape = /\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[^])/g;

/** The character of a byte in hex (`x41`) or octal (`101`); undefined where it is neither. */
export function byteOf(code: string): string | undefined {
  if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8) & 0xff) : undefined;
}

/** One field of a row of `COPY`; `\N` is null. */
function field(text: string): string | null {
  if (text === String.raw`\N`) return null;
  if (!text.includes('\\')) return text;
  return text.replace(escape, (_, code: string) => letters[code] ?? byteOf(code) ?? code);
}

/** The fields of one line of a `COPY ... FROM stdin` block. */
export const copyFields = (line: string): (string | null)[] => line.split('\t').map(field);
