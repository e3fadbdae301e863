import type { Action, AnyRow, Filter, HostAccess, Principal, TypeDescriptor } from '@latchkey/host/extend';
import { Forbidden, InvalidInput, NotFound, objectType } from '@latchkey/host/extend';
import { allOf, where } from '../service/rows';
import { roleType, storedSecretType, type StoredSecret } from '../types';
import type { Part } from './page';
import { idFilter } from './references';
import type { Shape } from './shape';

/** The most secrets that are sorted by what they refer to; longer lists are in the order of their numbers. */
const mostSorted = 5000;

/** Refuses who may do this to no row of the type, before anything is looked up. */
export function permit({ policy }: HostAccess, principal: Principal, action: Action, type: TypeDescriptor): void {
  const writes = action === 'add' || action === 'change' || action === 'delete';
  if ((writes && !principal.mayWrite) || policy.scope(principal, action, type).kind === 'none') throw new Forbidden();
}

/** The row that an address means, of those that this may be done to. */
export async function findRow(
  { rows, policy }: HostAccess,
  principal: Principal,
  { action, type, key }: { readonly action: Action; readonly type: TypeDescriptor; readonly key: string },
): Promise<AnyRow> {
  const filter = idFilter(key);
  const query = { scope: policy.scope(principal, action, type), filters: filter ? [filter] : [], limit: 1, offset: 0 };
  const row = filter && ((await rows.list(type, query)).rows[0] as unknown as AnyRow | undefined);
  if (!row) throw new NotFound();
  return row;
}

const natural = (name: string): string => name.replace(/\d+/g, (digits) => digits.padStart(8, '0'));
const compare = (a: readonly (string | number)[], b: readonly (string | number)[]): number => {
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? '';
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
};

/** A page of secrets in NetBox's order: by device, role and name, or by role, name and number. */
export async function listSecrets(
  { rows, policy }: HostAccess,
  principal: Principal,
  asked: { readonly filters: readonly Filter[]; readonly q: string; readonly part: Part; readonly shape: Shape },
): Promise<{ readonly count: number; readonly rows: readonly StoredSecret[] }> {
  const scope = policy.scope(principal, 'view', storedSecretType);
  const { limit, offset } = asked.part;
  const list = (filters: readonly Filter[], part: Part) =>
    rows.list(storedSecretType, { scope, filters, order: ['number'], ...part });
  const whole = { limit: mostSorted, offset: 0 };
  const { filters } = asked;
  let found = await list(filters, asked.q === '' ? whole : { limit: 1, offset: 0 });
  if (asked.q !== '') {
    if (found.count > mostSorted * 20)
      throw new InvalidInput({ q: ['There are too many secrets to search; add a filter.'] });
    const ids = await objectsCalled(asked.q);
    const byName = await list([...filters, { field: 'name', lookup: 'icontains', values: [asked.q] }], whole);
    const byObject = ids.length > 0 ? await list([...filters, { field: 'objects', values: ids }], whole) : { rows: [] };
    const union = [...new Map([...byName.rows, ...byObject.rows].map((row) => [row.id, row])).values()];
    found = { count: union.length, rows: union };
  }
  if (found.count > mostSorted) return list(filters, asked.part);
  const sorted = await inOrder(found.rows as readonly StoredSecret[], asked.shape);
  return { count: found.count, rows: sorted.slice(offset, offset + limit) };

  async function objectsCalled(q: string): Promise<readonly string[]> {
    const view = policy.scope(principal, 'view', objectType);
    const query = { filters: [{ field: 'name', lookup: 'icontains', values: [q] }], limit: 1000, offset: 0 } as const;
    return (await rows.list(objectType, { scope: view, ...query })).rows.map(({ id }) => id);
  }

  async function inOrder(all: readonly StoredSecret[], shape: Shape): Promise<readonly StoredSecret[]> {
    const named = async (type: typeof roleType | typeof objectType, ids: readonly string[]) =>
      new Map(
        (ids.length === 0 ? [] : await allOf(rows, type, [where('id', ...new Set(ids))])).map((row) => [
          row.id,
          row.name,
        ]),
      );
    const roles = await named(
      roleType,
      all.map(({ role }) => role),
    );
    const objects =
      shape === '2.9'
        ? await named(
            objectType,
            all.flatMap(({ objects: ids }) => ids),
          )
        : undefined;
    const keyed = all.map((row) => {
      const role = roles.get(row.role) ?? '';
      const device = natural(objects?.get(row.objects[0] ?? '') ?? '');
      return { row, key: shape === '2.9' ? [device, role, row.name, row.number] : [role, row.name, row.number] };
    });
    return keyed.toSorted((a, b) => compare(a.key, b.key)).map(({ row }) => row);
  }
}
