import type { Field, TypeDescriptor } from '../domain/descriptor';
import { fold } from '../domain/fold';
import type { ListQuery, Scope } from '../domain/ports';
import type { Types } from '../domain/types';
import { constraintWhere, type ConstraintForm } from './constraint-sql/constraint-sql';
import type { Bound, Dialect } from './constraint-sql/dialects';
import { filterWhere } from './constraint-sql/filter-sql';
import { always, and, exactly, never, type Where } from './constraint-sql/where';
import { columnOf, comparable, fieldOf, isComparable, quoted } from './identifiers';
import { foldedColumn } from './kinds';
import { linkedIds } from './links';
import { sqliteDialect } from './sqlite-dialect';

/** A statement and the values bound to its places. */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Makes, of each type once, a whole row as one JSON object, so that nothing is left to build in JavaScript. */
function rowWriter(dialect: Dialect): (type: TypeDescriptor) => string {
  const texts = new WeakMap<TypeDescriptor, string>();
  return (type) => {
    let text = texts.get(type);
    if (text === undefined) {
      const members = Object.entries<Field>(type.fields).map(([name, { kind }]) => {
        const value = kind === 'references' ? linkedIds(type, name, dialect) : dialect.json[kind](columnOf(type, name));
        return [name, value] as const;
      });
      texts.set(type, (text = dialect.object(members)));
    }
    return text;
  };
}

/**
 * Collects bound values; `bind` gives a mark for one. The marks that are left in a statement become places at its end,
 * since the algebra of conditions drops some, and an engine takes no value that has no place.
 */
function binder(dialect: Dialect) {
  const values: Bound[] = [];
  const bind = (value: Bound) => `\0${values.push(value) - 1}\0`;
  const statement = (marked: string): Sql => {
    const places = new Map<string, string>();
    const parameters: unknown[] = [];
    const text = marked.replace(/\0(\d+)\0/g, (_, index: string) => {
      let place = places.get(index);
      if (place === undefined) {
        const value = values[Number(index)] as Bound;
        places.set(index, (place = dialect.place(parameters.push(dialect.bound(value)), value)));
      }
      return place;
    });
    return { text, parameters };
  };
  return { bind, statement, dialect };
}

const nobody = { id: undefined, name: '' };
const named =
  ({ targets }: Types) =>
  (name: string) =>
    targets.get(name);

/**
 * How the rows of a page are found: by a {@link ConstraintForm}, or as `gathered`, which is as `sets` with all rows found
 * before any is put in order, so that no planner walks along the order instead.
 */
export type PageForm = ConstraintForm | 'gathered';

/** The statements that read rows of the types of an installation. */
export interface Projection {
  readonly types: Types;
  readonly dialect: Dialect;
  /** A whole row of the type's table as one JSON object. */
  rowOf(type: TypeDescriptor): string;
  /** The row with these field values, and a second one, should there be one: column `row`. */
  one(type: TypeDescriptor, by: Readonly<Record<string, unknown>>): Sql;
  /**
   * One page as one JSON array, and how many rows match, from one snapshot: columns `rows` and `count`. Undefined where
   * SQL cannot tell which rows match.
   */
  page(type: TypeDescriptor, query: ListQuery): Sql | undefined;
  /** How many rows match, counted up to `most`: column `count`. Undefined where SQL cannot tell which rows match. */
  count(type: TypeDescriptor, query: ListQuery, most?: number): Sql | undefined;
  /** One page as one JSON array: column `rows`. Undefined where SQL cannot tell which rows match. */
  some(type: TypeDescriptor, query: ListQuery): Sql | undefined;
  /** The same in a form that is chosen, of the rows that may match. */
  rows(type: TypeDescriptor, query: ListQuery, form: PageForm): Sql;
  /** The ids of the rows that may match, in order, as one JSON array: column `ids`. */
  candidates(type: TypeDescriptor, query: ListQuery): Sql;
  /** The rows with these ids, in no order, as one JSON array: column `rows`. */
  byIds(type: TypeDescriptor, ids: readonly string[]): Sql;
}

/** Makes the statements. */
export function createProjection(types: Types, dialect: Dialect = sqliteDialect): Projection {
  const rowOf = rowWriter(dialect);
  const asking = () => ({ ...binder(dialect), types });
  const pageOf = (type: TypeDescriptor, query: ListQuery, ask: Asking, form?: PageForm) => {
    const { from, exact } = fromOf(type, query, ask, form === 'gathered' ? 'sets' : form);
    const order = orderOf(type, query.order ?? type.order);
    const rows = form === 'gathered' ? dialect.gathered(from) : from;
    const page = (more = '') => `(SELECT * ${rows} ORDER BY ${order} LIMIT ${ask.bind(query.limit)}${more}) AS "page"`;
    return { from, exact, order, page: () => page(` OFFSET ${ask.bind(query.offset)}`), first: page };
  };
  return {
    types,
    dialect,
    rowOf,
    one(type, by) {
      const criteria = Object.entries(by);
      if (criteria.length === 0) throw new TypeError(`A ${type.label} is read by an id or a unique set of fields.`);
      const { bind, statement } = asking();
      const where = criteria.map(([name, value]) => `${columnOf(type, name)} = ${bind(comparable(type, name, value))}`);
      return statement(
        `SELECT ${rowOf(type)} AS "row" FROM ${quoted(type.table)} WHERE ${where.join(' AND ')} LIMIT 2`,
      );
    },
    page(type, query) {
      const ask = asking();
      const { from, exact, order, page } = pageOf(type, query, ask);
      if (!exact) return undefined;
      const rows = `SELECT ${dialect.list(rowOf(type), order)} FROM ${page()}`;
      return ask.statement(`SELECT (SELECT count(*) ${from}) AS "count", (${rows}) AS "rows"`);
    },
    count(type, query, most) {
      const ask = asking();
      const { from, exact } = fromOf(type, query, ask);
      if (!exact) return undefined;
      const counted = most === undefined ? from : `FROM (SELECT 1 ${from} LIMIT ${ask.bind(most)}) AS "some"`;
      return ask.statement(`SELECT count(*) AS "count" ${counted}`);
    },
    some(type, query) {
      const ask = asking();
      const { exact, order, page } = pageOf(type, query, ask);
      return exact ? ask.statement(`SELECT ${dialect.list(rowOf(type), order)} AS "rows" FROM ${page()}`) : undefined;
    },
    rows(type, query, form) {
      const ask = asking();
      const { order, page } = pageOf(type, query, ask, form);
      return ask.statement(`SELECT ${dialect.list(rowOf(type), order)} AS "rows" FROM ${page()}`);
    },
    candidates(type, query) {
      const ask = asking();
      const { order, first } = pageOf(type, query, ask);
      return ask.statement(`SELECT ${dialect.list('"id"', order)} AS "ids" FROM ${first()}`);
    },
    byIds(type, ids) {
      const { bind, statement } = asking();
      const among = dialect.among('"id"', bind(JSON.stringify(ids)), 'text');
      return statement(`SELECT ${dialect.list(rowOf(type))} AS "rows" FROM ${quoted(type.table)} WHERE ${among}`);
    },
  };
}

interface Asking {
  readonly bind: (value: Bound) => string;
  readonly dialect: Dialect;
  readonly types: Types;
}

/** The table of a type, and the conditions of a query; not exact where they let pass what does not match. */
function fromOf(
  type: TypeDescriptor,
  query: ListQuery,
  asking: Asking,
  form: ConstraintForm = 'sets',
): { readonly from: string; readonly exact: boolean } {
  const { bind, dialect, types } = asking;
  const filtering = { bind, user: nobody, types: named(types), form, dialect };
  const { text, exact } = and([
    ...(query.filters ?? []).map((filter) => filterWhere(filter, type, filtering)),
    ...(query.search === undefined ? [] : [exactly(searchOf(type, query, asking))]),
    scopeWhere(type, query.scope, asking, form),
  ]);
  return { from: `FROM ${quoted(type.table)}${text === always.text ? '' : ` WHERE ${text}`}`, exact };
}

function scopeWhere(type: TypeDescriptor, scope: Scope, asking: Asking, form: ConstraintForm): Where {
  if (scope.kind === 'all') return always;
  if (scope.kind === 'none') return never;
  const { constraint, user } = scope;
  return constraintWhere(constraint, type, { ...asking, user, types: named(asking.types), form });
}

function searchOf(type: TypeDescriptor, { search = '', searchScopes = {} }: ListQuery, asking: Asking): string {
  const place = asking.bind(fold(search));
  const inFields = (of: TypeDescriptor): string[] =>
    Object.entries<Field>(of.fields)
      .filter(([, { searchable }]) => searchable)
      .map(([name]) => asking.dialect.contains(quoted(foldedColumn(name)), place));
  const through = (type.searchThrough ?? []).map((name) => {
    const target = asking.types.targets.get(fieldOf(type, name).target ?? '');
    if (!target) throw new TypeError(`${type.name} cannot be searched through "${name}".`);
    const scope = scopeWhere(target, searchScopes[target.name] ?? { kind: 'all' }, asking, 'sets');
    // A scope that SQL cannot tell by itself shows nothing here, rather than too much.
    const within = scope.exact ? scope.text : never.text;
    const found = `(${inFields(target).join(' OR ')}) AND ${within}`;
    return `${columnOf(type, name)} IN (SELECT "id" FROM ${quoted(target.table)} WHERE ${found})`;
  });
  const places = [...inFields(type), ...through];
  if (places.length === 0) throw new TypeError(`${type.name} has no searchable field.`);
  return `(${places.join(' OR ')})`;
}

function orderOf(type: TypeDescriptor, order: readonly string[]): string {
  const terms = order.map((term) => {
    const name = term.replace(/^-/, '');
    const { kind, nullable } = fieldOf(type, name);
    if (!isComparable(kind)) throw new TypeError(`${type.name} cannot be ordered by "${name}".`);
    const [down, nulls] = term.startsWith('-') ? [' DESC', ' NULLS LAST'] : ['', ' NULLS FIRST'];
    // Only where there may be any, since an index has its nulls at one end.
    return `${columnOf(type, name)}${down}${nullable ? nulls : ''}`;
  });
  // Ties in the direction of the order itself, so that an order turned around lists the same backwards.
  return [...terms, order.at(-1)?.startsWith('-') ? '"id" DESC' : '"id"'].join(', ');
}
