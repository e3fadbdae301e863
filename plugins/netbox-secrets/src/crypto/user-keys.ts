import { constants, generateKeyPair, publicEncrypt, webcrypto, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { CryptoError } from './faults';
import type { MasterKey, MasterKeyEntry } from './keyring';
import { createLimit } from './limit';

const magic = Buffer.from('LKW\x01', 'latin1');
const markSize = 16;
const headerSize = magic.length + 4 + markSize;
const masterKeySize = 32;

// Work with private keys is slow, and runs in the threads that files are read in too.
const unwraps = createLimit(2, 1000);
const generations = createLimit(1, 8);

/** A wrapped master key, as whoever holds the private key has to open it. */
export interface Wrap {
  /** The digest of OAEP. */
  readonly hash: 'SHA-1' | 'SHA-256';
  /** OAEP's label; empty in wraps of NetBox. */
  readonly label: Buffer;
  /** What RSA made. */
  readonly block: Buffer;
  /** Which master key it says to hold; wraps of NetBox do not say. */
  readonly entry: MasterKeyEntry | undefined;
}

/**
 * Wraps a master key for a user: RSA-OAEP with SHA-256. The record is `LKW`, 1, the version of the master key (4
 * bytes), its mark (16 bytes), and RSA's block, which has all that is before it as its label.
 */
export function wrapMasterKey(publicKey: KeyObject, { version, mark, key }: MasterKey): Buffer {
  const header = Buffer.alloc(headerSize);
  magic.copy(header);
  header.writeUInt32BE(version, magic.length);
  header.write(mark, magic.length + 4, 'hex');
  const bytes = key.export();
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const block = publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256', oaepLabel: header }, bytes);
  bytes.fill(0);
  return Buffer.concat([header, block]);
}

/** Takes a wrap for a key, public or private, apart; a wrap of NetBox is known by being as long as the modulus. */
export function readWrap(key: KeyObject, wrapped: Buffer): Wrap {
  const modulusSize = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (wrapped.length === modulusSize)
    return { hash: 'SHA-1', label: Buffer.alloc(0), block: wrapped, entry: undefined };
  if (wrapped.length !== headerSize + modulusSize || magic.compare(wrapped, 0, magic.length) !== 0)
    throw new CryptoError('wrap');
  const label = wrapped.subarray(0, headerSize);
  const version = label.readUInt32BE(magic.length);
  const mark = label.toString('hex', magic.length + 4);
  return { hash: 'SHA-256', label, block: wrapped.subarray(headerSize), entry: { version, mark } };
}

async function decrypt(privateKey: KeyObject, { hash, label, block }: Wrap): Promise<Buffer> {
  const { subtle } = webcrypto;
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  try {
    const key = await subtle.importKey('pkcs8', der, { name: 'RSA-OAEP', hash }, false, ['decrypt']);
    return Buffer.from(await subtle.decrypt({ name: 'RSA-OAEP', label }, key, block));
  } catch {
    throw new CryptoError('wrap');
  } finally {
    der.fill(0);
  }
}

/**
 * The bytes of the master key in a wrap, of NetBox too, without holding the process up. Which master key it is, and
 * whether it is one of the house, only `recogniseMasterKey` tells: anybody can wrap something for a public key.
 */
export async function unwrapMasterKey(privateKey: KeyObject, wrapped: Buffer): Promise<Buffer> {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'rsa') throw new CryptoError('private-key');
  const wrap = readWrap(privateKey, wrapped);
  const bytes = await unwraps(() => decrypt(privateKey, wrap));
  if (bytes.length !== masterKeySize) throw new CryptoError('wrap');
  return bytes;
}

/** A new key pair, in the forms that NetBox gives. */
export interface KeyPair {
  /** PKCS#1 in PEM. */
  readonly privateKey: string;
  /** SPKI in PEM. */
  readonly publicKey: string;
}

/** Makes an RSA key pair of 2048 to 8192 bits; it is kept nowhere. */
export async function createKeyPair(bits = 2048): Promise<KeyPair> {
  if (!Number.isInteger(bits) || bits < 2048 || bits > 8192 || bits % 256 !== 0) throw new CryptoError('key-size');
  const { privateKey, publicKey } = await generations(() =>
    promisify(generateKeyPair)('rsa', {
      modulusLength: bits,
      publicExponent: 65_537,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }),
  );
  return { privateKey: privateKey.trim(), publicKey: publicKey.trim() };
}
