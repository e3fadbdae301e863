import {
  createCipheriv,
  createHash,
  generateKeyPairSync,
  pbkdf2Sync,
  publicEncrypt,
  randomBytes,
  randomInt,
} from 'node:crypto';
import { cryptoErrors } from './faults';
import { decryptLegacySecret, encryptLegacySecret, legacyHash, verifyLegacyHash } from './legacy';
import { unwrapLegacyMasterKey, wrapLegacyMasterKey } from './legacy';
import { legacyPaddedSize } from './legacy-header';

const masterKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const iv = Buffer.from(Array.from({ length: 16 }, (_, i) => 0x40 + i));
const fixed = (size: number) => (size === 16 ? iv : Buffer.alloc(size, 0xaa));

/** A row as versions before 2.4.8 (code points) or before 2.2.7 (characters too) wrote it. */
function oldRow(text: string, { characters = false, random = fixed } = {}): Buffer {
  const bytes = Buffer.from(text);
  const length = characters ? [...text].length : bytes.length;
  const header = Buffer.from(String.fromCodePoint(length >> 8) + String.fromCodePoint(length & 0xff));
  const fill = random(legacyPaddedSize(length) - length - 2);
  const vector = random(16);
  return Buffer.concat([
    vector,
    createCipheriv('aes-256-cfb8', masterKey, vector).update(Buffer.concat([header, bytes, fill])),
  ]);
}

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return undefined;
};

const foobar =
  '404142434445464748494a4b4c4d4e4fa39a60a364b7f40544feff2ba31fdea3775f14e966bc90d12714407d5e7e6c08' +
  '3e19119e2d454db05b0c6166442dfdddd1774762b3fe19195dabb6ad1df4ccc9';
const umlaut =
  '404142434445464748494a4b4c4d4e4fa3995eefe854309db2303ca051a0fc976a3fa95b9c5ce3f8097e7ef283e8a92c' +
  '6e81af1b1cfb3b4b31ac426990432f3f495554f550ab48e4821acaadafeb486a';
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('rows', () => {
  test.each([
    ['foobar', foobar],
    ['pä$$', umlaut],
  ])('%s is encrypted and decrypted as NetBox does it', (text, hex) => {
    expect(encryptLegacySecret(masterKey, Buffer.from(text), fixed).toString('hex')).toBe(hex);
    expect(decryptLegacySecret(masterKey, Buffer.from(hex, 'hex')).toString()).toBe(text);
  });

  test('a long row, and the same with the broken header, have the known digests and one plaintext', () => {
    const text = 'A'.repeat(200);
    const [whole, broken] = [encryptLegacySecret(masterKey, Buffer.from(text), fixed), oldRow(text)];
    expect([whole.length, sha256(whole)]).toEqual([
      224,
      '8ca1e474b958e5cd8a26bf495cacfee25b7fc7e1693f5a2edd583e99f42283e0',
    ]);
    expect([broken.length, sha256(broken)]).toEqual([
      225,
      'e3070fcf62e956e556078bf9e4b98e0b509e36068dbfe03c869dc95979903bf3',
    ]);
    expect([whole, broken].map((row) => decryptLegacySecret(masterKey, row).toString())).toEqual([text, text]);
  });

  test.each([
    [0, 80],
    [1, 80],
    [62, 80],
    [63, 96],
    [78, 96],
    [79, 112],
    [65_535, 65_568],
  ])('a plaintext of %d bytes makes a row of %d', (length, size) => {
    const row = encryptLegacySecret(masterKey, Buffer.alloc(length, 'x'));
    expect(row.length).toBe(size);
    expect(decryptLegacySecret(masterKey, row)).toEqual(Buffer.alloc(length, 'x'));
  });

  test('one byte more than a row holds is refused', () => {
    expect(codeOf(() => encryptLegacySecret(masterKey, Buffer.alloc(65_536)))).toBe('legacy-size');
  });

  test('fifty encryptions of one text share neither vector nor first block', () => {
    const rows = Array.from({ length: 50 }, () => encryptLegacySecret(masterKey, Buffer.from('foobar')));
    expect(new Set(rows.map((row) => row.toString('hex', 0, 16))).size).toBe(50);
    expect(new Set(rows.map((row) => row.toString('hex', 16, 32))).size).toBe(50);
  });

  test.each([['bytes'], ['characters']])(
    'broken headers that count %s are healed, by the hash and without',
    (count) => {
      const letters = [...'aä€🔑Z9'];
      const faults: string[] = [];
      for (let round = 0; round < 300; round += 1) {
        const text = Array.from({ length: randomInt(600) }, () => letters[randomInt(letters.length)]).join('');
        const row = oldRow(text, { characters: count === 'characters', random: (size) => randomBytes(size) });
        const hash = legacyHash(Buffer.from(text));
        const [checked, unchecked] = [decryptLegacySecret(masterKey, row, hash), decryptLegacySecret(masterKey, row)];
        if (checked.toString() !== text || unchecked.toString() !== text) faults.push(text);
      }
      expect(faults).toEqual([]);
    },
  );

  test('the hash decides, where a row can be read in two ways', () => {
    // The header c2 80 00 tells of 49,792 bytes, or of 32,768 characters; the size of the row agrees with both.
    const text = 'ä'.repeat(17_023) + 'x'.repeat(15_745);
    const row = oldRow(text, { characters: true });
    expect(decryptLegacySecret(masterKey, row).toString()).toBe(`\0${text}`);
    expect(decryptLegacySecret(masterKey, row, legacyHash(Buffer.from(text))).toString()).toBe(text);
  });

  test('another master key, a row cut short and a changed byte are told apart', () => {
    const row = encryptLegacySecret(masterKey, Buffer.from('foobar'), fixed);
    const hash = legacyHash(Buffer.from('foobar'));
    const changed = Buffer.from(row);
    changed[19] = 0xff & ~(changed[19] ?? 0);
    expect(codeOf(() => decryptLegacySecret(Buffer.alloc(32, 7), row, hash))).toBe('legacy-key');
    expect(codeOf(() => decryptLegacySecret(masterKey, row.subarray(0, 79), hash))).toBe('legacy-damaged');
    expect(codeOf(() => decryptLegacySecret(masterKey, Buffer.alloc(0), hash))).toBe('legacy-damaged');
    expect(codeOf(() => decryptLegacySecret(masterKey, changed, hash))).toBe('legacy-hash');
    expect(codeOf(() => decryptLegacySecret(masterKey, row, legacyHash(Buffer.from('other'))))).toBe('legacy-hash');
  });

  test('of 500 foreign keys nearly all are seen without the hash, and with it none passes', () => {
    const row = encryptLegacySecret(masterKey, Buffer.from('foobar'));
    const hash = legacyHash(Buffer.from('foobar'));
    const keys = Array.from({ length: 500 }, (_, i) => createHash('sha256').update(`${i}`).digest());
    expect(keys.filter((key) => codeOf(() => decryptLegacySecret(key, row)) === undefined).length).toBeLessThan(10);
    expect(keys.filter((key) => codeOf(() => decryptLegacySecret(key, row, hash)) === undefined)).toEqual([]);
  });
});

describe('hashes', () => {
  test.each([
    ['foobar', 'G6mMFe4FetZQ', 'f+0itZbAoUqW5pd8+NH8W5rdp/2QNLIBb+LGdt4OSKA='],
    ['Drowssap1', 'J9db8sI5vBrd', 'IK6nFXnFl+K+nR5/KY8RSDxU1skYL8G69T5N3jZxM7c='],
    ['pä$$', 'G6mMFe4FetZQ', '/YDvp2eVqjLhNSU8TYSJB85fBv9wszs0JO4Mb2cMOjo='],
  ])('%s with the salt %s has the known hash', (text, salt, digest) => {
    const hash = `pbkdf2_sha256$1000$${salt}$${digest}`;
    expect(legacyHash(Buffer.from(text), salt)).toBe(hash);
    expect(verifyLegacyHash(Buffer.from(text), hash)).toBe(true);
    expect(verifyLegacyHash(Buffer.from(`${text} `), hash)).toBe(false);
  });

  test('each hash has a salt of its own, of 22 letters and digits', () => {
    const [one = '', two] = [legacyHash(Buffer.from('a')), legacyHash(Buffer.from('a'))];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^pbkdf2_sha256\$1000\$[A-Za-z0-9]{22}\$[A-Za-z0-9+/]{43}=$/);
  });

  test.each(['', 'foobar', 'md5$1$a$b', 'pbkdf2_sha256$1000$a$short', `pbkdf2_sha256$999999999$a$${'A'.repeat(43)}=`])(
    'the text %j is the hash of nothing',
    (hash) => expect(verifyLegacyHash(Buffer.from(''), hash)).toBe(false),
  );
});

test('a hash that asks for more work than any row of NetBox is not tried', () => {
  const digest = pbkdf2Sync('a', 'salt', 10_001, 32, 'sha256').toString('base64');
  expect(verifyLegacyHash(Buffer.from('a'), `pbkdf2_sha256$10001$salt$${digest}`)).toBe(false);
});

describe('wrapped master keys', () => {
  const mine = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test('open with the private key, and with that alone', () => {
    const wrapped = wrapLegacyMasterKey(mine.publicKey, masterKey);
    expect(wrapped.length).toBe(256);
    expect(unwrapLegacyMasterKey(mine.privateKey, wrapped)).toEqual(masterKey);
    expect(codeOf(() => unwrapLegacyMasterKey(other.privateKey, wrapped))).toBe('legacy-wrap');
  });

  test('what is no wrap, holds no master key, or meets no RSA private key is told apart', () => {
    const short = publicEncrypt({ key: mine.publicKey, padding: 4, oaepHash: 'sha1' }, Buffer.alloc(31));
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const wrapped = wrapLegacyMasterKey(mine.publicKey, masterKey);
    expect(codeOf(() => unwrapLegacyMasterKey(mine.privateKey, Buffer.alloc(0)))).toBe('legacy-wrap-form');
    expect(codeOf(() => unwrapLegacyMasterKey(mine.privateKey, short))).toBe('legacy-wrap-form');
    expect(codeOf(() => unwrapLegacyMasterKey(curve.privateKey, wrapped))).toBe('private-key');
    expect(codeOf(() => unwrapLegacyMasterKey(mine.publicKey, wrapped))).toBe('private-key');
  });
});

test('every error has a text and a remedy, and keeps no cause', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let thrown: unknown;
  try {
    unwrapLegacyMasterKey(privateKey, Buffer.alloc(256, 1));
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'legacy-wrap', message: cryptoErrors['legacy-wrap'].message });
  expect((thrown as Error).cause).toBeUndefined();
});
