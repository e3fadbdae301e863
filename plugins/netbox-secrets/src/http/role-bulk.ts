import type { AnyRow, ApiRequest, Changes, Handler } from '@latchkey/host/extend';
import { Conflict } from '@latchkey/host/extend';
import type { Store } from '../store';
import { roleType } from '../types';
import { detail, guarded } from './answers';
import { bulkItems, withRows } from './bulk-body';
import { dependants } from './dependants';
import { findRow, permit } from './find';
import { readRole } from './role-input';
import type { Shape } from './shape';

/** What the handlers of many roles need of those of one. */
export interface RoleTools {
  readonly shapeFor: (request: ApiRequest) => Shape;
  readonly shown: (request: ApiRequest, row: AnyRow) => Promise<object>;
  readonly together: <T>(request: ApiRequest, work: (changes: Changes) => Promise<T>) => Promise<T>;
}

/** Changes many roles, all or none; they come back in NetBox's order, by name. */
export function changeRoles({ host }: Store, { shapeFor, shown, together }: RoleTools, partial: boolean): Handler {
  return guarded(async (request) => {
    const { principal } = request;
    permit(host, principal, 'change', roleType);
    const shape = shapeFor(request);
    const items = bulkItems(request, { shape, method: partial ? 'PATCH' : 'PUT' });
    const found = await withRows(items, (key) => findRow(host, principal, { action: 'change', type: roleType, key }));
    const wanted = found
      .toSorted((one, other) => (String(one.row.name) < String(other.row.name) ? -1 : 1))
      .map(({ row, body }) => ({ id: row.id, input: readRole(body, shape, partial) }));
    const rows = await together(request, async ({ update }) => {
      const changed: AnyRow[] = [];
      for (const { id, input } of wanted) changed.push(await update(roleType, id, input, { partial: true }));
      return changed;
    });
    return { status: 200, body: await Promise.all(rows.map((row) => shown(request, row))) };
  });
}

/** Removes many roles, all or none. */
export function removeRoles({ host }: Store, { shapeFor, together }: RoleTools): Handler {
  return guarded(async (request) => {
    const { principal } = request;
    permit(host, principal, 'delete', roleType);
    const shape = shapeFor(request);
    const items = bulkItems(request, { shape, method: 'DELETE' });
    const found = await withRows(items, (key) => findRow(host, principal, { action: 'delete', type: roleType, key }));
    let last = '';
    try {
      await together(request, async ({ remove }) => {
        for (const { row } of found) {
          last = row.id;
          await remove(roleType, row.id);
        }
      });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      return detail(409, await dependants(host, principal, last, shape));
    }
    return { status: 204 };
  });
}
