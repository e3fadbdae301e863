import { randomBytes } from 'node:crypto';

/** A value to look for: with letters, signs that every escape changes, and enough chance in it to occur nowhere else. */
export function makeCanary(): string {
  return `Cän"ary <${randomBytes(6).toString('hex')}>/+&=\\\n{{ %s }} ${randomBytes(6).toString('base64')} ${'é\u{1F511}'}`;
}

const percent = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const unicode = (text: string): string =>
  [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, unicode);
const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Base64 of bytes that lie somewhere in a longer text: what stays the same whatever surrounds them, at each offset. */
function base64Within(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const whole = Math.floor(shifted.length / 3) * 4;
    return shifted.toString('base64').slice(offset === 0 ? 0 : 4, whole);
  });
}

/** The forms that a value could have slipped out in, by name. */
export function formsOf(value: string | Uint8Array): Readonly<Record<string, readonly string[]>> {
  const bytes = Buffer.from(value as string);
  const base64 = base64Within(bytes);
  const packed = {
    hex: [bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    base64,
    base64url: base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    'percent of every byte': [percent(bytes), percent(bytes).toUpperCase()],
    // The start is enough, since inspect shows no more; lists are compared with one space between their items.
    numbers: [[...bytes.subarray(0, 16)].join(' ')],
    'hex pairs': [[...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')],
  };
  if (typeof value !== 'string') return packed;
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value);
  return {
    ...packed,
    plain: [value],
    json: [json, ascii(json), unicode(value)],
    'json in json': [JSON.stringify(json).slice(1, -1)],
    url: [url, url.toLowerCase(), url.replaceAll('%20', '+'), new URLSearchParams({ a: value }).toString().slice(2)],
    html: [html(value)],
    // What inspect makes of a text in an object.
    inspected: [value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')],
    'utf-16': [Buffer.from(value, 'utf16le').toString('latin1')],
  };
}

/**
 * The forms in which a value occurs in what was written, as `place: form`; none, when nothing leaked. Bytes are
 * searched as bytes, so files of any kind can be given. Long enough parts of a value count as the value.
 */
export function findCanary(
  places: Readonly<Record<string, string | Uint8Array>>,
  value: string | Uint8Array,
): readonly string[] {
  const forms = Object.entries(formsOf(value));
  const raw = Buffer.from(value as string);
  return Object.entries(places).flatMap(([place, written]) => {
    const bytes = Buffer.from(written as string);
    const spaced = Buffer.from(bytes.toString('latin1').replace(/[\s,]+/g, ' '), 'latin1');
    const found = forms.flatMap(([name, texts]) =>
      texts.some((text) =>
        [bytes, spaced].some((searched) => searched.includes(text) || searched.includes(text, 0, 'latin1')),
      )
        ? [`${place}: ${name}`]
        : [],
    );
    const part = raw.subarray(0, Math.max(12, Math.floor(raw.length / 2)));
    return bytes.includes(raw) || bytes.includes(part) ? [...new Set([...found, `${place}: bytes`])] : found;
  });
}
