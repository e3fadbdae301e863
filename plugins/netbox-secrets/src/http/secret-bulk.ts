import type { Handler } from '@latchkey/host/extend';
import type { Store } from '../store';
import type { StoredSecret } from '../types';
import { guarded } from './answers';
import { bulkItems, withRows } from './bulk-body';
import type { SecretBody } from './secret-input';
import { idsInOrder } from './secret-order';
import type { secretTools } from './secret-tools';

type Tools = ReturnType<typeof secretTools>;

/** Changes many secrets, all or none. */
export function changeMany({ host, secrets }: Store, tools: Tools, partial: boolean): Handler {
  const { shapeFor, allowed, found, read, written, told } = tools;
  return guarded(async (request) => {
    const keyring = await allowed(request, 'change');
    const items = bulkItems(request, { shape: shapeFor(request), method: partial ? 'PATCH' : 'PUT' });
    const known = await withRows(items, (key) => found(request, 'change', key));
    const ids = await idsInOrder(
      host.rows,
      known.map(({ row }) => row as unknown as StoredSecret),
      '2.11',
    );
    const rows = known.toSorted((one, other) => ids.indexOf(one.row.id) - ids.indexOf(other.row.id));
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
