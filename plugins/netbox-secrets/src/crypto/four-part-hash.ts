import { pbkdf2Sync, randomInt } from 'node:crypto';
import { isSame } from './derive';

const form = /^pbkdf2_sha256\$([1-9]\d{0,5})\$([^$]{1,128})\$([A-Za-z0-9+/]{43}=)$/;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const usualIterations = 1_000;
// Rows of secrets have the usual count; the limit keeps a hostile dump from stopping the process.
const mostIterations = 10_000;

const digest = (text: Buffer, salt: string, iterations: number) => pbkdf2Sync(text, salt, iterations, 32, 'sha256');

const makeSalt = () => Array.from({ length: 22 }, () => alphabet[randomInt(alphabet.length)]).join('');

/** Hashes in Django's form, `pbkdf2_sha256$1000$SALT$DIGEST`, with a new salt of 22 letters and digits. */
export const fourPartHash = (text: Buffer, salt = makeSalt()): string =>
  `pbkdf2_sha256$${usualIterations}$${salt}$${digest(text, salt, usualIterations).toString('base64')}`;

/** Whether a hash of that form was made of the text; one of another form never was. */
export function isFourPartHash(text: Buffer, hash: string): boolean {
  const [, iterations = '', salt = '', expected] = form.exec(hash) ?? [];
  if (expected === undefined || Number(iterations) > mostIterations) return false;
  return isSame(digest(text, salt, Number(iterations)), Buffer.from(expected, 'base64'));
}
