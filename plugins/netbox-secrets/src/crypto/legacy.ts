import { isUtf8 } from 'node:buffer';
import { constants, createCipheriv, createDecipheriv, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { CryptoError } from './faults';
import { fourPartHash, isFourPartHash } from './four-part-hash';
import { legacyPaddedSize, legacyReadings } from './legacy-header';

// PyCryptodome's CFB has segments of 8 bits unless told otherwise.
const cipher = 'aes-256-cfb8';
const ivSize = 16;
const keySize = 32;
const smallestRow = ivSize + legacyPaddedSize(0);
const longestText = 0xffff;
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };

/** Wraps a master key as NetBox does: RSA-OAEP with SHA-1 and an empty label. */
export const wrapLegacyMasterKey = (publicKey: KeyObject, masterKey: Buffer): Buffer =>
  publicEncrypt({ key: publicKey, ...oaep }, masterKey);

/**
 * Opens a master key that NetBox wrapped. What cannot be a wrap, or holds no 32 bytes, is `legacy-wrap-form`; a wrap
 * for another key cannot be told from a damaged one: both are `legacy-wrap`. Any other key is `private-key`.
 */
export function unwrapLegacyMasterKey(privateKey: KeyObject, wrapped: Buffer): Buffer {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'rsa') throw new CryptoError('private-key');
  if (wrapped.length < 128 || wrapped.length > 1024) throw new CryptoError('legacy-wrap-form');
  let masterKey: Buffer;
  try {
    masterKey = privateDecrypt({ key: privateKey, ...oaep }, wrapped);
  } catch {
    throw new CryptoError('legacy-wrap');
  }
  if (masterKey.length !== keySize) throw new CryptoError('legacy-wrap-form');
  return masterKey;
}

/** The hash that NetBox keeps beside a row, `pbkdf2_sha256$1000$SALT$DIGEST`: of the plaintext, without any key. */
export const legacyHash = (plaintext: Buffer, salt?: string): string => fourPartHash(plaintext, salt);

/** Whether a hash of NetBox is that of the plaintext; one of an unknown form never is. */
export const verifyLegacyHash = (plaintext: Buffer, hash: string): boolean => isFourPartHash(plaintext, hash);

/** Encrypts a plaintext as NetBox does since 2.4.8. `random` makes the vector and the fill; only tests give their own. */
export function encryptLegacySecret(
  masterKey: Buffer,
  plaintext: Buffer,
  random: (size: number) => Buffer = randomBytes,
): Buffer {
  if (plaintext.length > longestText) throw new CryptoError('legacy-size');
  const iv = random(ivSize);
  const header = Buffer.from([plaintext.length >> 8, plaintext.length & 0xff]);
  const fill = random(legacyPaddedSize(plaintext.length) - header.length - plaintext.length);
  return Buffer.concat([iv, createCipheriv(cipher, masterKey, iv).update(Buffer.concat([header, plaintext, fill]))]);
}

/**
 * The plaintext of a row of NetBox, byte for byte, of rows with the broken headers before 2.4.8 and 2.2.7 too. The
 * row's hash, where given, decides between the readings; a row that it fits in none of them is `legacy-hash`. A row
 * that has no reading is `legacy-key`: another master key's, or damaged in its first bytes, which nothing tells apart.
 * One that no key can open, or without a hash one that is no text, is `legacy-damaged`.
 */
export function decryptLegacySecret(masterKey: Buffer, stored: Buffer, hash?: string): Buffer {
  if (stored.length < smallestRow) throw new CryptoError('legacy-damaged');
  const padded = createDecipheriv(cipher, masterKey, stored.subarray(0, ivSize)).update(stored.subarray(ivSize));
  const readings = legacyReadings(padded);
  if (readings.length === 0) throw new CryptoError('legacy-key');
  const plaintext = readings.find((one) => (hash === undefined ? isUtf8(one) : verifyLegacyHash(one, hash)));
  if (!plaintext) throw new CryptoError(hash === undefined ? 'legacy-damaged' : 'legacy-hash');
  return plaintext;
}
