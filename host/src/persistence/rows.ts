import type { RowOf, TypeDescriptor } from '../domain/descriptor';
import type { ListQuery, Page, Rows } from '../domain/ports';
import { countAgain, type Counts } from './counts';
import { listByPredicate } from './list-by-predicate';
import { listInScope } from './list-in-scope';
import type { Projection } from './projection';
import type { Queryable } from './statements';

/** Up to so many rows are counted anew in less time than it takes to ask whether a count still holds. */
const smallTable = 2_000;

/** Reads rows through a connection: one statement, and one JSON text, a call. */
export function rowsOf(source: Queryable, select: Projection, counts?: Counts): Rows {
  const small = new Set<string>();
  const rows: Rows = {
    types: select.types,

    async get<T extends TypeDescriptor>(type: T, by: Partial<RowOf<T>>): Promise<RowOf<T> | undefined> {
      const { text, parameters } = select.one(type, by);
      const [found, second] = await source.query<{ row: string }>(text, parameters);
      if (second) throw new TypeError(`More than one ${type.label} has these fields.`);
      return found && (JSON.parse(found.row) as RowOf<T>);
    },

    async list<T extends TypeDescriptor>(type: T, query: ListQuery): Promise<Page<RowOf<T>>> {
      if (query.scope.kind === 'none') return { count: 0, rows: [] };
      if (query.count === 'none') {
        const some = select.some(type, query);
        if (!some) return uncounted((await listByPredicate({ source, select, rows }, type, query)).rows);
        const [found] = await source.query<{ rows: string }>(some.text, some.parameters);
        return uncounted(JSON.parse(found?.rows ?? '[]') as RowOf<T>[]);
      }
      // What is counted anyway, or known, is not counted with the page.
      if (query.scope.kind === 'constraint' || (counts && !small.has(type.table))) {
        const page = await listInScope({ source, select, counts: counts ?? countAgain, rows }, type, query);
        if (isWhole(query) && page.count <= smallTable) small.add(type.table);
        return page;
      }
      const statement = select.page(type, query);
      if (!statement) return listByPredicate({ source, select, rows }, type, query);
      const [page] = await source.query<{ count: number; rows: string }>(statement.text, statement.parameters);
      if (!page) throw new Error('The database gave no page.');
      if (page.count > smallTable) small.delete(type.table);
      return { count: page.count, rows: JSON.parse(page.rows) as RowOf<T>[] };
    },
  };
  return rows;
}

const uncounted = <Row>(rows: readonly Row[]): Page<Row> => ({ count: rows.length, rows });

const isWhole = ({ scope, filters = [], search }: ListQuery): boolean =>
  scope.kind === 'all' && filters.length === 0 && search === undefined;
