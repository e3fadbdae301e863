import { createSecretKey, randomBytes } from 'node:crypto';
import { deriveHostKeys } from './host-keys';
import { createMasterKey, makeKeyring } from './keyring';
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

const masters = [createMasterKey(1), createMasterKey(2)];
const keyring = makeKeyring(masters);
const place = { id: 'session 1', user: 'alice', expires: 1_800_000_000_000 };
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

test('a session key is read from what a client sent; anything else is none', () => {
  const text = sessionKey.toString('base64');
  expect(text).toHaveLength(44);
  expect(readSessionKey(text)).toEqual(sessionKey);
  expect(readSessionKey(` ${text.slice(0, 20)}!\n${text.slice(20)}`)).toEqual(sessionKey);
  const others = ['', '!!!!', 'AAAA', 'abc', 'é', text.slice(0, 40), `${text.slice(0, 43)}AAAA`, 'A'.repeat(100_000)];
  expect(others.map(readSessionKey)).toEqual(others.map(() => undefined));
});
