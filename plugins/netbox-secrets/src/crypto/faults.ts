import { LatchkeyError, type ErrorRow } from '@latchkey/core';

const row = (message: string, remedy: string): ErrorRow => ({ message, remedy, retriable: false });

/** What cryptography may answer instead of a value, by code. No text holds a key, a value or a part of one. */
export const cryptoErrors = {
  'private-key': row('Invalid private key.', 'Give an RSA private key in PEM.'),
  'legacy-wrap': row(
    'The wrapped master key does not open with this private key.',
    'Give the private key that belongs to the user key.',
  ),
  'legacy-wrap-form': row('This is no wrapped master key.', 'Check that the row of the user key is whole.'),
  'legacy-key': row(
    'The row does not open with this master key.',
    'Try the master key of another user; the row may be damaged.',
  ),
  'legacy-damaged': row('The row is damaged.', 'Take the row from another dump.'),
  'legacy-hash': row('The row opens, but its hash is that of another text.', 'Take the row from another dump.'),
  'legacy-size': row('Maximum plaintext size is 65535 bytes.', 'Store a shorter text.'),
} as const satisfies Record<string, ErrorRow>;

/** A code of {@link cryptoErrors}. */
export type CryptoErrorCode = keyof typeof cryptoErrors;

/** An error of this plugin's cryptography; it keeps no cause, since libraries quote their input. */
export class CryptoError extends LatchkeyError {
  declare readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode) {
    const { message, remedy, retriable } = cryptoErrors[code];
    super(code, message, remedy, retriable);
  }
}
