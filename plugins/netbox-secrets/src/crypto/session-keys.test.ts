import { createSecretKey, randomBytes } from 'node:crypto';
import { openBox, sealBox } from './box';
import { canonical, expand, extract, mac } from './derive';
import { deriveHostKeys } from './host-keys';
import { createMasterKey, makeKeyring } from './keyring';
import {
  createSessionKey,
  openSession,
  preserveSessionKey,
  readSessionKey,
  recallSessionKey,
  sealSession,
  sessionKeyId,
} from './session-keys';

const master = createMasterKey(1);
const masters = [master, createMasterKey(2)];
const keyring = makeKeyring(masters);
const place = { id: 'session 1', user: 'alice', token: 'token 1', expires: 1_800_000_000_000 };
const sessionKey = createSessionKey();
const keys = deriveHostKeys(createSecretKey(randomBytes(32)));
const stranger = deriveHostKeys(createSecretKey(randomBytes(32)));
const sealed = sealSession(keys, sessionKey, place, keyring);
const preserved = preserveSessionKey(keyring.current, place, sessionKey);
const invalid = expect.objectContaining({ code: 'session-key', message: 'Invalid session key.' });

test('a session key opens every master key of its row, with version and mark', () => {
  const opened = openSession(keys, sessionKey, place, sealed);
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
  expect(() => openSession(keys, sessionKey, other, sealed)).toThrow(invalid);
  expect(() => recallSessionKey(keyring.current, other, preserved)).toThrow(invalid);
});

test('with another key a row gives nothing', () => {
  expect(() => openSession(keys, createSessionKey(), place, sealed)).toThrow(invalid);
  expect(() => openSession(keys, Buffer.alloc(3), place, sealed)).toThrow(invalid);
  expect(() => recallSessionKey(createMasterKey(2), place, preserved)).toThrow(invalid);
  expect(() => openSession(keys, sessionKey, place, preserved)).toThrow(invalid);
  expect(() => recallSessionKey(keyring.current, place, sealed)).toThrow(invalid);
});

test('a session key that leaked opens no copy of the database: that takes a key of the host, too', () => {
  expect(() => openSession(stranger, sessionKey, place, sealed)).toThrow(invalid);
  const about = canonical('session', place.id, place.user, place.token, place.expires);
  const guesses = [
    expand(extract(createSecretKey(sessionKey)), 'session', place.id),
    mac(createSecretKey(sessionKey), 'session', place.id),
    Buffer.from(sessionKey),
  ];
  for (const key of guesses) expect(() => openBox({ key, about }, 4, sealed)).toThrow('not what was sealed');
});

test.each([0, 4, 35, 37, 71])('a row with %d bytes in it, though sealed as one, is refused', (length) => {
  const key = expand(extract(createSecretKey(mac(keys.session, 'box', sessionKey))), 'session', place.id);
  const about = canonical('session', place.id, place.user, place.token, place.expires);
  const made = sealBox({ key, about }, Buffer.from('LKK\x01', 'latin1'), Buffer.alloc(length));
  expect(() => openSession(keys, sessionKey, place, made)).toThrow(invalid);
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
    expect(() => openSession(keys, sessionKey, place, changed)).toThrow(invalid);
  }
});

test('a session key is found by an id that does not give it away, and that another host does not make', () => {
  const id = sessionKeyId(keys, sessionKey);
  expect(id.length).toBe(32);
  expect(id.includes(sessionKey)).toBe(false);
  expect(sessionKeyId(keys, Buffer.from(sessionKey))).toEqual(id);
  expect(sessionKeyId(keys, createSessionKey())).not.toEqual(id);
  expect(sessionKeyId(stranger, sessionKey)).not.toEqual(id);
});

test('a session key is read from what a client sent; anything else is none', () => {
  const text = sessionKey.toString('base64');
  expect(text).toHaveLength(44);
  expect(readSessionKey(text)).toEqual(sessionKey);
  expect(readSessionKey(` ${text.slice(0, 20)}!\n${text.slice(20)}`)).toEqual(sessionKey);
  const others = ['', '!!!!', 'AAAA', 'abc', 'é', text.slice(0, 40), `${text.slice(0, 43)}AAAA`, 'A'.repeat(100_000)];
  expect(others.map(readSessionKey)).toEqual(others.map(() => undefined));
});
