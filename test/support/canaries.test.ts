import { inspect } from 'node:util';
import { findCanary, formsOf, makeCanary } from './canaries';

const canary = makeCanary();
const bytes = Uint8Array.from([...Buffer.from(canary), 0, 255, 254]);

test.each([
  ['as it is', canary],
  ['JSON', JSON.stringify({ a: [canary] })],
  [
    'JSON in ASCII',
    JSON.stringify(canary).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  ['JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: canary }) })],
  ['a URL', `https://a/?q=${encodeURIComponent(canary)}&b`],
  ['a form', new URLSearchParams({ q: canary }).toString()],
  [
    'HTML',
    `<p>${canary.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}</p>`,
  ],
  ['hex', Buffer.from(canary).toString('hex')],
  ['base64', Buffer.from(canary).toString('base64')],
  ['base64 one byte later', Buffer.from(`x${canary} and more`).toString('base64')],
  ['base64 two bytes later', Buffer.from(`xy${canary} and more`).toString('base64')],
  ['base64url', Buffer.from(`user:${canary}`).toString('base64url')],
  ['inspect', inspect({ a: { b: canary } })],
  ['inspected bytes', inspect(Buffer.from(canary))],
  [
    'an inspected array',
    inspect(Uint8Array.from(Buffer.from(canary)), { maxArrayLength: null, breakLength: Infinity }),
  ],
  ['JSON of bytes', JSON.stringify(Buffer.from(canary))],
  ['UTF-16', Buffer.from(`a${canary}b`, 'utf16le')],
  ['the first half', `the value begins ${canary.slice(0, 40)}`],
])('a canary is found in %s', (_how, written) => expect(findCanary({ here: written }, canary)).not.toEqual([]));

test.each([
  ['a file', Buffer.concat([Buffer.alloc(100, 7), bytes, Buffer.alloc(100)])],
  ['hex', Buffer.from(bytes).toString('hex')],
  ['base64', Buffer.concat([Buffer.from('ab'), bytes]).toString('base64')],
  ['inspect', inspect(Buffer.from(bytes))],
])('bytes are found in %s', (_how, written) => expect(findCanary({ here: written }, bytes)).not.toEqual([]));

test('each form is found by its own name, and nothing is found where nothing is', () => {
  for (const [name, forms] of Object.entries(formsOf(canary)))
    for (const form of forms) expect(findCanary({ there: `before ${form} after` }, canary)).toContain(`there: ${name}`);
  expect(findCanary({ a: makeCanary(), b: JSON.stringify(formsOf(makeCanary())), c: '[REDACTED]' }, canary)).toEqual(
    [],
  );
});
