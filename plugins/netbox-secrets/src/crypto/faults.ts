import { LatchkeyError, type ErrorRow } from '@latchkey/core';

const row = (message: string, remedy: string, retriable = false): ErrorRow => ({ message, remedy, retriable });

const givenKey = 'Give the private key that belongs to the user key.';
const restore = 'Restore the row from a backup, and look for who can write to the database.';
const otherDump = 'Take the row from another dump.';
const freshKey = 'Make a new key pair with a current tool.';

/** What cryptography may answer instead of a value, by code. No text holds a key, a value or a part of one. */
export const cryptoErrors = {
  'integrity-record': row('The stored record is not what was sealed for this place.', restore),
  'integrity-placement': row('The object, role or name of the secret was changed outside Latchkey.', restore),
  'integrity-rollback': row('The row is not the one that was last written.', restore),
  'integrity-owner': row('The public key is not one that its user gave to this host.', restore),
  'integrity-keyring': row('The master key is not one that this host has made.', restore),
  'value-size': row('Maximum plaintext size is 65536 bytes.', 'Store a shorter value.'),
  'key-version': row('No master key of that version is at hand.', 'Unlock again.'),
  'public-key': row(
    'Invalid RSA key. Please ensure that your key is in PEM (base64) format.',
    'Give an RSA public key in PEM, or the line of OpenSSH.',
  ),
  'public-key-private': row(
    'This looks like a private key. Please provide your public RSA key.',
    'Keep it to yourself.',
  ),
  'public-key-short': row('Insufficient key length. Keys must be at least 2048 bits long.', freshKey),
  'public-key-long': row('Public key size ({bits}) is too large. Maximum key size is 8192 bits.', freshKey),
  'public-key-weak': row('The numbers of this RSA key are weak.', freshKey),
  'private-key': row('Invalid private key.', 'Give an RSA private key in PEM.'),
  'private-key-passphrase': row(
    'The private key is protected, and the passphrase does not open it.',
    'Give its passphrase.',
  ),
  'key-size': row('The size of a key pair is 2048 to 8192 bits, in steps of 256.', 'Ask for such a size.'),
  busy: row('Too many others wait for the same.', 'Try again in a while.', true),
  wrap: row('The wrapped master key does not open with this private key.', givenKey),
  'session-key': row('Invalid session key.', 'Ask for a new session key.'),
  'recovery-sheet': row('The recovery sheet is not whole.', 'Type every line of the sheet, with its number.'),
  'recovery-line': row('Line {line} of the recovery sheet is mistyped.', 'Compare the line with the sheet.'),
  'legacy-wrap': row('The wrapped master key of NetBox does not open with this private key.', givenKey),
  'legacy-wrap-form': row('This is no wrapped master key.', 'Check that the row of the user key is whole.'),
  'legacy-key': row(
    'The row does not open with this master key.',
    'Try the master key of another user; the row may be damaged.',
  ),
  'legacy-damaged': row('The row is damaged.', otherDump),
  'legacy-hash': row('The row opens, but its hash is that of another text.', otherDump),
  'legacy-size': row('Maximum plaintext size is 65535 bytes.', 'Store a shorter text.'),
} as const satisfies Record<string, ErrorRow>;

/** A code of {@link cryptoErrors}. */
export type CryptoErrorCode = keyof typeof cryptoErrors;

/** An error of this plugin's cryptography; it keeps no cause, since libraries quote their input. */
export class CryptoError extends LatchkeyError {
  declare readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, facts: Readonly<Record<string, number>> = {}) {
    const { message, remedy, retriable } = cryptoErrors[code];
    const told = message.replace(/\{(\w+)\}/g, (place, name: string) => String(facts[name] ?? place));
    super(code, told, remedy, retriable);
  }
}

/** Something stored is not what was stored: nothing of it is given out. */
export class IntegrityError extends CryptoError {
  constructor(kind: 'record' | 'placement' | 'rollback' | 'keyring' | 'owner') {
    super(`integrity-${kind}`);
  }
}
