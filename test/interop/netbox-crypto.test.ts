import { spawnSync } from 'node:child_process';
import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { mac } from '../../plugins/netbox-secrets/src/crypto/derive';
import { deriveHostKeys } from '../../plugins/netbox-secrets/src/crypto/host-keys';
import * as legacy from '../../plugins/netbox-secrets/src/crypto/legacy';
import { createMasterKey, makeKeyring } from '../../plugins/netbox-secrets/src/crypto/keyring';
import { openSecret, sealSecret } from '../../plugins/netbox-secrets/src/crypto/sealing';
import { createSessionKey, sealSession } from '../../plugins/netbox-secrets/src/crypto/session-keys';
import { unwrapMasterKey, wrapMasterKey } from '../../plugins/netbox-secrets/src/crypto/user-keys';
import { pythonEnvironment } from '../support/python-env';

jest.setTimeout(120_000);

// What NetBox itself encrypted with, and shares no code with node:crypto.
const environment = pythonEnvironment(['pycryptodome==3.23.0']);
const described = environment === undefined ? describe.skip : describe;

type Argument = string | number | Buffer;

/** Asks the oracle a list of questions, each a function of `oracle.py` with its arguments. */
function ask(questions: readonly (readonly [string, ...Argument[]])[]): Buffer[] {
  const input = questions.map((question) =>
    question.map((part) => (Buffer.isBuffer(part) ? { hex: part.toString('hex') } : part)),
  );
  const python = join(environment ?? '', 'bin', 'python');
  const options = { input: JSON.stringify(input), maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(python, [join(__dirname, 'netbox-crypto', 'oracle.py')], options);
  if (status !== 0) throw new Error(`The oracle failed: ${stderr.toString().slice(-1000)}`);
  return (JSON.parse(stdout.toString()) as string[]).map((hex) => Buffer.from(hex, 'hex'));
}

const alphabet = [...'aZ9 $äß€🔑'];
const textOf = (length: number) => {
  const letters = randomBytes(length).map((byte) => byte % alphabet.length);
  return Buffer.from([...letters].map((letter) => alphabet[letter]).join(''));
};
const texts = [0, 1, 62, 63, 78, 79, 127, 128, 255, 256, 511, 5000].flatMap((length) => [
  Buffer.alloc(length, 'x'),
  textOf(length),
]);
const longest = Buffer.alloc(65_535, 'y');

described('PyCryptodome', () => {
  const master = createMasterKey(1);
  const bytes = master.key.export();

  test('decrypts the rows that we encrypt for NetBox', () => {
    const wanted = [...texts, longest];
    const rows = wanted.map((text) => legacy.encryptLegacySecret(bytes, text));
    expect(ask(rows.map((row) => ['legacy_decrypt', bytes, row]))).toEqual(wanted);
  });

  test.each([['bytes'], ['code-points'], ['characters']])(
    'encrypts rows that we decrypt, with the header in %s',
    (form) => {
      const wanted = [...texts, longest];
      const rows = ask(wanted.map((text) => ['legacy_encrypt', bytes, text, form]));
      expect(rows.map((row, i) => legacy.decryptLegacySecret(bytes, row, legacy.legacyHash(wanted[i] ?? row)))).toEqual(
        wanted,
      );
    },
  );

  test('makes the same hashes', () => {
    const salts = texts.map((_, i) => `salt${i}`);
    const digests = ask(texts.map((text, i) => ['legacy_hash', text, salts[i] ?? '']));
    expect(texts.map((text, i) => legacy.legacyHash(text, salts[i]))).toEqual(
      digests.map((digest, i) => `pbkdf2_sha256$1000$${salts[i]}$${digest.toString('base64')}`),
    );
  });

  test('opens and makes the wraps of NetBox, and opens ours, for keys of 2048 bits and more', async () => {
    for (const modulusLength of [2048, 2056, 3072]) {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
      const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
      const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const wraps = [wrapMasterKey(publicKey, master), legacy.wrapLegacyMasterKey(publicKey, bytes)];
      expect(ask(wraps.map((wrap) => ['open_wrap', pem, wrap]))).toEqual([bytes, bytes]);
      const [theirs = Buffer.alloc(0)] = ask([['legacy_wrap', spki, bytes]]);
      expect(legacy.unwrapLegacyMasterKey(privateKey, theirs)).toEqual(bytes);
      expect(await unwrapMasterKey(privateKey, theirs)).toEqual(bytes);
    }
  });

  test('opens the records that we seal, and seals records that we open, for values of all sizes', () => {
    const values = [...texts, randomBytes(1024), randomBytes(1025), randomBytes(65_536)];
    const place = (i: number) => ({ id: `secret ${i}`, version: i + 2 ** 33 });
    const ours = values.map((value, i) => sealSecret(master, place(i), value));
    expect(ask(ours.map((record, i) => ['open_secret', bytes, place(i).id, place(i).version, record]))).toEqual(values);
    const theirs = ask(values.map((value, i) => ['seal_secret', bytes, 1, place(i).id, place(i).version, value]));
    expect(theirs.map((record, i) => openSecret(master, place(i), record))).toEqual(values);
    expect(theirs.map(({ length }) => length)).toEqual(ours.map(({ length }) => length));
  });

  test('opens the session rows that we seal', () => {
    const sessionKey = createSessionKey();
    const keys = deriveHostKeys(createSecretKey(randomBytes(32)));
    const place = { id: 'session', user: 'alice', token: 'token', expires: 1_800_000_000_000 };
    const row = sealSession(keys, sessionKey, place, makeKeyring([master]));
    const [content] = ask([
      ['open_session', mac(keys.session, 'box', sessionKey), place.id, place.user, place.token, place.expires, row],
    ]);
    expect(content).toEqual(Buffer.concat([Buffer.from([0, 0, 0, 1]), bytes]));
  });
});
