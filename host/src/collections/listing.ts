import type { Principal } from '../domain/access';
import type { AnyRow } from '../domain/descriptor';
import type { Filter, Page } from '../domain/ports';
import { isSearchable, type Collection, type OpenCollection } from './collection';
import { allCustomParameters } from './custom-filters';
import type { FilterParameter } from './filter-suffixes';
import { readListQuery } from './list-query';
import { filterParameters, type ListContext } from './read-filters';

/** What a list of a collection takes beside its page and its order. */
export interface ListParameters {
  /** Every filter by its whole name, those of custom fields last. */
  readonly filters: ReadonlyMap<string, FilterParameter>;
  /** Whether it can be searched by `q`. */
  readonly searchable: boolean;
}

/** What a list of a collection can be asked for. */
export async function listParameters(collection: OpenCollection): Promise<ListParameters> {
  const filters = new Map([...filterParameters(collection), ...(await allCustomParameters(collection))]);
  return { filters, searchable: isSearchable(collection) };
}

/**
 * A page of a collection as REST lists it: what may be viewed, of owned rows one's own, by the same filters. `more` narrows
 * it further. Throws what REST answers with: {@link Forbidden} to who may view none, {@link InvalidInput}.
 */
export async function listAs(
  { principal, policy }: ListContext,
  collection: OpenCollection,
  query: URLSearchParams,
  more: readonly Filter[] = [],
): Promise<Page<AnyRow>> {
  const read = await readListQuery(collection, query, { principal, policy });
  const filters = [...(read.filters ?? []), ...ownPart(collection), ...ownRows(collection, principal), ...more];
  return (await collection.rows.list(collection.type, { ...read, filters })) as Page<AnyRow>;
}

/** What narrows a collection to its own part of a type's rows. */
export function ownPart({ within }: Collection): Filter[] {
  return Object.entries(within ?? {}).map(([field, value]) => ({ field, values: [value] }));
}

/** What narrows a collection of owned rows to one's own. */
export function ownRows({ owner }: Collection, { id }: Principal): Filter[] {
  return owner === undefined ? [] : [{ field: owner, values: [id ?? ''] }];
}
