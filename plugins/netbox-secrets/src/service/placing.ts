import { createHash } from 'node:crypto';
import type { AnyRow } from '@latchkey/host/extend';
import { canonical } from '../crypto/derive';
import { checkHighWater, signHighWater } from '../crypto/high-water';
import type { HostKeys } from '../crypto/host-keys';
import { checkPlacement, signPlacement, type Placement } from '../crypto/placement';
import type { HighWaterRow, StoredSecret } from '../types';
import { toBytes, toText } from './rows';

/** What a placement is signed over, as a row has it. */
function placementOf({ id, revision, objects, role, name }: StoredSecret): Placement {
  return { id, revision, role, name, objects: objects.map((object) => ({ type: 'inventory.object', id: object })) };
}

/** The fields that follow from where a secret stands: the place, which is unique, and the signature of the host. */
export function placedFields(
  keys: HostKeys,
  row: AnyRow,
  before: StoredSecret | undefined,
): Readonly<Record<string, unknown>> {
  const after = row as unknown as StoredSecret;
  const objects = after.objects.toSorted();
  const place = createHash('sha256')
    .update(canonical(...objects, after.role, after.name))
    .digest('hex');
  if (before && before.place === place) return {};
  const revision = (before?.revision ?? 0) + 1;
  const placed = placementOf({ ...after, revision });
  return { place, revision, placement_mac: toText(signPlacement(keys, placed)) };
}

/** The mark of a row's newest state, signed. */
export function highWaterOf(keys: HostKeys, { id, version, revision }: StoredSecret): HighWaterRow {
  return { id, version, revision, mac: toText(signHighWater(keys, { id, version, revision })) };
}

/** Refuses a row that stands where the host did not put it, or that is not the newest; throws an integrity error. */
export function checkPlaced(keys: HostKeys, row: StoredSecret, mark: HighWaterRow | undefined): void {
  checkPlacement(keys, placementOf(row), toBytes(row.placement_mac));
  checkHighWater(keys, row, mark && toBytes(mark.mac));
}
