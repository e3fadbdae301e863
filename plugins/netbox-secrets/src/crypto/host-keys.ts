import type { KeyObject } from 'node:crypto';
import { derivedKey, extract } from './derive';

/** The keys of a host while nobody has unlocked anything, all from one secret that is not in the database. */
export interface HostKeys {
  readonly placement: KeyObject;
  readonly highWater: KeyObject;
  readonly session: KeyObject;
  readonly keyring: KeyObject;
  readonly owner: KeyObject;
}

/** Derives the host's keys from a secret of 32 bytes or more. */
export function deriveHostKeys(secret: KeyObject): HostKeys {
  const root = extract(secret);
  const keyFor = (purpose: string) => derivedKey(root, 'netbox-secrets', purpose);
  return {
    placement: keyFor('placement'),
    highWater: keyFor('high-water'),
    session: keyFor('session'),
    keyring: keyFor('keyring'),
    owner: keyFor('owner'),
  };
}
