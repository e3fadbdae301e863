import type { Constraint } from '../domain/constraint';
import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import { InvalidInput } from '../domain/failures';
import type { Types } from '../domain/types';
import type { Filter, ListQuery, Page, Rows, Scope } from '../domain/ports';
import { matchContext } from '../permissions/constraints/conditions';
import { compilePredicate, type Predicate } from '../permissions/constraints/predicate';
import { loadRelated } from '../permissions/related';
import { filterTest } from './filter-test';
import type { Projection } from './projection';
import type { Queryable } from './statements';

/** How many rows a list looks at one by one; each of them costs reads of its own where the scope looks through relations. */
const budgets = { own: 10_000, related: 1_000 } as const;
const batch = 500;

const predicates = new WeakMap<Constraint, Predicate>();

function predicateOf(constraint: Constraint, type: TypeDescriptor, { targets }: Types): Predicate {
  let predicate = predicates.get(constraint);
  if (!predicate)
    predicates.set(constraint, (predicate = compilePredicate(constraint, type, (name) => targets.get(name))));
  return predicate;
}

/** What candidates are read with. */
export interface CandidateSource {
  readonly source: Queryable;
  readonly select: Projection;
  readonly rows: Rows;
}

/**
 * Lists by a scope or by filters that SQL cannot decide by itself: SQL gives candidates, and every row that leaves, or
 * counts, has met all of them. Throws {@link InvalidInput} where there are too many candidates to look at: of a scope, as
 * many as there are without the filters.
 */
export async function listByPredicate<T extends TypeDescriptor>(
  from: CandidateSource,
  type: T,
  query: ListQuery,
): Promise<Page<RowOf<T>>> {
  const { scope, filters = [], offset, limit } = query;
  const { select, rows } = from;
  const inScope = scopeTest(scope, type, rows);
  const tests = filters.flatMap((filter) => filterTest(type, filter) ?? []);
  const budget = budgets[inScope.looks];
  const within = { scope, limit: budget + 1, offset: 0 };
  // Where SQL gives rows that the scope hides, a refusal that hung on the filters would tell what those rows hold.
  if (!select.count(type, within)) {
    const few = filters.some((filter) => matchesFew(type, filter, budget));
    if (!few && (await candidates(from, type, within)).length > budget) throw tooMany('ask for them by id or name.');
  }
  const ids = await candidates(from, type, { ...query, limit: budget + 1 });
  if (ids.length > budget) throw tooMany('narrow the filter.');
  const found: RowOf<T>[] = [];
  let count = 0;
  for (let i = 0; i < ids.length; i += batch) {
    for (const row of await rowsAt(from, type, ids.slice(i, i + batch))) {
      if (!tests.every((test) => test(row)) || !(await inScope.holds(row))) continue;
      if (count >= offset && found.length < limit) found.push(row as unknown as RowOf<T>);
      count += 1;
    }
  }
  return { count, rows: found };
}

function tooMany(advice: string): InvalidInput {
  const message = `Too many rows to decide one by one, as a regular expression asks: ${advice}`;
  return new InvalidInput({ non_field_errors: [message] });
}

/** Whether a filter matches no more rows than that, whatever rows there are. */
function matchesFew({ fields }: TypeDescriptor, { field, values, lookup = 'exact', negated }: Filter, most: number) {
  const unique = field === 'id' || (Object.hasOwn(fields, field) && fields[field]?.unique && !fields[field]?.nullable);
  return unique === true && lookup === 'exact' && negated !== true && values.length <= most;
}

/** Whether a row is in a scope, and what is looked at to tell. */
function scopeTest(
  scope: Scope,
  type: TypeDescriptor,
  rows: Rows,
): { readonly looks: keyof typeof budgets; holds(row: AnyRow): boolean | Promise<boolean> } {
  if (scope.kind !== 'constraint') return { looks: 'own', holds: () => scope.kind === 'all' };
  const predicate = predicateOf(scope.constraint, type, rows.types);
  const paths = predicate.relations;
  if (paths.length === 0) return { looks: 'own', holds: (row) => predicate.matches(row, matchContext(scope.user)) };
  const reading = remembering(rows);
  return {
    looks: 'related',
    holds: async (row) => {
      const related = await loadRelated(reading, { type, row, paths });
      return predicate.matches(row, matchContext(scope.user), related);
    },
  };
}

async function candidates(
  { source, select }: CandidateSource,
  type: TypeDescriptor,
  query: ListQuery,
): Promise<string[]> {
  const { text, parameters } = select.candidates(type, query);
  const [found] = await source.query<{ ids: string }>(text, parameters);
  return JSON.parse(found?.ids ?? '[]') as string[];
}

/** The rows with these ids, in their order; one that has gone meanwhile is left out. */
async function rowsAt(
  { source, select }: CandidateSource,
  type: TypeDescriptor,
  ids: readonly string[],
): Promise<AnyRow[]> {
  const { text, parameters } = select.byIds(type, ids);
  const [found] = await source.query<{ rows: string }>(text, parameters);
  const byId = new Map((JSON.parse(found?.rows ?? '[]') as AnyRow[]).map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Reads each related row once for all candidates. */
function remembering(rows: Rows): Rows {
  const known = new Map<string, Promise<unknown>>();
  return {
    types: rows.types,
    get(type, by) {
      const key = JSON.stringify([type.name, by]);
      let row = known.get(key);
      if (!row) known.set(key, (row = rows.get(type, by)));
      return row as ReturnType<typeof rows.get<typeof type>>;
    },
    list: (type, query) => rows.list(type, query),
  };
}
