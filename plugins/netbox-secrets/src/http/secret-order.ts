import type { Rows } from '@latchkey/host/extend';
import { objectType } from '@latchkey/host/extend';
import { rowsWith } from '../service/rows';
import { roleType, type StoredSecret } from '../types';
import type { Shape } from './shape';

type Sortable = Pick<StoredSecret, 'id' | 'role' | 'objects' | 'name' | 'number'>;

/** The ids of secrets in NetBox's order: by device, role, name and number, or by all of these but the device. */
export async function idsInOrder(rows: Rows, found: readonly Sortable[], shape: Shape): Promise<readonly string[]> {
  const byDevice = shape === '2.9';
  const [roles, objects] = await Promise.all([
    rowsWith(
      rows,
      roleType,
      found.map(({ role }) => role),
    ),
    rowsWith(rows, objectType, byDevice ? found.flatMap(({ objects: ids }) => ids.slice(0, 1)) : []),
  ]);
  const keyed = found.map(({ id, role, objects: [first = ''], name, number }) => {
    const key = [roles.get(role)?.name ?? '', name, number];
    return { id, key: byDevice ? [natural(objects.get(first)?.name ?? ''), ...key] : key };
  });
  return keyed.toSorted((a, b) => compare(a.key, b.key)).map(({ id }) => id);
}

const natural = (name: string): string => name.replace(/\d+/g, (digits) => digits.padStart(8, '0'));

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? '';
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
