import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { readPrivateKey } from './private-key';
import { fingerprintOf, readPublicKey } from './public-key';

const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs1' | 'pkcs8', protection = {}) =>
  privateKey.export({ type, format: 'pem', ...protection }).toString();
const locked = { cipher: 'aes-256-cbc', passphrase: 'correct horse' };
const opened = async (text: string, passphrase?: string) => {
  const key = await readPrivateKey(text, passphrase === undefined ? {} : { passphrase });
  return fingerprintOf(createPublicKey(key));
};

test.each([
  ['PKCS#1', pem('pkcs1')],
  ['PKCS#8', pem('pkcs8')],
  ['PKCS#1 with CRLF and blank lines around it', `\n\n ${pem('pkcs1').replaceAll('\n', '\r\n')}\r\n`],
])('a key in %s is read', async (_, text) => {
  expect((await readPrivateKey(text)).equals(privateKey)).toBe(true);
});

test.each([
  ['PKCS#1', pem('pkcs1', locked)],
  ['PKCS#8', pem('pkcs8', locked)],
])('a protected key in %s opens with its passphrase, and with that alone', async (_, text) => {
  expect((await readPrivateKey(text, { passphrase: 'correct horse' })).equals(privateKey)).toBe(true);
  for (const options of [{}, { passphrase: '' }, { passphrase: 'wrong' }])
    await expect(readPrivateKey(text, options)).rejects.toMatchObject({ code: 'private-key-passphrase' });
});

test.each([['openssh.pem'], ['openssh-passphrase.pem'], ['openssh-passphrase-cbc.pem']])(
  'what ssh-keygen wrote in %s is read, and is the key of its public half',
  async (name) => {
    const passphrase = name === 'openssh.pem' ? undefined : 'correct horse';
    const wanted = readPublicKey(fixture('openssh.pub')).fingerprint;
    expect(await opened(fixture(name), passphrase)).toBe(wanted);
  },
);

test("CRLF in OpenSSH's form does no harm", async () => {
  const [unix, dos] = [fixture('openssh.pem'), fixture('openssh.pem').replaceAll('\n', '\r\n')];
  expect(await opened(dos)).toBe(await opened(unix));
});

test.each([['openssh-passphrase.pem'], ['openssh-passphrase-cbc.pem']])(
  '%s does not open without its passphrase',
  async (name) => {
    for (const options of [{}, { passphrase: 'wrong' }])
      await expect(readPrivateKey(fixture(name), options)).rejects.toMatchObject({ code: 'private-key-passphrase' });
  },
);

/** A protected container with its last field shorter, or with another number of rounds. */
function changedContainer({ cut = 0, rounds = 2 }): string {
  const [, ...body] = fixture('openssh-passphrase-cbc.pem').trim().split('\n');
  const bytes = Buffer.from(body.slice(0, -1).join(''), 'base64');
  const kdf = bytes.indexOf('bcrypt');
  const saltSize = bytes.readUInt32BE(kdf + 10);
  bytes.writeUInt32BE(rounds, kdf + 14 + saltSize);
  const publicSize = bytes.readUInt32BE(kdf + 22 + saltSize);
  const blob = kdf + 26 + saltSize + publicSize;
  bytes.writeUInt32BE(bytes.readUInt32BE(blob) - cut, blob);
  const lines =
    bytes
      .subarray(0, bytes.length - cut)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----'].join('\n');
}

test('a protected container that was only taken apart and put together is read', async () => {
  await expect(readPrivateKey(changedContainer({}), { passphrase: 'correct horse' })).resolves.toBeDefined();
});

test.each([
  ['whose last block is broken', { cut: 5 }],
  ['that asks for more work than ssh-keygen does', { rounds: 1_001 }],
])('a protected container %s is refused before it is opened', async (_, change) => {
  const reading = readPrivateKey(changedContainer(change), { passphrase: 'correct horse' });
  await expect(reading).rejects.toMatchObject({ code: 'private-key' });
  // A broken block used to end the process a turn later.
  await new Promise(setImmediate);
});

test('a key of more than 8192 bits is refused, since each use of it would take its time', async () => {
  const number = (bytes: number) => Buffer.alloc(bytes, 0xff).toString('base64url');
  const halves = Object.fromEntries(['p', 'q', 'dp', 'dq', 'qi'].map((name) => [name, number(513)]));
  const jwk = { kty: 'RSA', e: 'AQAB', n: number(1025), d: number(1025), ...halves };
  const long = createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs1', format: 'pem' }).toString();
  await expect(readPrivateKey(long)).rejects.toMatchObject({ code: 'private-key' });
});

const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const signing = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;

test.each([
  ['nothing', ''],
  ['words', 'not a key'],
  ['a public key', fixture('openssh.pub')],
  ['a key on a curve', `${curve}`],
  ['a key for signatures alone', `${signing.export({ type: 'pkcs8', format: 'pem' })}`],
  ['a key of OpenSSH on a curve', fixture('openssh-ed25519.pem')],
  ['a key on one line', pem('pkcs1').replaceAll('\n', '')],
  ['a key with blanks for plus signs', pem('pkcs1').replaceAll('+', ' ').replace('BEGIN', 'BEGIN ')],
  ['half a key', `${pem('pkcs1').slice(0, 800)}\n-----END RSA PRIVATE KEY-----`],
  ['half a key of OpenSSH', `${fixture('openssh.pem').slice(0, 800)}\n-----END OPENSSH PRIVATE KEY-----`],
  ['a megabyte', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(1_000_000)}\n-----END PRIVATE KEY-----`],
])('%s is an invalid private key, and is not echoed', async (_, text) => {
  const thrown: unknown = await readPrivateKey(text).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'private-key', message: 'Invalid private key.' });
  expect((thrown as Error).cause).toBeUndefined();
  for (const word of text.slice(0, 2000).match(/[A-Za-z0-9+/]{16,}/g) ?? [])
    expect(inspect(thrown)).not.toContain(word);
});
