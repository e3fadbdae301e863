import type { IncomingMessage } from 'node:http';
import { checkBounds } from './json-bounds';
import { Refusal } from './refusal';

const maxBytes = 256 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });
// A last semicolon with nothing after it is what pynautobot sends.
const json = /^application\/json\s*(;\s*(charset\s*=\s*"?utf-?8"?\s*(;\s*)?)?)?$/i;

/** The JSON body of a request, within bounds; an empty one counts as `{}`, as Nautobot has it. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const { 'content-type': type, 'content-encoding': encoding, 'content-length': length } = request.headers;
  if (Number(length) > maxBytes) throw tooLarge();
  const empty = length === undefined ? request.headers['transfer-encoding'] === undefined : Number(length) === 0;
  if (empty && type === undefined) return {};
  if (type === undefined || !json.test(type) || (encoding !== undefined && encoding !== 'identity')) {
    const shown = /^[\w.+/-]{1,100}/.exec(type ?? '')?.[0] ?? '';
    throw new Refusal('unsupported-media-type', `Unsupported media type "${shown}" in request.`, close);
  }
  if (empty) return {};
  const bytes = await readBytes(request);
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
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch {
    throw new Refusal('malformed', 'JSON parse error - the body is not valid JSON in UTF-8');
  }
}
