import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { CryptoError } from './faults';
import { openSshPublicKey } from './open-ssh';
import { isWeakModulus, rsaNumbers } from './rsa-numbers';

const longestText = 16_384;
const sizes = { least: 2048, advised: 3072, most: 8192 };

/** A public key of a user, understood. */
export interface PublicKey {
  readonly key: KeyObject;
  /** The key as SPKI in PEM, whatever form it came in. */
  readonly pem: string;
  readonly bits: number;
  /** The same for every form of one key, so that two users cannot have it. */
  readonly fingerprint: string;
  /** What to tell whoever added it. */
  readonly warnings: readonly string[];
}

const privateMarks = /PRIVATE[ -](KEY|LINES)|"d"\s*:/i;
const pem = /^-----BEGIN (RSA )?PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END (RSA )?PUBLIC KEY-----$/;
const openSsh = /^ssh-rsa[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t][^\r\n]*)?$/;

function parse(text: string): KeyObject {
  const line = openSsh.exec(text)?.[1];
  if (line === undefined && !pem.test(text)) throw new CryptoError('public-key');
  try {
    return line === undefined ? createPublicKey(text) : openSshPublicKey(line);
  } catch {
    throw new CryptoError('public-key');
  }
}

/**
 * Reads a user's RSA public key, in PEM (SPKI or PKCS#1) or as OpenSSH's line, of 2048 to 8192 bits. A private key is
 * refused as such; no error quotes what was given.
 */
export function readPublicKey(text: string): PublicKey {
  if (privateMarks.test(text)) throw new CryptoError('public-key-private');
  if (text.length > longestText) throw new CryptoError('public-key');
  const key = parse(text.trim());
  if (key.asymmetricKeyType !== 'rsa') throw new CryptoError('public-key');
  const { exponent, modulus, bits } = rsaNumbers(key);
  if (bits < sizes.least) throw new CryptoError('public-key-short');
  if (bits > sizes.most) throw new CryptoError('public-key-long', { bits });
  if (exponent < 3n || exponent % 2n === 0n || exponent > 0xffff_ffffn || isWeakModulus(modulus))
    throw new CryptoError('public-key-weak');
  const warnings = [];
  if (bits < sizes.advised) warnings.push(`The key has ${bits} bits; ${sizes.advised} or more are advised.`);
  if (exponent < 65_537n) warnings.push('The exponent of the key is under 65537, as only old tools made it.');
  return {
    key,
    bits,
    warnings,
    pem: key.export({ type: 'spki', format: 'pem' }).toString().trim(),
    fingerprint: fingerprintOf(key),
  };
}

/** Tells public keys apart: SHA-256 of the SPKI form, in hexadecimal digits. */
export const fingerprintOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
