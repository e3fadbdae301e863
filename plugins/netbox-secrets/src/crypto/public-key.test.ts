import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { readPublicKey } from './public-key';
import { bytesFrom, isWeakModulus, numberFrom } from './rsa-numbers';

const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const pkcs1 = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const line = fixture('openssh.pub');

/** A public key of any size and exponent; nobody has its private half. */
function keyOf(bits: number, { exponent = 65_537n, factor = 1n } = {}): KeyObject {
  const top = 1n << BigInt(bits - 1);
  for (;;) {
    const random = top | (numberFrom(randomBytes(Math.ceil(bits / 8))) % top) | 1n;
    const modulus = random - (factor === 1n ? 0n : random % factor);
    if (modulus >= top && isWeakModulus(modulus) === factor > 1n) {
      const jwk = {
        kty: 'RSA',
        n: bytesFrom(modulus).toString('base64url'),
        e: bytesFrom(exponent).toString('base64url'),
      };
      return createPublicKey({ key: jwk, format: 'jwk' });
    }
  }
}

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

test.each([
  ['SPKI', spki],
  ['PKCS#1', pkcs1],
  ['with CRLF and blank lines around it', `\r\n${spki.replaceAll('\n', '\r\n')}\r\n\r\n`],
])('a key in PEM is read: %s', (_, text) => {
  const read = readPublicKey(text);
  expect(read.key.equals(publicKey)).toBe(true);
  expect([read.pem, read.bits]).toEqual([spki.trim(), 2048]);
  expect(read.fingerprint).toBe(readPublicKey(spki).fingerprint);
});

test.each([
  ['with a comment', line],
  ['without', line.split(' ').slice(0, 2).join(' ')],
])("OpenSSH's line is read, %s", (_, text) => {
  expect(readPublicKey(text).pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n[^]+\n-----END PUBLIC KEY-----$/);
  expect(readPublicKey(text).fingerprint).toBe(readPublicKey(line).fingerprint);
});

test.each([2048, 2100, 4096, 8192])('a key of %d bits is read', (bits) => {
  expect(readPublicKey(pem(keyOf(bits))).bits).toBe(bits);
});

test.each([
  [1024, 'public-key-short'],
  [2047, 'public-key-short'],
  [8193, 'public-key-long'],
  [16_384, 'public-key-long'],
])('a key of %d bits is refused as %s', (bits, code) => {
  expect(() => readPublicKey(pem(keyOf(bits)))).toThrow(expect.objectContaining({ code }));
});

test('the size of a key that is too long is told', () => {
  expect(() => readPublicKey(pem(keyOf(8200)))).toThrow('Public key size (8200) is too large.');
});

test('a short key and an old exponent are warned about, others not', () => {
  const warnings = (bits: number, exponent?: bigint) =>
    readPublicKey(pem(keyOf(bits, exponent === undefined ? {} : { exponent }))).warnings;
  expect(warnings(2048)).toEqual(['The key has 2048 bits; 3072 or more are advised.']);
  expect(warnings(3072)).toEqual([]);
  expect(warnings(3072, 35n)).toEqual(['The exponent of the key is under 65537, as only old tools made it.']);
});

test.each([
  ['the exponent 1', { exponent: 1n }],
  ['an even exponent', { exponent: 65_536n }],
  ['an exponent that makes work', { exponent: (1n << 64n) + 1n }],
  ['an even modulus', { factor: 2n }],
  ['a modulus with a small factor', { factor: 743n }],
])('%s is refused as weak', (_, options) => {
  expect(() => readPublicKey(pem(keyOf(2048, options)))).toThrow(expect.objectContaining({ code: 'public-key-weak' }));
});

const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const privateTexts = [
  pkcs8,
  privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
  fixture('openssh.pem'),
  `${spki}\n${pkcs8}`,
  pkcs8.replaceAll('\n', ' '),
  JSON.stringify(privateKey.export({ format: 'jwk' })),
  'PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 14\nAAAA',
];

test.each(privateTexts.map((text, i) => [i, text]))('private key %d is refused as such, and not echoed', (_, text) => {
  let thrown: unknown;
  try {
    readPublicKey(`${text}`);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    code: 'public-key-private',
    message: 'This looks like a private key. Please provide your public RSA key.',
  });
  for (const word of `${text}`.match(/[A-Za-z0-9+/]{12,}/g) ?? []) expect(inspect(thrown)).not.toContain(word);
});

test.each([
  ['nothing', ''],
  ['words', 'not a key'],
  [
    'a key on a curve',
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
  ],
  [
    'a key for signatures alone',
    generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
  ],
  ["OpenSSH's line of another type", fixture('openssh-ed25519.pub')],
  ["OpenSSH's line with another type inside", `ssh-rsa ${fixture('openssh-ed25519.pub').split(' ')[1]}`],
  ["OpenSSH's line cut short", line.slice(0, 300)],
  ["OpenSSH's line with two lines", `${line}${line}`],
  ['the body of a private key in the clothes of a public one', pkcs8.replaceAll('PRIVATE', 'PUBLIC')],
  ['two keys', `${spki}${spki}`],
  ['a megabyte', `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(1_000_000)}\n-----END PUBLIC KEY-----`],
])('%s is no public key', (_, text) => {
  let thrown: unknown;
  try {
    readPublicKey(`${text}`);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'public-key', message: expect.stringMatching(/^Invalid RSA key\. /) });
  expect((thrown as Error).cause).toBeUndefined();
});
