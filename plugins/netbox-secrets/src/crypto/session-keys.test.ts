import { createSecretKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { sealBox } from './box';
import { canonical, expand, extract } from './derive';
import { deriveHostKeys } from './host-keys';
import { checkMasters, createMasterKey, makeKeyring } from './keyring';
import { wrapLegacyMasterKey } from './legacy';
import {
  createSessionKey,
  isSessionKey,
  openSession,
  preserveSessionKey,
  readSessionKey,
  recallSessionKey,
  sealSession,
  sessionKeyId,
} from './session-keys';
import { readWrap, wrapMasterKey, type Wrap } from './user-keys';

const master = createMasterKey(1);
const masters = [master, createMasterKey(2)];
const keyring = makeKeyring(masters);
const place = { id: 'session 1', user: 'alice', token: 'token 1', expires: 1_800_000_000_000 };
const sessionKey = createSessionKey();
const sealed = sealSession(sessionKey, place, keyring);
const preserved = preserveSessionKey(keyring.current, place, sessionKey);
const invalid = expect.objectContaining({ code: 'session-key', message: 'Invalid session key.' });

test('a session key opens every master key of its row, with version and mark', () => {
  const opened = openSession(sessionKey, place, sealed);
  const told = ({ version, mark }: { version: number; mark: string }) => ({ version, mark });
  expect(opened.masters.map(told)).toEqual(keyring.masters.map(told));
  expect(opened.current.key.equals(keyring.current.key)).toBe(true);
});

test('the master key gives the session key again', () => {
  expect(recallSessionKey(keyring.current, place, preserved)).toEqual(sessionKey);
});

test.each([
  ['session', { ...place, id: 'session 2' }],
  ['user', { ...place, user: 'bob' }],
  ['token', { ...place, token: null }],
  ['end', { ...place, expires: place.expires + 1 }],
])('a row with another %s gives neither key', (_, other) => {
  expect(() => openSession(sessionKey, other, sealed)).toThrow(invalid);
  expect(() => recallSessionKey(keyring.current, other, preserved)).toThrow(invalid);
});

test('with another key a row gives nothing', () => {
  expect(() => openSession(createSessionKey(), place, sealed)).toThrow(invalid);
  expect(() => openSession(Buffer.alloc(3), place, sealed)).toThrow(invalid);
  expect(() => recallSessionKey(createMasterKey(2), place, preserved)).toThrow(invalid);
  expect(() => openSession(sessionKey, place, preserved)).toThrow(invalid);
  expect(() => recallSessionKey(keyring.current, place, sealed)).toThrow(invalid);
});

test.each([0, 4, 35, 37, 71])('a row that a client made with %d bytes in it is refused', (length) => {
  const key = expand(extract(createSecretKey(sessionKey)), 'session', place.id);
  const about = canonical('session', place.id, place.user, place.token, place.expires);
  const made = sealBox({ key, about }, Buffer.from('LKK\x01', 'latin1'), Buffer.alloc(length));
  expect(() => openSession(sessionKey, place, made)).toThrow(invalid);
});

test('the row alone gives neither key, and no arithmetic on its parts and the session key gives the master key', () => {
  // What NetBox stored was session key XOR master key.
  const row = Buffer.concat([sealed, preserved]);
  const wanted = masters.map(({ key }) => key.export());
  for (const bytes of [...wanted, sessionKey]) expect(row.includes(bytes)).toBe(false);
  for (let at = 0; at + 32 <= row.length; at += 1) {
    const xored = Buffer.from(sessionKey.map((byte, i) => byte ^ (row[at + i] ?? 0)));
    expect(wanted.some((bytes) => bytes.equals(xored))).toBe(false);
  }
});

test('every flipped bit of a row is refused', () => {
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => openSession(sessionKey, place, changed)).toThrow(invalid);
  }
});

test('a session key is found by an id that does not give it away, and that another host does not make', () => {
  const keys = deriveHostKeys(createSecretKey(randomBytes(32)));
  const other = deriveHostKeys(createSecretKey(randomBytes(32)));
  const id = sessionKeyId(keys, sessionKey);
  expect(id.length).toBe(32);
  expect(isSessionKey(keys, sessionKey, id)).toBe(true);
  expect(isSessionKey(keys, createSessionKey(), id)).toBe(false);
  expect(isSessionKey(other, sessionKey, id)).toBe(false);
  expect(isSessionKey(keys, sessionKey, id.subarray(1))).toBe(false);
});

/** What a page does to unlock, with WebCrypto alone: the server gives it the wrap and the place, never asks for the key. */
async function unlockInBrowser(pkcs8: Uint8Array, { hash, label, block }: Wrap, version: number) {
  const { subtle } = webcrypto;
  const rsa = await subtle.importKey('pkcs8', pkcs8, { name: 'RSA-OAEP', hash }, false, ['decrypt']);
  const unwrapped = new Uint8Array(await subtle.decrypt({ name: 'RSA-OAEP', label }, rsa, block));
  const text = new TextEncoder();
  const list = (...parts: Uint8Array[]) =>
    Uint8Array.from(
      parts.flatMap((part) => [...new Uint8Array(Uint32Array.of(part.length).buffer).toReversed(), ...part]),
    );
  const number = (value: number) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer).toReversed();
  const [key, nonce] = [webcrypto.getRandomValues(new Uint8Array(32)), webcrypto.getRandomValues(new Uint8Array(12))];
  const info = list(text.encode('session'), text.encode(place.id));
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  const secret = await subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  const gcm = await subtle.deriveKey(hkdf, secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const header = Uint8Array.of(...text.encode('LKK'), 1);
  const about = list(
    text.encode('session'),
    text.encode(place.id),
    text.encode(place.user),
    text.encode(place.token),
    number(place.expires),
  );
  const content = Uint8Array.of(0, 0, 0, version, ...unwrapped);
  const options = { name: 'AES-GCM', iv: nonce, additionalData: Uint8Array.of(...header, ...about) };
  const box = new Uint8Array(await subtle.encrypt(options, gcm, content));
  return { sessionKey: Buffer.from(key), row: Buffer.from([...header, ...nonce, ...box]) };
}

test('a browser unlocks without showing its private key: it opens its wrap and makes the row itself', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  for (const record of [wrapMasterKey(publicKey, master), wrapLegacyMasterKey(publicKey, master.key.export())]) {
    const made = await unlockInBrowser(pkcs8, readWrap(publicKey, record), 1);
    const opened = openSession(made.sessionKey, place, made.row);
    expect(() => checkMasters(opened, masters)).not.toThrow();
    expect(opened.current.key.equals(master.key)).toBe(true);
  }
});

test('a session key is read from what a client sent; anything else is none', () => {
  const text = sessionKey.toString('base64');
  expect(text).toHaveLength(44);
  expect(readSessionKey(text)).toEqual(sessionKey);
  expect(readSessionKey(` ${text.slice(0, 20)}!\n${text.slice(20)}`)).toEqual(sessionKey);
  const others = ['', '!!!!', 'AAAA', 'abc', 'é', text.slice(0, 40), `${text.slice(0, 43)}AAAA`, 'A'.repeat(100_000)];
  expect(others.map(readSessionKey)).toEqual(others.map(() => undefined));
});
