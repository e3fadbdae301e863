import { isSame, mac } from './derive';
import { IntegrityError } from './faults';
import type { HostKeys } from './host-keys';

/** The newest state of a secret, kept in another table than the secret itself. */
export interface HighWater {
  readonly id: string;
  /** That of the newest value. */
  readonly version: number;
  /** That of the newest placement. */
  readonly revision: number;
}

/** Signs a high-water mark. */
export const signHighWater = ({ highWater }: HostKeys, { id, version, revision }: HighWater): Buffer =>
  mac(highWater, 'high-water', id, version, revision);

/**
 * Refuses a row that is not the newest: one that was put back to an older state, that was deleted, or whose mark was
 * changed. Row and mark put back together are not noticed.
 */
export function checkHighWater(keys: HostKeys, row: HighWater, signature: Buffer | undefined): void {
  if (!signature || !isSame(signHighWater(keys, row), signature)) throw new IntegrityError('rollback');
}
