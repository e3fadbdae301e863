import type { Principal } from '../domain/access';
import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import { Forbidden, InvalidInput } from '../domain/failures';
import type { Filter, ListQuery, Rows, Scalar } from '../domain/ports';
import { definitionTypes } from '../domain/types';
import type { Policy } from '../permissions/policy';
import { judge } from '../permissions/related';
import { isSearchable, shownField, type Collection, type OpenCollection } from './collection';
import { filterKinds, searchText } from './filter-kinds';

/** Who lists, and by which policy. */
export interface ListContext {
  readonly principal: Principal;
  readonly policy: Policy;
}

const defaultLimit = 50;
const maxLimit = 1000;
const paging = new Set(['limit', 'offset', 'sort']);

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
  refuseUnknown(collection, parameters);

  const faults: Record<string, string[]> = {};
  const filters: Filter[] = [];
  for (const field of collection.filters) {
    const given = parameters.getAll(field).filter((value) => value !== '');
    if (given.length === 0) continue;
    const values: Scalar[] = [];
    for (const raw of given) {
      const reading = await readValue(collection, field, raw, context);
      if ('fault' in reading) (faults[field] ??= []).push(reading.fault);
      else values.push(reading.value);
    }
    filters.push({ field, values });
  }
  const search = searchText.safeParse(parameters.getAll('q').at(-1) ?? '');
  if (!search.success) faults.q = search.error.issues.map(({ message }) => message);
  if (Object.keys(faults).length > 0) throw new InvalidInput(faults);

  const order = readOrder(collection, parameters);
  return {
    scope,
    filters,
    ...(search.data && { search: search.data }),
    ...(order.length > 0 && { order }),
    limit: Math.min(natural(parameters.get('limit')) ?? defaultLimit, maxLimit) || maxLimit,
    offset: natural(parameters.get('offset')) ?? 0,
  };
}

/** Refuses query parameters that the collection does not know, for lists and details alike. */
export function refuseUnknown(collection: Collection, parameters: URLSearchParams): void {
  const known = (name: string): boolean =>
    paging.has(name) || collection.filters.includes(name) || (name === 'q' && isSearchable(collection));
  const unknown = [...new Set(parameters.keys())].filter((name) => !known(name));
  if (unknown.length === 0) return;
  throw new InvalidInput(Object.fromEntries(unknown.map((name) => [name, ['Unknown filter field']])));
}

type Reading = { readonly value: Scalar } | { readonly fault: string };

async function readValue(
  { type, choices, definitions }: OpenCollection,
  name: string,
  raw: string,
  context: ListContext,
): Promise<Reading> {
  const field = type.fields[name];
  const parsed = field && filterKinds[field.kind].filter?.safeParse(raw);
  if (!field || !parsed) return { fault: 'Unknown filter field' };
  if (!parsed.success) return { fault: parsed.error.issues[0]?.message ?? 'Enter a valid value.' };
  const value = parsed.data;
  if (field.choices && !Object.hasOwn(choices[field.choices], String(value))) return notAChoice(raw);
  return field.target !== undefined ? related(definitions, field.target ?? '', String(value), context) : { value };
}

/** The id that a reference filter means; what may not be viewed is no choice either, so that it cannot be probed. */
async function related(
  rows: Rows,
  target: string,
  value: string,
  { principal, policy }: ListContext,
): Promise<Reading> {
  const type = definitionTypes.find(({ name }) => name === target);
  if (!type) return notAChoice(value);
  const id = filterKinds.id.filter?.safeParse(value);
  const by = (id?.success ? { id: id.data } : { [type.display]: value }) as Partial<RowOf<TypeDescriptor>>;
  const row = (await rows.get(type, by)) as AnyRow | undefined;
  const visible = row && (await judge(policy, rows, { principal, action: 'view', type, before: row })).allowed;
  return visible ? { value: row.id } : notAChoice(value);
}

function notAChoice(value: string): Reading {
  return { fault: `Select a valid choice. ${value} is not one of the available choices.` };
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
