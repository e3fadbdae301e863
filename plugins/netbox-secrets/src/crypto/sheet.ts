import { createHash } from 'node:crypto';
import { CryptoError } from './faults';
import { bytesFrom, numberFrom } from './rsa-numbers';

// Crockford's: no letter can be taken for a digit.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const lookalikes: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** How many bytes one line of a sheet holds. */
export const bytesPerLine = 25;

const lettersPerLine = (bytesPerLine * 8) / 5;

const lettersOf = (number: bigint, count: number): string =>
  Array.from({ length: count }, (_, i) => alphabet[Number((number >> BigInt(5 * (count - 1 - i))) & 31n)]).join('');

const numberOf = (letters: string): bigint =>
  [...letters].reduce((sum, letter) => sum * 32n + BigInt(alphabet.indexOf(lookalikes[letter] ?? letter)), 0n);

/** Two letters that a mistyped line does not have, but for one in 1,024. */
function checkLetters(line: number, bytes: Buffer): string {
  const digest = createHash('sha256')
    .update(Buffer.from([line]))
    .update(bytes)
    .digest();
  return lettersOf(BigInt(digest.readUInt16BE() >> 6), 2);
}

/** Prints bytes as numbered lines of eight groups of letters and digits, each line with a check of its own. */
export function printLines(bytes: Buffer): string {
  return Array.from({ length: bytes.length / bytesPerLine }, (_, i) => {
    const part = bytes.subarray(i * bytesPerLine, (i + 1) * bytesPerLine);
    const groups = lettersOf(numberFrom(part), lettersPerLine).match(/.{5}/g) ?? [];
    return [String(i + 1).padStart(2, '0'), ...groups, checkLetters(i + 1, part)].join(' ');
  }).join('\n');
}

const lineForm = /^\s*(\d{1,2})((?:\s+[0-9A-TV-Z]{5}){8})\s+([0-9A-TV-Z]{2})\s*$/i;

/** Reads `count` lines that were printed, in any order, in either case; a mistyped one is told by its number. */
export function readLines(text: string, count: number): Buffer {
  const lines = new Map(
    text.split('\n').flatMap((line) => {
      const [, number, letters = '', check = ''] = lineForm.exec(line) ?? [];
      return number === undefined ? [] : [[Number(number), { letters, check }] as const];
    }),
  );
  const parts = Array.from({ length: count }, (_, i) => {
    const found = lines.get(i + 1);
    if (!found) throw new CryptoError('recovery-line', { line: i + 1 });
    const number = numberOf(found.letters.replace(/\s/g, '').toUpperCase());
    const part = Buffer.alloc(bytesPerLine);
    bytesFrom(number).copy(part, bytesPerLine - bytesFrom(number).length);
    const check = numberOf(found.check.toUpperCase());
    if (check !== numberOf(checkLetters(i + 1, part))) throw new CryptoError('recovery-line', { line: i + 1 });
    return part;
  });
  return Buffer.concat(parts);
}
