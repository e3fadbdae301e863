import { createPublicKey, type KeyObject } from 'node:crypto';
import { CryptoError } from '../crypto/faults';
import { unwrapLegacyMasterKey } from '../crypto/legacy';
import type { Catalogue } from './catalogue';

/** A user of NetBox and the private key that belongs to its user key. */
export interface KeyHolder {
  readonly user: string;
  readonly privateKey: KeyObject;
}

/** Why a private key opens no master key. */
export const keyFaults = {
  'no-such-user': 'The dump holds no such user.',
  'no-user-key': 'The user has no user key.',
  inactive: 'The user key is not active: it holds no master key.',
  'wrong-key': 'The private key does not belong to the user key.',
  damaged: 'The private key belongs to the user key, but the master key in it is damaged.',
} as const;

/** The master key that a holder's private key opens, or why it opens none. */
export type OpenedKey =
  | { readonly ok: true; readonly user: string; readonly masterKey: Buffer }
  | {
      readonly ok: false;
      readonly user: string;
      readonly reason: keyof typeof keyFaults;
      /** The user whose user key the private key belongs to. */
      readonly belongsTo?: string;
    };

const der = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

function isPublicHalf(text: string, privateKey: KeyObject): boolean {
  try {
    return der(createPublicKey(text)).equals(der(createPublicKey(privateKey)));
  } catch {
    // NetBox let other things than keys in; they belong to nobody.
    return false;
  }
}

function ownerOf({ records }: Catalogue, privateKey: KeyObject): string | undefined {
  const row = records.all('user-key').find(({ public_key: text }) => isPublicHalf(text, privateKey));
  return records.find('user', row?.user)?.username;
}

/** Opens the master key with one holder's private key. */
export function openMasterKey(catalogue: Catalogue, { user: name, privateKey }: KeyHolder): OpenedKey {
  const { records } = catalogue;
  const user = records.find('user', [name]);
  const fault = (reason: keyof typeof keyFaults, belongsTo?: string): OpenedKey => ({
    ok: false,
    user: name,
    reason,
    ...(belongsTo === undefined ? {} : { belongsTo }),
  });
  if (!user) return fault('no-such-user');
  const row = records.all('user-key').find((key) => records.find('user', key.user) === user);
  if (!row) return fault('no-user-key');
  if (!row.master_key_cipher || row.master_key_cipher.length === 0) return fault('inactive');
  try {
    return { ok: true, user: name, masterKey: unwrapLegacyMasterKey(privateKey, row.master_key_cipher) };
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    const belongs = isPublicHalf(row.public_key, privateKey);
    return belongs ? fault('damaged') : fault('wrong-key', ownerOf(catalogue, privateKey));
  }
}

/** The different master keys that some holders open: one, unless NetBox made a second when the first was lost. */
export function distinctMasterKeys(opened: readonly OpenedKey[]): Buffer[] {
  const keys = opened.flatMap((one) => (one.ok ? [one.masterKey] : []));
  return keys.filter((key, at) => keys.findIndex((other) => other.equals(key)) === at);
}
