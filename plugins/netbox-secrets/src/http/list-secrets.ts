import type { Filter, HostAccess, ListQuery, Principal, Rows, Scope } from '@latchkey/host/extend';
import { InvalidInput, objectType } from '@latchkey/host/extend';
import { rowsWith, where } from '../service/rows';
import { roleType, storedSecretType, type StoredSecret } from '../types';
import type { Part } from './page';
import type { Shape } from './shape';

/** The most secrets that are sorted by what they refer to; longer lists are in the order of their numbers. */
const mostSorted = 5000;
const mostSearched = 20 * mostSorted;

/** What a list of secrets is asked for. */
interface Asked {
  readonly filters: readonly Filter[];
  readonly q: string;
  readonly part: Part;
  readonly shape: Shape;
}

/** How many secrets match, and their ids in NetBox's order; no ids where they are too many to be sorted. */
interface Sorted {
  readonly count: number;
  readonly ids?: readonly string[];
}

/** A page of secrets in NetBox's order: by device, role and name, or by role, name and number. */
export async function listSecrets(
  { kept, policy }: HostAccess,
  principal: Principal,
  { filters, q, part, shape }: Asked,
): Promise<{ readonly count: number; readonly rows: readonly StoredSecret[] }> {
  const scope = policy.scope(principal, 'view', storedSecretType);
  const query = { scope, filters, order: ['number'] } as const;
  const objects = q === '' ? undefined : policy.scope(principal, 'view', objectType);
  // The order looks at more rows than a page has: it is made once, until something changes.
  const sorted = await kept.remember(JSON.stringify([shape, query, q, objects]), async (): Promise<Sorted> => {
    const found = await (objects ? search(kept, query, q, objects) : take(kept, query, mostSorted));
    const { count, rows } = found;
    return count > mostSorted ? { count } : { count, ids: await inOrder(kept, rows, shape) };
  });
  if (!sorted.ids) return take(kept, { ...query }, part.limit, part.offset);
  const ids = sorted.ids.slice(part.offset, part.offset + part.limit);
  const rows = await rowsWith(kept, storedSecretType, ids, scope);
  return { count: sorted.count, rows: ids.flatMap((id) => rows.get(id) ?? []) };
}

type Query = Pick<ListQuery, 'scope' | 'filters' | 'order'>;

const take = (rows: Rows, query: Query, limit: number, offset = 0) =>
  rows.list(storedSecretType, { ...query, limit, offset });

/** The secrets that are called so, or stand on an object that is. */
async function search(rows: Rows, query: Query, q: string, objects: Scope) {
  const { count } = await take(rows, query, 1);
  if (count > mostSearched) throw new InvalidInput({ q: ['There are too many secrets to search; add a filter.'] });
  const called = { field: 'name', lookup: 'icontains', values: [q] } as const;
  const named = await rows.list(objectType, { scope: objects, filters: [called], limit: 1000, offset: 0 });
  const on = named.rows.map(({ id }) => id);
  const narrowed = (filter: Filter) =>
    take(rows, { ...query, filters: [...(query.filters ?? []), filter] }, mostSorted);
  const byName = await narrowed(called);
  const byObject = on.length > 0 ? await narrowed(where('objects', ...on)) : { rows: [] };
  const union = [...new Map([...byName.rows, ...byObject.rows].map((row) => [row.id, row])).values()];
  return { count: union.length, rows: union };
}

async function inOrder(rows: Rows, found: readonly StoredSecret[], shape: Shape): Promise<readonly string[]> {
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
