import { CryptoError } from '../crypto/faults';
import { decryptLegacySecret } from '../crypto/legacy';
import { legacyPaddedSize } from '../crypto/legacy-header';
import type { FindingCode } from './findings';
import type { LoggedValue } from './secret-history';

/** The plaintext of a row of NetBox, or why it does not open. */
export type OpenedSecret =
  | {
      readonly ok: true;
      readonly plaintext: Buffer;
      /** Whether the row had one of the broken headers, and NetBox could not read it. */
      readonly isHealed: boolean;
    }
  | { readonly ok: false; readonly fault: SecretFault };

/** Why a row does not open. */
export type SecretFault = Extract<
  FindingCode,
  'secret-damaged' | 'secret-other-key' | 'secret-hash' | 'secret-hash-form'
>;

const hashForm = /^pbkdf2_sha256\$\d+\$[^$]+\$[A-Za-z0-9+/]{43}=$/;
const ivSize = 16;

const faults: Readonly<Partial<Record<string, SecretFault>>> = {
  'legacy-damaged': 'secret-damaged',
  'legacy-hash': 'secret-hash',
};
// What tells most, first: a row that opens with one key is not of another.
const gravity: readonly SecretFault[] = ['secret-damaged', 'secret-hash', 'secret-other-key'];

function tryKey(masterKey: Buffer, { ciphertext, hash }: LoggedValue): Buffer | SecretFault {
  try {
    return decryptLegacySecret(masterKey, ciphertext, hash);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    return faults[error.code] ?? 'secret-other-key';
  }
}

/** Opens one row with the first of some master keys that does; a row that opens with none tells why, and stops nothing. */
export function openSecret(row: LoggedValue, masterKeys: readonly Buffer[]): OpenedSecret {
  if (!hashForm.test(row.hash)) return { ok: false, fault: 'secret-hash-form' };
  const tried = masterKeys.map((masterKey) => tryKey(masterKey, row));
  const plaintext = tried.find((one): one is Buffer => typeof one !== 'string');
  if (!plaintext) return { ok: false, fault: gravity.find((fault) => tried.includes(fault)) ?? 'secret-other-key' };
  const isHealed = row.ciphertext.length !== ivSize + legacyPaddedSize(plaintext.length);
  return { ok: true, plaintext, isHealed };
}
