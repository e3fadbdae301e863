/** The headers of a text, a line each, or what is wrong with it. */
export type HeaderReading = { readonly headers: Readonly<Record<string, string>> } | { readonly fault: string };

const nameForm = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Visible ASCII with spaces between: nothing that ends a line, in any spelling.
const valueForm = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;
const most = 20;

// What frames a request, what this plugin says itself, and what would be a credential in clear.
const taken: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-hook-signature',
]);
const credentials: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Reads `Name: value` lines. */
export function readHeaders(text: string): HeaderReading {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length > most) return { fault: `There are at most ${most} headers.` };
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    if (colon < 1 || !nameForm.test(name) || !valueForm.test(value))
      return { fault: 'Give one header a line, such as "X-Source: latchkey", in plain ASCII.' };
    if (credentials.has(name))
      return { fault: 'A credential would be shown here: give it as "authorization", which is kept encrypted.' };
    if (taken.has(name) || name.startsWith('x-latchkey-')) return { fault: `The header ${name} is not yours to set.` };
    if (headers[name] !== undefined) return { fault: `The header ${name} is given twice.` };
    headers[name] = value;
  }
  return { headers };
}

/** Whether a text can be the value of a header. */
export function isHeaderValue(text: string): boolean {
  return valueForm.test(text);
}
