import type { KeyObject } from 'node:crypto';
import { isSame, mac } from './derive';
import { IntegrityError } from './faults';
import type { HostKeys } from './host-keys';
import { fingerprintOf } from './public-key';

/** Signs whose a public key is: what is wrapped anew for all users goes to keys that came through the host alone. */
export const signOwner = ({ owner }: HostKeys, user: string, key: KeyObject): Buffer =>
  mac(owner, 'owner', user, fingerprintOf(key));

/** Refuses a public key that this host did not take in for this user. */
export function checkOwner(keys: HostKeys, user: string, key: KeyObject, signature: Buffer): void {
  if (!isSame(signOwner(keys, user, key), signature)) throw new IntegrityError('owner');
}
