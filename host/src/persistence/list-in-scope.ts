import type { RowOf, TypeDescriptor } from '../domain/descriptor';
import type { LookupName } from '../domain/constraint';
import type { ListQuery, Page, Rows } from '../domain/ports';
import type { Counts } from './counts';
import { listByPredicate } from './list-by-predicate';
import type { PageForm, Projection, Sql } from './projection';
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
  const form = whole ? formFor(type, query, count, await countOf(whole)) : formOfFew(type, query);
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
  const form = known ? formFor(type, query, lately, total) : formUnknown(type, query, about);
  const found = await pageOf(from, type, { ...query, limit: limit + 1 }, isNarrowed(query) ? form : 'sets');
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
  form: PageForm,
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
 * it finds, and asks more of each; or all that come before the first, where they are found by what they are ordered by.
 */
function formFor(type: TypeDescriptor, query: ListQuery, count: number, total: number): PageForm {
  const few = formOfFew(type, query);
  if (few === 'gathered' && 2 * count <= total) return few;
  return 2 * (query.offset + query.limit) * total < count * count ? 'probes' : few;
}

/** The same where nobody counted further than an estimate does. */
function formUnknown(type: TypeDescriptor, query: ListQuery, about: number): PageForm {
  const few = formOfFew(type, query);
  return few === 'sets' && about > mostCounted ? 'probes' : few;
}

/** The form in which all rows that match are found. */
const formOfFew = (type: TypeDescriptor, query: ListQuery): PageForm =>
  isAlongOrder(type, query) ? 'gathered' : 'sets';

/** The lookups whose rows are next to each other in the order of their field. */
const together: ReadonlySet<LookupName> = new Set([
  'exact',
  'iexact',
  'in',
  'startswith',
  'istartswith',
  'gt',
  'gte',
  'lt',
  'lte',
  'range',
]);

/** Whether all rows that match may be together somewhere in the order, as those whose name begins so are. */
function isAlongOrder(type: TypeDescriptor, { scope, filters = [], order = type.order }: ListQuery): boolean {
  const first = order[0]?.replace(/^-/, '');
  const isNear = (field: string, lookup: LookupName) => field === first && together.has(lookup);
  if (filters.some(({ field, lookup = 'exact', negated }) => negated !== true && isNear(field, lookup))) return true;
  return (
    scope.kind === 'constraint' &&
    scope.constraint.any.every(({ clauses }) => clauses.some(({ field, lookup }) => isNear(field, lookup)))
  );
}
