import { Refusal } from './refusal';

/** How a form is written; of one of parts, the line between them. */
export type FormKind = { readonly kind: 'urlencoded' } | { readonly kind: 'parts'; readonly boundary: string };

const mostFields = 100;
const urlencoded = /^application\/x-www-form-urlencoded\s*(;.*)?$/i;
const parts = /^multipart\/form-data\s*;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))\s*;?$/i;

/** Whether a media type is that of a form, and which. */
export function formKind(type: string): FormKind | undefined {
  if (urlencoded.test(type)) return { kind: 'urlencoded' };
  const [, quoted, plain] = parts.exec(type) ?? [];
  const boundary = quoted ?? plain;
  return boundary === undefined ? undefined : { kind: 'parts', boundary };
}

/** The text fields of a form, by name; of a name that comes again the last one counts, and files are passed over. */
export function readForm(form: FormKind, text: string): Readonly<Record<string, string>> {
  const entries = form.kind === 'urlencoded' ? [...new URLSearchParams(text)] : partsOf(form.boundary, text);
  if (entries.length > mostFields) throw malformed(`A form has at most ${mostFields} fields.`);
  return Object.fromEntries(entries);
}

const malformed = (detail: string): Refusal => new Refusal('malformed', detail);

function partsOf(boundary: string, text: string): [name: string, value: string][] {
  const line = `--${boundary}`;
  const [, ...pieces] = `\r\n${text}`.split(`\r\n${line}`);
  if (!pieces.at(-1)?.startsWith('--')) throw malformed('Multipart form parse error - the last boundary is missing.');
  return pieces.slice(0, -1).flatMap((piece) => {
    const end = piece.indexOf('\r\n\r\n');
    if (end < 0) throw malformed('Multipart form parse error - a part has no headers.');
    const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(piece.slice(0, end))?.[1] ?? '';
    const name = /(?:^|;|\s)name="([^"]{1,100})"/i.exec(disposition)?.[1];
    if (name === undefined || /filename\*?=/i.test(disposition)) return [];
    return [[name, piece.slice(end + 4)] as [string, string]];
  });
}
