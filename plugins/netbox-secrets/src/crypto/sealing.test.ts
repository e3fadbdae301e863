import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { IntegrityError } from './faults';
import { createMasterKey, importMasterKey, makeKeyring } from './keyring';
import { longestValue } from './padding';
import { keyVersionOf, openSecret, openWith, sealSecret } from './sealing';

const master = createMasterKey(1);
const place = { id: 'b7f0a4de-0c5e-4d0e-9d3b-111111111111', version: 3 };
const value = Buffer.from('a value that nobody may see');
const sealed = sealSecret(master, place, value);

const integrity = expect.objectContaining({ code: 'integrity-record' });

const isIntegrityError = (action: () => unknown): boolean => {
  try {
    action();
  } catch (error) {
    return error instanceof IntegrityError;
  }
  return false;
};

test.each([
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.alloc(1)],
  ['text with blanks at its ends', Buffer.from('  pä$$ 🔑 \r\n')],
  ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ['zeros', Buffer.alloc(100)],
  ['the longest value', randomBytes(longestValue)],
])('%s comes back to the byte', (_, content) => {
  expect(openSecret(master, place, sealSecret(master, place, content))).toEqual(content);
});

test('values of random lengths in random places come back', () => {
  for (let round = 0; round < 300; round += 1) {
    const where = { id: randomUUID(), version: randomInt(2 ** 40) };
    const content = randomBytes(Math.floor(2 ** (Math.random() * 16)));
    expect(openSecret(master, where, sealSecret(master, where, content)).equals(content)).toBe(true);
  }
});

test('a value over 64 KiB is refused', () => {
  expect(() => sealSecret(master, place, Buffer.alloc(longestValue + 1))).toThrow(
    expect.objectContaining({ code: 'value-size' }),
  );
});

test('a record that PyCryptodome made opens: master key 00..1f of version 7, nonce 40..4b', () => {
  const known = importMasterKey(7, Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)));
  const record =
    '4c4b530100000007404142434445464748494a4b45a8c77265def4a45c2471f398b9497519c93a230164a0980b4fdc9cfc8bfbe6' +
    '3f7e0c5001c9e713e02b2a8677df79633a77a99aeb389c5f1d69d2d5e2fa56fb252760046f7ec4bdb00d04eb1bb578281f7e42f4';
  expect(openSecret(known, place, Buffer.from(record, 'hex')).toString()).toBe('foobar');
});

test('every flipped bit, every cut and every added byte is an integrity error', () => {
  const passed: string[] = [];
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (!isIntegrityError(() => openSecret(master, place, changed))) passed.push(`bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length += 1)
    if (!isIntegrityError(() => openSecret(master, place, sealed.subarray(0, length)))) passed.push(`cut ${length}`);
  const longer = Buffer.concat([sealed, Buffer.alloc(1)]);
  if (!isIntegrityError(() => openSecret(master, place, longer))) passed.push('longer');
  expect(passed).toEqual([]);
});

test('sampled flipped bits of a long record are integrity errors', () => {
  const long = sealSecret(master, place, randomBytes(longestValue));
  for (let round = 0; round < 200; round += 1) {
    const changed = Buffer.from(long);
    changed[randomInt(long.length)]! ^= 1 << randomInt(8);
    expect(isIntegrityError(() => openSecret(master, place, changed))).toBe(true);
  }
});

test('a record does not open in the place of another secret or of another of its versions', () => {
  expect(() => openSecret(master, { ...place, id: randomUUID() }, sealed)).toThrow(integrity);
  expect(() => openSecret(master, { ...place, version: 2 }, sealed)).toThrow(integrity);
  expect(() => openSecret(master, { ...place, version: 4 }, sealed)).toThrow(integrity);
});

test('a record does not open with another master key, even one of the same version', () => {
  expect(() => openSecret(createMasterKey(1), place, sealed)).toThrow(integrity);
  expect(() => openSecret(createMasterKey(2), place, sealed)).toThrow(integrity);
});

test('the same bytes under another version are another key: a version cannot be written over', () => {
  const bytes = randomBytes(32);
  const [one, two] = [importMasterKey(1, Buffer.from(bytes)), importMasterKey(2, Buffer.from(bytes))];
  const changed = Buffer.from(sealSecret(one, place, value));
  changed.writeUInt32BE(2, 4);
  expect(() => openSecret(two, place, changed)).toThrow(integrity);
});

test('the parts of two records cannot be mixed', () => {
  const other = sealSecret(master, place, Buffer.from('another value'));
  for (let cut = 1; cut < sealed.length; cut += 1) {
    const mixed = Buffer.concat([sealed.subarray(0, cut), other.subarray(cut)]);
    if (mixed.equals(sealed) || mixed.equals(other)) continue;
    expect(isIntegrityError(() => openSecret(master, place, mixed))).toBe(true);
  }
});

test('a known plaintext is no help: the forgery that NetBox accepts is an integrity error', () => {
  // NetBox: flip a bit of the last known byte, garble the fill, compute the hash again.
  const known = sealSecret(master, place, Buffer.from('enable123'));
  known[8 + 12 + 4 + 8]! ^= '3'.charCodeAt(0) ^ '9'.charCodeAt(0);
  expect(() => openSecret(master, place, known)).toThrow(integrity);
});

test('no two records of one value share a nonce or a ciphertext', () => {
  const records = Array.from({ length: 200 }, () => sealSecret(master, place, value).toString('hex', 8));
  expect(new Set(records.map((record) => record.slice(0, 24))).size).toBe(200);
  expect(new Set(records.map((record) => record.slice(24))).size).toBe(200);
});

test('a record tells its master key by version, and its value only by bucket', () => {
  expect(keyVersionOf(sealed)).toBe(1);
  const lengths = Array.from(
    { length: 65 },
    (_, length) => sealSecret(master, place, Buffer.alloc(length, 'x')).length,
  );
  expect(new Set(lengths)).toEqual(new Set([8 + 12 + 4 + 64 + 16]));
  expect(sealed.includes(value)).toBe(false);
  expect(sealed.includes(createHash('sha256').update(value).digest())).toBe(false);
});

test('a keyring opens what any of its master keys sealed, and says which version it lacks', () => {
  const next = createMasterKey(2);
  const keyring = makeKeyring([master, next]);
  expect(openWith(keyring, place, sealed)).toEqual(value);
  expect(openWith(keyring, place, sealSecret(next, place, value))).toEqual(value);
  const foreign = sealSecret(createMasterKey(3), place, value);
  expect(() => openWith(keyring, place, foreign)).toThrow(expect.objectContaining({ code: 'key-version' }));
  expect(() => openWith(keyring, place, Buffer.from('no record'))).toThrow(integrity);
});

test('an integrity error holds nothing of the value, the key or the record', () => {
  let shown = '';
  try {
    openSecret(master, { ...place, version: 9 }, sealed);
  } catch (error) {
    shown = inspect(error, { showHidden: true, depth: 9 });
  }
  expect(shown).toContain('integrity-record');
  for (const bytes of [value, sealed, master.key.export()])
    for (const encoding of ['hex', 'base64', 'latin1'] as const)
      expect(shown).not.toContain(bytes.toString(encoding).slice(0, 12));
});
