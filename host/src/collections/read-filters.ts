import type { Principal } from '../domain/access';
import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import type { Filter, Rows, Scalar } from '../domain/ports';
import { compilePattern } from '../permissions/constraints/patterns';
import type { Policy } from '../permissions/policy';
import { judge } from '../permissions/related';
import type { Collection, OpenCollection } from './collection';
import { customParameters } from './custom-filters';
import { filterKinds } from './filter-kinds';
import { parametersOf, type FilterParameter } from './filter-suffixes';

/** Who lists, and by which policy. */
export interface ListContext {
  readonly principal: Principal;
  readonly policy: Policy;
  /** True where the row that all of them are about has been found for whoever lists. */
  readonly subjectSeen?: true;
}

type Reading = { readonly value: Scalar } | { readonly fault: string };

// Each row is matched with each expression, one by one.
const mostPatterns = 4;
// Each is looked up, or is a condition of its own.
const mostValues = 500;
const tag = 'extras.tag';

const known = new WeakMap<TypeDescriptor, Map<string, ReadonlyMap<string, FilterParameter>>>();

/** Every parameter that the lists of a collection can be filtered by, by name. */
export function filterParameters({ type, filters }: Collection): ReadonlyMap<string, FilterParameter> {
  const ofType = known.get(type) ?? new Map<string, ReadonlyMap<string, FilterParameter>>();
  known.set(type, ofType);
  const key = filters.join();
  const parameters = ofType.get(key) ?? new Map(filters.flatMap((name) => parametersOf(type, name)));
  ofType.set(key, parameters);
  return parameters;
}

/**
 * Reads the filters of a query string: values of one name are alternatives, of tags all of them are meant. An empty value
 * counts as not given. What is wrong goes to `faults`, by the name of the parameter.
 */
export async function readFilters(
  collection: OpenCollection,
  query: URLSearchParams,
  context: ListContext,
  faults: Record<string, string[]>,
): Promise<Filter[]> {
  const filters: Filter[] = [];
  let [patterns, asked] = [0, 0];
  for (const [name, parameter] of [...filterParameters(collection), ...(await customParameters(collection, query))]) {
    const given = query.getAll(name).filter((value) => value.trim() !== '');
    if (given.length === 0) continue;
    if ((asked += given.length) > mostValues) {
      faults[name] = [`A list is filtered by at most ${mostValues} values.`];
      return [];
    }
    const { name: field, lookup, negated = false, relation, keys, holds } = parameter;
    const about = { field, ...(keys && { keys }), ...(holds && { holds }) };
    if (keys && given.every((value) => value === 'null')) {
      filters.push({ ...about, values: [null], negated });
      continue;
    }
    const isPattern = parameter.lookup === 'regex' || parameter.lookup === 'iregex';
    if (isPattern && (patterns += given.length) > mostPatterns) {
      faults[name] = [`A list is filtered by at most ${mostPatterns} regular expressions.`];
      continue;
    }
    const values: Scalar[] = [];
    for (const raw of given) {
      const reading = await readValue(collection, parameter, raw, context);
      if ('fault' in reading) (faults[name] ??= []).push(reading.fault);
      else values.push(reading.value);
    }
    const every = relation?.target === tag && lookup === 'exact' && !negated;
    for (const one of every ? values.map((value) => [value]) : [values])
      filters.push({ ...about, values: one, lookup, negated });
  }
  return filters;
}

async function readValue(
  { type, choices, definitions }: OpenCollection,
  { kind, field, relation, lookup, reader }: FilterParameter,
  raw: string,
  context: ListContext,
): Promise<Reading> {
  const hidden = relation?.via && !seesAll(definitions, relation.via.type, context);
  if (hidden)
    return { fault: `You may not see all of what joins a ${type.label} to these, so that it cannot be asked.` };
  const parsed = (lookup === 'isnull' ? filterKinds.flag.filter : (reader ?? filterKinds[kind].filter))?.safeParse(raw);
  if (!parsed) return { fault: 'Unknown filter field' };
  if (!parsed.success) return { fault: parsed.error.issues[0]?.message ?? 'Enter a valid value.' };
  const value = parsed.data;
  if (lookup === 'regex' || lookup === 'iregex') {
    const pattern = compilePattern(String(value), lookup === 'iregex');
    return 'fault' in pattern ? pattern : { value };
  }
  if (lookup !== 'exact') return { value };
  const offered = field?.oneOf ?? (field?.choices && choices[field.choices]);
  if (offered && !Object.hasOwn(offered, String(value))) return notAChoice(raw);
  return relation ? related(definitions, relation.target, String(value), context) : { value };
}

/** Whether every row of a type may be viewed, so that what they join is no secret. */
function seesAll({ types }: Rows, name: string, { principal, policy }: ListContext): boolean {
  const type = types.targets.get(name);
  return type !== undefined && policy.scope(principal, 'view', type).kind === 'all';
}

/** The id that a reference filter means; what may not be viewed is no choice either, so that it cannot be probed. */
async function related(
  rows: Rows,
  target: string,
  value: string,
  { principal, policy }: ListContext,
): Promise<Reading> {
  const type = rows.types.targets.get(target);
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
