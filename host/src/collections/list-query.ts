import { Forbidden, InvalidInput } from '../domain/failures';
import type { ListQuery, Scope } from '../domain/ports';
import { isSearchable, shownField, type Collection, type OpenCollection } from './collection';
import { customParameters } from './custom-filters';
import { filterKinds, searchText } from './filter-kinds';
import { filterParameters, readFilters, type ListContext } from './read-filters';
import { withinSubjects } from './subjects';

export type { ListContext } from './read-filters';

const defaultLimit = 50;
const maxLimit = 1000;
/** What a query string may hold beside filters. */
const others = new Set([
  'limit',
  'offset',
  'count',
  'sort',
  'depth',
  'exclude_m2m',
  'include',
  'api_version',
  'format',
]);
/** How the rows of a list can be counted. */
export const countings = ['exact', 'estimate'] as const;

/**
 * Reads the query string of a list. An unknown name is refused, since a typo must not list everything; an empty value
 * counts as not given; a bad limit, offset or order is passed over, as Nautobot does.
 */
export async function readListQuery(
  collection: OpenCollection,
  parameters: URLSearchParams,
  context: ListContext,
): Promise<ListQuery> {
  const scope = context.policy.scope(context.principal, 'view', collection.type);
  if (scope.kind === 'none') throw new Forbidden();
  await refuseUnknown(collection, parameters);

  const faults: Record<string, string[]> = {};
  const filters = await readFilters(collection, parameters, context, faults);
  const search = searchText.safeParse(parameters.getAll('q').at(-1) ?? '');
  if (!search.success) faults.q = search.error.issues.map(({ message }) => message);
  const asked = parameters.get('count') || 'exact';
  const count = countings.find((name) => name === asked);
  if (!count) faults.count = [`"${asked.slice(0, 255)}" is not a valid choice.`];
  if (Object.keys(faults).length > 0) throw new InvalidInput(faults);

  const order = readOrder(collection, parameters);
  return {
    scope: context.subjectSeen ? scope : await withinSubjects(collection, scope, context),
    filters,
    ...(search.data && { search: search.data, searchScopes: searchScopes(collection, context) }),
    ...(order.length > 0 && { order }),
    limit: Math.min(natural(parameters.get('limit')) ?? defaultLimit, maxLimit) || maxLimit,
    offset: natural(parameters.get('offset')) ?? 0,
    ...(count === 'estimate' && { count }),
  };
}

/** The search looks through references at what may be viewed, so that it tells no more than that. */
function searchScopes(
  { type, definitions }: OpenCollection,
  { principal, policy }: ListContext,
): Record<string, Scope> {
  const targets = (type.searchThrough ?? []).map((name) =>
    definitions.types.targets.get(type.fields[name]?.target ?? ''),
  );
  return Object.fromEntries(
    targets.flatMap((target) => (target ? [[target.name, policy.scope(principal, 'view', target)]] : [])),
  );
}

/** Refuses query parameters that the collection does not know, for lists and details alike. */
export async function refuseUnknown(collection: OpenCollection, parameters: URLSearchParams): Promise<void> {
  if (parameters.size === 0) return;
  const custom = await customParameters(collection, parameters);
  const known = (name: string): boolean =>
    others.has(name) ||
    filterParameters(collection).has(name) ||
    custom.has(name) ||
    (name === 'q' && isSearchable(collection));
  const unknown = [...new Set(parameters.keys())].filter((name) => !known(name));
  if (unknown.length === 0) return;
  throw new InvalidInput(Object.fromEntries(unknown.map((name) => [name, ['Unknown filter field']])));
}

function readOrder({ type, fields }: Collection, parameters: URLSearchParams): string[] {
  const sortable = (name: string): boolean =>
    (name === 'id' || fields.includes(name)) && filterKinds[shownField(type, name)?.kind ?? 'secret'].sortable;
  const own = (term: string): string => {
    const name = term.replace(/^-/, '');
    return `${term.startsWith('-') ? '-' : ''}${type.aliases?.[name] ?? name}`;
  };
  return parameters
    .getAll('sort')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => sortable(name.replace(/^-/, '')))
    .map(own)
    .slice(0, 8);
}

function natural(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
