import { createMasterKey } from './keyring';
import { verifyLegacyHash } from './legacy';
import { checkVerifier, makeVerifier } from './verifier';

const master = createMasterKey(1);
const value = Buffer.from('public');

test('a verifier has the four parts that clients know', () => {
  expect(makeVerifier(master, 's1', value)).toMatch(/^pbkdf2_sha256\$1000\$[A-Za-z0-9]{22}\$[A-Za-z0-9+/]{43}=$/);
});

test('it is that of the value, the secret and the master key, and of no other', () => {
  const verifier = makeVerifier(master, 's1', value);
  expect(checkVerifier(master, 's1', value, verifier)).toBe(true);
  expect(checkVerifier(master, 's1', Buffer.from('private'), verifier)).toBe(false);
  expect(checkVerifier(master, 's2', value, verifier)).toBe(false);
  expect(checkVerifier(createMasterKey(1), 's1', value, verifier)).toBe(false);
});

test('each write makes another one, of the same value too', () => {
  const verifiers = Array.from({ length: 20 }, () => makeVerifier(master, 's1', value));
  expect(new Set(verifiers.map((verifier) => verifier.split('$')[2])).size).toBe(20);
  expect(new Set(verifiers.map((verifier) => verifier.split('$')[3])).size).toBe(20);
});

test('guessing a value offline finds nothing, where the hash of NetBox gives it away', () => {
  const verifier = makeVerifier(master, 's1', value);
  expect(['public', 'private', 'cisco'].filter((guess) => verifyLegacyHash(Buffer.from(guess), verifier))).toEqual([]);
});
