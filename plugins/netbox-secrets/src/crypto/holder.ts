import { isSame, mac } from './derive';
import type { HostKeys } from './host-keys';

/** Who can open the store, as the rows of the database tell it: whose key it is, and what is wrapped for it. */
export interface Holder {
  readonly id: string;
  readonly user: string;
  /** SPKI in PEM. */
  readonly publicKey: string;
  readonly active: boolean;
  /** Counts what became of it: a state of before has a lower one. */
  readonly revision: number;
  /** None for a key that waits, or was deactivated. */
  readonly wraps: readonly { readonly version: number; readonly wrapped: Buffer }[];
}

/** Signs that the host let this key in, in this state: a new master key is wrapped for signed holders alone. */
export function signHolder({ owner }: HostKeys, { id, user, publicKey, active, revision, wraps }: Holder): Buffer {
  const sorted = wraps.toSorted((one, other) => one.version - other.version);
  const parts = sorted.flatMap(({ version, wrapped }) => [version, wrapped]);
  return mac(owner, 'holder', id, user, publicKey, Number(active), revision, ...parts);
}

/** Whether the host let this key in, in this state. */
export const isHolder = (keys: HostKeys, holder: Holder, signature: Buffer): boolean =>
  isSame(signHolder(keys, holder), signature);
