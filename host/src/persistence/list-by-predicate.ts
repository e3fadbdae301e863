import type { Constraint } from '../domain/constraint';
import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import { InvalidInput } from '../domain/failures';
import type { ListQuery, Page, Rows } from '../domain/ports';
import { permissionTargets } from '../domain/types';
import { matchContext } from '../permissions/constraints/conditions';
import { compilePredicate, type Predicate } from '../permissions/constraints/predicate';
import { loadRelated } from '../permissions/related';
import { selectByIds, selectCandidates } from './projection';
import type { Queryable } from './statements';

/** How many rows a list looks at one by one; each of them costs reads of its own where the scope looks through relations. */
const budgets = { own: 10_000, related: 1_000 } as const;
const batch = 500;

const types = (name: string): TypeDescriptor | undefined => permissionTargets.get(name);
const predicates = new WeakMap<Constraint, Predicate>();

function predicateOf(constraint: Constraint, type: TypeDescriptor): Predicate {
  let predicate = predicates.get(constraint);
  if (!predicate) predicates.set(constraint, (predicate = compilePredicate(constraint, type, types)));
  return predicate;
}

/**
 * Lists by a scope that SQL cannot decide by itself: SQL gives candidates, and every row that leaves, or counts, has met
 * the whole predicate. Throws {@link InvalidInput} where there are too many candidates to look at.
 */
export async function listByPredicate<T extends TypeDescriptor>(
  source: Queryable,
  rows: Rows,
  type: T,
  query: ListQuery,
): Promise<Page<RowOf<T>>> {
  const { scope, offset, limit } = query;
  if (scope.kind !== 'constraint') throw new TypeError('Only a constraint is decided row by row.');
  const predicate = predicateOf(scope.constraint, type);
  const budget = predicate.relations.length === 0 ? budgets.own : budgets.related;
  const ids = await candidates(source, type, { ...query, limit: budget + 1 });
  if (ids.length > budget) {
    const message = `Too many rows to decide one by one, as a permission with a regular expression asks: narrow the filter.`;
    throw new InvalidInput({ non_field_errors: [message] });
  }
  const reading = remembering(rows);
  const found: RowOf<T>[] = [];
  let count = 0;
  for (let i = 0; i < ids.length; i += batch) {
    for (const row of await rowsAt(source, type, ids.slice(i, i + batch))) {
      const related = await loadRelated(reading, types, { type, row, paths: predicate.relations });
      if (!predicate.matches(row, matchContext(scope.user), related)) continue;
      if (count >= offset && found.length < limit) found.push(row as unknown as RowOf<T>);
      count += 1;
    }
  }
  return { count, rows: found };
}

async function candidates(source: Queryable, type: TypeDescriptor, query: ListQuery): Promise<string[]> {
  const { text, parameters } = selectCandidates(type, query);
  const [found] = await source.query<{ ids: string }>(text, parameters);
  return JSON.parse(found?.ids ?? '[]') as string[];
}

/** The rows with these ids, in their order; one that has gone meanwhile is left out. */
async function rowsAt(source: Queryable, type: TypeDescriptor, ids: readonly string[]): Promise<AnyRow[]> {
  const { text, parameters } = selectByIds(type, ids);
  const [found] = await source.query<{ rows: string }>(text, parameters);
  const byId = new Map((JSON.parse(found?.rows ?? '[]') as AnyRow[]).map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Reads each related row once for all candidates. */
function remembering(rows: Rows): Rows {
  const known = new Map<string, Promise<unknown>>();
  return {
    get(type, by) {
      const key = JSON.stringify([type.name, by]);
      let row = known.get(key);
      if (!row) known.set(key, (row = rows.get(type, by)));
      return row as ReturnType<typeof rows.get<typeof type>>;
    },
    list: (type, query) => rows.list(type, query),
  };
}
