const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const escape = /\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[^])/g;

function unescaped(_: string, code: string): string {
  const letter = letters[code];
  if (letter !== undefined) return letter;
  if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8) & 0xff) : code;
}

/** One field of a row of `COPY`; `\N` is null. */
const field = (text: string): string | null => {
  if (text === String.raw`\N`) return null;
  return text.includes('\\') ? text.replace(escape, unescaped) : text;
};

/** The fields of one line of a `COPY ... FROM stdin` block. */
export const copyFields = (line: string): (string | null)[] => line.split('\t').map(field);
