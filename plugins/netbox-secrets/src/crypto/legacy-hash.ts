import { pbkdf2Sync, randomInt, timingSafeEqual } from 'node:crypto';

const form = /^pbkdf2_sha256\$([1-9]\d{0,5})\$([^$]{1,128})\$([A-Za-z0-9+/]{43}=)$/;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
// Rows of secrets have 1,000; the limit keeps a hostile dump from stopping the process.
const mostIterations = 10_000;

/** A salt as Django makes it since 3.2: 22 letters and digits. */
export const makeSalt = (): string => Array.from({ length: 22 }, () => alphabet[randomInt(alphabet.length)]).join('');

/** Derives the fourth part of a four-part hash. */
export const pbkdf2Digest = (password: Buffer, salt: string, iterations = 1000): Buffer =>
  pbkdf2Sync(password, salt, iterations, 32, 'sha256');

/** Compares a four-part hash with what `digestOf` makes of its salt and iterations, in constant time. */
export function verifyFourParts(hash: string, digestOf: (salt: string, iterations: number) => Buffer): boolean {
  const [, iterations = '', salt = '', digest = ''] = form.exec(hash) ?? [];
  if (digest === '' || Number(iterations) > mostIterations) return false;
  return timingSafeEqual(digestOf(salt, Number(iterations)), Buffer.from(digest, 'base64'));
}

/** The hash that NetBox keeps beside a row: PBKDF2 of the plaintext, without any key. */
export const legacyHash = (plaintext: Buffer, salt = makeSalt()): string =>
  `pbkdf2_sha256$1000$${salt}$${pbkdf2Digest(plaintext, salt).toString('base64')}`;

/** Whether a hash of NetBox is that of the plaintext; one of an unknown form never is. */
export const verifyLegacyHash = (plaintext: Buffer, hash: string): boolean =>
  verifyFourParts(hash, (salt, iterations) => pbkdf2Digest(plaintext, salt, iterations));
