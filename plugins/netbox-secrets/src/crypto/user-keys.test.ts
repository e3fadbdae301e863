import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { setImmediate as immediately } from 'node:timers/promises';
import { deriveHostKeys } from './host-keys';
import { createMasterKey, recogniseMasterKey } from './keyring';
import { wrapLegacyMasterKey } from './legacy';
import { checkOwner, signOwner } from './owner';
import { createKeyPair, readWrap, unwrapMasterKey, wrapMasterKey } from './user-keys';

// Key pairs take their time on a busy machine.
jest.setTimeout(60_000);

const alice = generateKeyPairSync('rsa', { modulusLength: 2048 });
const bob = generateKeyPairSync('rsa', { modulusLength: 3072 });
const peer = generateKeyPairSync('rsa', { modulusLength: 2048 });
const master = createMasterKey(3);
const wrapped = wrapMasterKey(alice.publicKey, master);
const refused = { code: 'wrap' };

test('a wrap opens with the private key, and says which master key it holds', async () => {
  expect(await unwrapMasterKey(alice.privateKey, wrapped)).toEqual(master.key.export());
  const { entry, hash } = readWrap(alice.publicKey, wrapped);
  expect([entry, hash]).toEqual([{ version: 3, mark: master.mark }, 'SHA-256']);
});

test('a wrap of NetBox opens too, and does not say', async () => {
  const legacy = wrapLegacyMasterKey(alice.publicKey, master.key.export());
  expect(await unwrapMasterKey(alice.privateKey, legacy)).toEqual(master.key.export());
  expect(readWrap(alice.publicKey, legacy)).toMatchObject({ entry: undefined, hash: 'SHA-1' });
});

test.each([
  ['of the same size', peer.privateKey],
  ['of another size', bob.privateKey],
])('a wrap does not open with another key %s', async (_, key) => {
  await expect(unwrapMasterKey(key, wrapped)).rejects.toMatchObject(refused);
  await expect(unwrapMasterKey(key, wrapLegacyMasterKey(alice.publicKey, randomBytes(32)))).rejects.toMatchObject(
    refused,
  );
});

test('no byte of a wrap can be changed, that of version and mark neither', async () => {
  for (let at = 0; at < wrapped.length; at += at < 28 ? 1 : 23) {
    const changed = Buffer.from(wrapped);
    changed[at]! ^= 1;
    await expect(unwrapMasterKey(alice.privateKey, changed)).rejects.toMatchObject(refused);
  }
});

test('what holds no master key, and what is no RSA private key, is refused', async () => {
  const short = publicEncrypt({ key: alice.publicKey, padding: 4, oaepHash: 'sha1' }, Buffer.alloc(16));
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await expect(unwrapMasterKey(alice.privateKey, short)).rejects.toMatchObject(refused);
  await expect(unwrapMasterKey(alice.privateKey, Buffer.alloc(0))).rejects.toMatchObject(refused);
  await expect(unwrapMasterKey(curve.privateKey, wrapped)).rejects.toMatchObject({ code: 'private-key' });
  await expect(unwrapMasterKey(alice.publicKey, wrapped)).rejects.toMatchObject({ code: 'private-key' });
});

test('a master key that somebody wrapped for a user and put into the database is recognised as foreign', async () => {
  const planted = wrapMasterKey(alice.publicKey, { ...createMasterKey(3), mark: master.mark });
  const bytes = await unwrapMasterKey(alice.privateKey, planted);
  expect(() => recogniseMasterKey(bytes, [master])).toThrow(expect.objectContaining({ code: 'integrity-keyring' }));
});

test('a browser opens a wrap by its parts, with a key that it cannot export', async () => {
  const { subtle } = webcrypto;
  for (const record of [wrapped, wrapLegacyMasterKey(alice.publicKey, master.key.export())]) {
    const { hash, label, block } = readWrap(alice.publicKey, record);
    const der = alice.privateKey.export({ type: 'pkcs8', format: 'der' });
    const key = await subtle.importKey('pkcs8', der, { name: 'RSA-OAEP', hash }, false, ['decrypt']);
    expect(Buffer.from(await subtle.decrypt({ name: 'RSA-OAEP', label }, key, block))).toEqual(master.key.export());
  }
});

test('many unwraps at once leave the process free to do something else', async () => {
  const unwrapping = Promise.all(Array.from({ length: 50 }, () => unwrapMasterKey(alice.privateKey, wrapped)));
  const done = unwrapping.then(() => true);
  let turns = 0;
  while (!(await Promise.race([done, immediately(false)]))) turns += 1;
  expect((await unwrapping).every((bytes) => bytes.equals(master.key.export()))).toBe(true);
  expect(turns).toBeGreaterThan(25);
});

test('a key pair comes in the forms of NetBox, of the size asked for', async () => {
  for (const bits of [2048, 2304]) {
    const pair = await createKeyPair(bits);
    expect(pair.privateKey).toMatch(
      /^-----BEGIN RSA PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+\n-----END RSA PRIVATE KEY-----$/,
    );
    expect(pair.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----$/);
    const key = createPrivateKey(pair.privateKey);
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: bits, publicExponent: 65_537n });
    expect(createPublicKey(key).equals(createPublicKey(pair.publicKey))).toBe(true);
  }
});

test.each([1024, 2050, 8448, 2048.5, Number.NaN])('a key pair of %d bits is refused', async (bits) => {
  await expect(createKeyPair(bits)).rejects.toMatchObject({ code: 'key-size' });
});

test('a public key that was exchanged in the database is refused', () => {
  const keys = deriveHostKeys(createSecretKey(randomBytes(32)));
  const signature = signOwner(keys, 'alice', alice.publicKey);
  const exchanged = expect.objectContaining({ code: 'integrity-owner' });
  expect(() => checkOwner(keys, 'alice', alice.publicKey, signature)).not.toThrow();
  expect(() => checkOwner(keys, 'alice', peer.publicKey, signature)).toThrow(exchanged);
  expect(() => checkOwner(keys, 'bob', alice.publicKey, signature)).toThrow(exchanged);
});
