import type { AnyRow, Handler, HostAccess } from '@latchkey/host/extend';
import { allOf, where } from '../service/rows';
import type { Store } from '../store';
import { roleType } from '../types';
import { guarded } from './answers';
import { bulkItems, withRows } from './bulk-body';
import type { SecretBody } from './secret-input';
import type { secretTools } from './secret-tools';

type Tools = ReturnType<typeof secretTools>;

/** Rows in NetBox's order of secrets: by the name of the role, their own name, their number. */
async function inOrder<Item extends { readonly row: AnyRow }>(
  { rows }: HostAccess,
  found: readonly Item[],
): Promise<readonly Item[]> {
  const ids = [...new Set(found.map(({ row }) => String(row.role)))];
  const roles = ids.length === 0 ? [] : await allOf(rows, roleType, [where('id', ...ids)]);
  const names = new Map(roles.map(({ id, name }) => [id, name]));
  const keyOf = ({ row }: Item) => [names.get(String(row.role)) ?? '', String(row.name)] as const;
  return found.toSorted((one, other) => {
    const [a, b] = [keyOf(one), keyOf(other)];
    const at = a.findIndex((part, index) => part !== b[index]);
    return at < 0 ? Number(one.row.number) - Number(other.row.number) : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
  });
}

/** Changes many secrets, all or none. */
export function changeMany({ host, secrets }: Store, tools: Tools, partial: boolean): Handler {
  const { shapeFor, allowed, found, read, written, told } = tools;
  return guarded(async (request) => {
    const keyring = await allowed(request, 'change');
    const items = bulkItems(request, { shape: shapeFor(request), method: partial ? 'PATCH' : 'PUT' });
    const rows = await inOrder(host, await withRows(items, (key) => found(request, 'change', key)));
    const bodies: SecretBody[] = [];
    for (const { row, body } of rows) bodies.push(await read(request, body, partial, row));
    const changes = rows.map(({ row: { id } }, index) => {
      const { input = {}, plaintext } = bodies[index] ?? {};
      return { id, input, ...(plaintext && { plaintext }) };
    });
    const options = { partial: true, keyring, requestId: request.requestId };
    const changed = await told(request, () => secrets.update(request.principal, changes, options));
    return { status: 200, body: await written(request, changed, bodies) };
  });
}

/** Removes many secrets, all or none. */
export function removeMany({ secrets }: Store, { shapeFor, allowed, found }: Tools): Handler {
  return guarded(async (request) => {
    await allowed(request, 'delete');
    const items = bulkItems(request, { shape: shapeFor(request), method: 'DELETE' });
    const rows = await withRows(items, (key) => found(request, 'delete', key));
    const ids = rows.map(({ row: { id } }) => id);
    await secrets.remove(request.principal, ids, request.requestId);
    return { status: 204 };
  });
}
