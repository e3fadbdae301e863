import type { Filter, HostAccess, ListQuery, Principal, Rows, Scope } from '@latchkey/host/extend';
import { InvalidInput, objectType } from '@latchkey/host/extend';
import { rowsWith, where } from '../service/rows';
import { storedSecretType, type StoredSecret } from '../types';
import type { Part } from './page';
import { idsInOrder } from './secret-order';
import type { Shape } from './shape';

/** The most secrets that are sorted by what they refer to; longer lists are in the order of their numbers. */
const mostSorted = 5000;
const mostSearched = 20 * mostSorted;
const mostNamed = 1000;

/** What a list of secrets is asked for. */
interface Asked {
  readonly filters: readonly Filter[];
  readonly q: string;
  readonly part: Part;
  readonly shape: Shape;
}

/** The ids of all secrets that match, in NetBox's order; none where they are too many to be sorted. */
interface Sorted {
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
    if (objects) return { ids: await idsInOrder(kept, await search(kept, query, q, objects), shape) };
    const { count, rows } = await take(kept, query, mostSorted);
    return count > mostSorted ? {} : { ids: await idsInOrder(kept, rows, shape) };
  });
  if (!sorted.ids) return take(kept, query, part.limit, part.offset);
  const ids = sorted.ids.slice(part.offset, part.offset + part.limit);
  const rows = await rowsWith(kept, storedSecretType, ids, scope);
  return { count: sorted.ids.length, rows: ids.flatMap((id) => rows.get(id) ?? []) };
}

type Query = Pick<ListQuery, 'scope' | 'filters' | 'order'>;

const take = (rows: Rows, query: Query, limit: number, offset = 0) =>
  rows.list(storedSecretType, { ...query, limit, offset });

const tooMany = (what: string): InvalidInput =>
  new InvalidInput({ q: [`There are too many ${what}; add a filter, or search for more.`] });

/** All secrets that are called so, or stand on an object that is. Refused where they are too many to be found. */
async function search(rows: Rows, query: Query, q: string, objects: Scope): Promise<readonly StoredSecret[]> {
  if ((await take(rows, query, 1)).count > mostSearched) throw tooMany('secrets to search');
  const called = { field: 'name', lookup: 'icontains', values: [q] } as const;
  const named = await rows.list(objectType, { scope: objects, filters: [called], limit: mostNamed, offset: 0 });
  if (named.count > mostNamed) throw tooMany('objects of that name');
  const on = named.rows.map(({ id }) => id);
  const found = new Map<string, StoredSecret>();
  for (const filter of [called, ...(on.length > 0 ? [where('objects', ...on)] : [])]) {
    const page = await take(rows, { ...query, filters: [...(query.filters ?? []), filter] }, mostSorted);
    if (page.count > mostSorted) throw tooMany('secrets that match');
    for (const row of page.rows) found.set(row.id, row);
  }
  return [...found.values()];
}
