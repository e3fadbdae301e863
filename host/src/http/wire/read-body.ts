import type { IncomingMessage } from 'node:http';
import type { Format } from '../negotiate';
import { checkBounds } from './json-bounds';
import { formKind, readForm } from './form-body';
import { Refusal } from './refusal';

const maxBytes = 256 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });
// A last semicolon with nothing after it is what pynautobot sends.
const json = /^application\/json\s*(;\s*(charset\s*=\s*"?utf-?8"?\s*(;\s*)?)?)?$/i;

const csv = /^text\/csv\s*(;\s*(charset\s*=\s*"?utf-?8"?\s*(;\s*)?)?)?$/i;

/** A body that is a CSV file, within the bound of its size. */
export class CsvText {
  constructor(readonly text: string) {}
}

/**
 * The body of a request, within bounds: JSON, or the text of a CSV file or the fields of a form where that is read, too. An empty one counts as
 * `{}`, as Nautobot has it.
 */
export async function readBody(request: IncomingMessage, formats: readonly Format[] = ['json']): Promise<unknown> {
  const { 'content-type': type, 'content-encoding': encoding, 'content-length': length } = request.headers;
  if (Number(length) > maxBytes) throw tooLarge();
  const empty = length === undefined ? request.headers['transfer-encoding'] === undefined : Number(length) === 0;
  if (empty && type === undefined) return {};
  const isCsv = formats.includes('csv') && csv.test(type ?? '');
  const form = formats.includes('form') ? formKind(type ?? '') : undefined;
  if (
    type === undefined ||
    !(isCsv || form || json.test(type)) ||
    (encoding !== undefined && encoding !== 'identity')
  ) {
    const shown = /^[\w.+/-]{1,100}/.exec(type ?? '')?.[0] ?? '';
    throw new Refusal('unsupported-media-type', `Unsupported media type "${shown}" in request.`, close);
  }
  if (empty) return isCsv ? new CsvText('') : {};
  const bytes = await readBytes(request);
  if (isCsv) return new CsvText(decoded(bytes, 'CSV parse error - the body is not UTF-8'));
  if (form) return readForm(form, decoded(bytes, 'The form is not UTF-8.'));
  if (bytes.length === 0) return {};
  const body = parse(bytes);
  checkBounds(body);
  return body;
}

const close = { Connection: 'close' };
const tooLarge = (): Refusal => new Refusal('too-large', `The body is larger than ${maxBytes} bytes.`, close);

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    request.once('error', () => reject(new Refusal('malformed', 'The body broke off.', close)));
  });
}

// V8's own message quotes the input, in which a value could stand.
function parse(bytes: Buffer): unknown {
  const fault = 'JSON parse error - the body is not valid JSON in UTF-8';
  const text = decoded(bytes, fault);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal('malformed', fault);
  }
}

function decoded(bytes: Buffer, fault: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refusal('malformed', fault);
  }
}
