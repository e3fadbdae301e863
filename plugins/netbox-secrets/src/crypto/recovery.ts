import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { isSame } from './derive';
import { CryptoError } from './faults';
import { recogniseMasterKey, type MasterKey, type MasterKeyEntry } from './keyring';
import { readPrivateKey } from './private-key';
import { fingerprintOf } from './public-key';
import { bytesFrom, inverse, numberFrom } from './rsa-numbers';
import { bytesPerLine, printLines, readLines } from './sheet';
import { unwrapMasterKey } from './user-keys';

const bits = 3072;
const exponent = 65_537n;
const primeSize = bits / 16;
const magic = Buffer.from('LKR\x01', 'latin1');
const checkSize = 12;
const lines = (magic.length + 2 * primeSize + checkSize) / bytesPerLine;

/** A key pair for the day when nobody else can open the store: one half is kept, the other one printed. */
export interface RecoveryKey {
  readonly publicKey: KeyObject;
  /** The private half for paper. It is shown once and kept nowhere. */
  readonly sheet: string;
}

const checkOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest().subarray(0, checkSize);

function sheetOf(privateKey: KeyObject): string {
  const { p = '', q = '' } = privateKey.export({ format: 'jwk' });
  const bytes = Buffer.concat([magic, Buffer.from(p, 'base64url'), Buffer.from(q, 'base64url')]);
  const fingerprint = fingerprintOf(createPublicKey(privateKey)).slice(0, 16);
  return [
    `LATCHKEY RECOVERY KEY ${fingerprint}`,
    'Whoever has this sheet and a copy of the database can read every secret. Keep the two apart.',
    printLines(Buffer.concat([bytes, checkOf(bytes)])),
  ].join('\n');
}

/** Makes a recovery key. */
export async function createRecoveryKey(): Promise<RecoveryKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
  return { publicKey, sheet: sheetOf(privateKey) };
}

function keyFrom(p: bigint, q: bigint): KeyObject {
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: exponent, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.entries(numbers).map(([name, number]) => [name, bytesFrom(number).toString('base64url')]);
  return createPrivateKey({ key: { kty: 'RSA', ...Object.fromEntries(jwk) }, format: 'jwk' });
}

/** The private key of a sheet that was typed again; the lines are enough, what else stands there is passed over. */
export function readRecoverySheet(text: string): KeyObject {
  const bytes = readLines(text, lines);
  const whole = bytes.subarray(0, -checkSize);
  const isWhole = magic.compare(bytes, 0, magic.length) === 0 && isSame(checkOf(whole), bytes.subarray(-checkSize));
  if (!isWhole) throw new CryptoError('recovery-sheet');
  const primes = whole.subarray(magic.length);
  return keyFrom(numberFrom(primes.subarray(0, primeSize)), numberFrom(primes.subarray(primeSize)));
}

/** The private key of a recovery sheet that was typed again, or of one in PEM. */
export async function recoveryPrivateKey(text: string): Promise<KeyObject> {
  return text.includes('PRIVATE KEY') ? readPrivateKey(text) : readRecoverySheet(text);
}

/** What recovery needs: the sheet, or a private key in PEM, and what the database holds. */
export interface RecoverMasterKeyOptions {
  readonly sheet: string;
  readonly wrapped: Buffer;
  readonly entries: readonly MasterKeyEntry[];
}

/** Opens the master key with the recovery key, as in the day of need so in a drill. */
export async function recoverMasterKey({ sheet, wrapped, entries }: RecoverMasterKeyOptions): Promise<MasterKey> {
  return recogniseMasterKey(await unwrapMasterKey(await recoveryPrivateKey(sheet), wrapped), entries);
}
