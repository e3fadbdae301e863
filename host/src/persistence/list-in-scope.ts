import type { RowOf, TypeDescriptor } from '../domain/descriptor';
import type { ListQuery, Page, Rows } from '../domain/ports';
import type { ConstraintForm } from './constraint-sql/constraint-sql';
import type { Counts } from './counts';
import { listByPredicate } from './list-by-predicate';
import type { Projection, Sql } from './projection';
import type { Queryable } from './statements';

/** What a list in a scope is read with. */
export interface ListSource {
  readonly source: Queryable;
  readonly select: Projection;
  readonly counts: Counts;
  readonly rows: Rows;
}

/** How far an estimate counts. */
const mostCounted = 10_000;

/**
 * Lists rows whose count may be known: where a scope or filters narrow them they are counted first, since how many there
 * are says which way to a page is the short one.
 */
export async function listInScope<T extends TypeDescriptor>(
  from: ListSource,
  type: T,
  query: ListQuery,
): Promise<Page<RowOf<T>>> {
  const { source, select, counts, rows } = from;
  const own = select.count(type, query);
  if (!own) return listByPredicate({ source, select, rows }, type, query);
  if (query.count === 'estimate') return listAbout(from, own, type, query);
  const countOf = (statement: Sql) => counts.exact(statement, () => counted(source, statement));
  const count = await countOf(own);
  const asks = isNarrowed(query) && count > query.limit;
  const whole = asks ? wholeOf(select, type) : undefined;
  const form = whole ? formFor(count, await countOf(whole), query) : 'sets';
  return { count, rows: await pageOf(from, type, query, form) };
}

/**
 * The same without an exact count: one of lately, else one that stops early. A row more than the page is read, so that the
 * count is past the page exactly if there is more.
 */
async function listAbout<T extends TypeDescriptor>(
  from: ListSource,
  own: Sql,
  type: T,
  query: ListQuery,
): Promise<Page<RowOf<T>>> {
  const { source, select, counts } = from;
  const { limit, offset } = query;
  const lately = counts.lately(own);
  const about = lately ?? (await counted(source, select.count(type, query, mostCounted + 1) ?? own));
  const whole = wholeOf(select, type);
  const total = whole && counts.lately(whole);
  const known = lately !== undefined && total !== undefined;
  const wide = known ? formFor(lately, total, query) : about > mostCounted ? 'probes' : 'sets';
  const found = await pageOf(from, type, { ...query, limit: limit + 1 }, isNarrowed(query) ? wide : 'sets');
  const end = offset + found.length;
  const isEnd = found.length <= limit && (found.length > 0 || offset === 0);
  const count = found.length > limit ? Math.max(about, end) : isEnd ? end : Math.min(about, offset);
  return { count, rows: found.slice(0, limit) };
}

async function counted(source: Queryable, { text, parameters }: Sql): Promise<number> {
  const [found] = await source.query<{ count: number }>(text, parameters);
  return found?.count ?? 0;
}

async function pageOf<T extends TypeDescriptor>(
  { source, select }: ListSource,
  type: T,
  query: ListQuery,
  form: ConstraintForm,
): Promise<RowOf<T>[]> {
  const { text, parameters } = select.rows(type, query, form);
  const [page] = await source.query<{ rows: string }>(text, parameters);
  return JSON.parse(page?.rows ?? '[]') as RowOf<T>[];
}

const isNarrowed = ({ scope, filters = [] }: ListQuery): boolean => scope.kind === 'constraint' || filters.length > 0;

const wholeOf = (select: Projection, type: TypeDescriptor): Sql | undefined =>
  select.count(type, { scope: { kind: 'all' }, limit: 0, offset: 0 });

/**
 * To find and order all `count` rows costs what they are; a walk along the order passes `total / count` rows for each that
 * it finds, and asks more of each.
 */
function formFor(count: number, total: number, { offset, limit }: ListQuery): ConstraintForm {
  return 2 * (offset + limit) * total < count * count ? 'probes' : 'sets';
}
