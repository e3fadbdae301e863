import { canonical, isSame, mac } from './derive';
import { IntegrityError } from './faults';
import type { HostKeys } from './host-keys';

/** Where a secret stands. It may change without any master key, hence it is signed with a key of the host. */
export interface Placement {
  readonly id: string;
  /** Counts the changes of the placement; the high-water mark has it too. */
  readonly revision: number;
  /** What the secret is assigned to, in any order. */
  readonly objects: readonly { readonly type: string; readonly id: string }[];
  readonly role: string;
  readonly name: string;
}

/** Signs a placement. */
export function signPlacement({ placement: key }: HostKeys, { id, revision, objects, role, name }: Placement): Buffer {
  const sorted = objects.map((object) => canonical(object.type, object.id)).toSorted(Buffer.compare);
  return mac(key, 'placement', id, revision, canonical(...sorted), role, name);
}

/** Refuses a placement that this host did not sign. */
export function checkPlacement(keys: HostKeys, placement: Placement, signature: Buffer): void {
  if (!isSame(signPlacement(keys, placement), signature)) throw new IntegrityError('placement');
}
