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

/**
 * Lists rows whose count may be known: those that meet a constraint are counted first, since how many there are says which
 * way to a page is the short one.
 */
export async function listInScope<T extends TypeDescriptor>(
  { source, select, counts, rows }: ListSource,
  type: T,
  query: ListQuery,
): Promise<Page<RowOf<T>>> {
  const own = select.count(type, query);
  if (!own) return listByPredicate({ source, select, rows }, type, query);
  const countOf = (statement: Sql) =>
    counts(statement, async () => {
      const [found] = await source.query<{ count: number }>(statement.text, statement.parameters);
      return found?.count ?? 0;
    });
  const count = await countOf(own);
  const asks = query.scope.kind === 'constraint' && count > query.limit;
  const whole = asks ? (select.count(type, { scope: { kind: 'all' }, limit: 0, offset: 0 }) ?? own) : own;
  const form = asks ? formFor(count, await countOf(whole), query) : 'sets';
  const { text, parameters } = select.rows(type, query, form);
  const [page] = await source.query<{ rows: string }>(text, parameters);
  return { count, rows: JSON.parse(page?.rows ?? '[]') as RowOf<T>[] };
}

/**
 * To find and order all `count` rows costs what they are; a walk along the order passes `total / count` rows for each that
 * it finds, and asks more of each.
 */
function formFor(count: number, total: number, { offset, limit }: ListQuery): ConstraintForm {
  return 2 * (offset + limit) * total < count * count ? 'probes' : 'sets';
}
