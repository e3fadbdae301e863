import { randomUUID } from 'node:crypto';
import type { NewRowOf, Principal } from '@latchkey/host/extend';
import type { Keyring } from '../crypto/keyring';
import { openWith, sealSecret } from '../crypto/sealing';
import { makeVerifier } from '../crypto/verifier';
import type { SecretValueRow, StoredSecret, valueType } from '../types';
import { toBytes, toText } from './rows';

/** A value sealed for its secret and its version, as a row. */
export function sealedValue(
  { current }: Keyring,
  { secret, version }: { readonly secret: string; readonly version: number },
  plaintext: Buffer,
  { id: user, name }: Principal,
): NewRowOf<typeof valueType> {
  return {
    id: randomUUID(),
    secret,
    version,
    key_version: current.version,
    ciphertext: toText(sealSecret(current, { id: secret, version }, plaintext)),
    hash: makeVerifier(current, secret, plaintext),
    time: new Date().toISOString(),
    user: user ?? null,
    user_name: name,
  };
}

/** The value of a row, which must be of this secret and version; throws an integrity error, or `key-version`. */
export function openedValue(
  keyring: Keyring,
  { id, version }: Pick<StoredSecret, 'id' | 'version'>,
  value: SecretValueRow,
): Buffer {
  return openWith(keyring, { id, version }, toBytes(value.ciphertext));
}
