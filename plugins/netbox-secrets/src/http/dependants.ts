import type { HostAccess, Principal } from '@latchkey/host/extend';
import { objectType } from '@latchkey/host/extend';
import { allOf, byId, where } from '../service/rows';
import { roleType, storedSecretType } from '../types';
import type { Shape } from './shape';

const mostNamed = 20;

/** NetBox's text for a role that secrets still have; it names only those that may be seen. */
export async function dependants(host: HostAccess, principal: Principal, role: string, shape: Shape): Promise<string> {
  const { rows, policy } = host;
  const query = { filters: [where('role', role)], limit: mostNamed, offset: 0 };
  const all = await rows.list(storedSecretType, { scope: { kind: 'all' }, ...query });
  const seen = await rows.list(storedSecretType, {
    scope: policy.scope(principal, 'view', storedSecretType),
    ...query,
  });
  const name = (await byId(rows, roleType, role))?.name ?? '';
  const ids = seen.rows.flatMap(({ objects }) => objects);
  const objects = ids.length > 0 ? await allOf(rows, objectType, [where('id', ...new Set(ids))]) : [];
  const named = seen.rows.map((row) => {
    const device = objects.find(({ id }) => id === row.objects[0])?.name ?? '';
    const called = row.name === '' ? '' : ` (${row.name})`;
    const text = shape === '2.9' ? `${name} for ${device}${called}` : row.name || 'Secret';
    return `${text} (${row.number})`;
  });
  return `Unable to delete object. ${all.count} dependent objects were found: ${named.join(', ')}`;
}
