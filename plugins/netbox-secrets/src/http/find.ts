import type { Action, AnyRow, HostAccess, Principal, TypeDescriptor } from '@latchkey/host/extend';
import { Forbidden, NotFound } from '@latchkey/host/extend';
import { idFilter } from './references';

/** Refuses who may do this to no row of the type, before anything is looked up. */
export function permit({ policy }: HostAccess, principal: Principal, action: Action, type: TypeDescriptor): void {
  const writes = action === 'add' || action === 'change' || action === 'delete';
  if ((writes && !principal.mayWrite) || policy.scope(principal, action, type).kind === 'none') throw new Forbidden();
}

/** The row that an address means, of those that this may be done to. */
export async function findRow(
  { rows, kept, policy }: HostAccess,
  principal: Principal,
  { action, type, key }: { readonly action: Action; readonly type: TypeDescriptor; readonly key: string },
): Promise<AnyRow> {
  const filter = idFilter(key);
  const scope = policy.scope(principal, action, type);
  const query = { scope, filters: filter ? [filter] : [], limit: 1, offset: 0, count: 'none' } as const;
  const source = action === 'view' ? kept : rows;
  const row = filter && ((await source.list(type, query)).rows[0] as unknown as AnyRow | undefined);
  if (!row) throw new NotFound();
  return row;
}
