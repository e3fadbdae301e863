import type { Field, TypeDescriptor } from '../domain/descriptor';
import { fold } from '../domain/fold';
import type { ListQuery, Scope } from '../domain/ports';
import type { Types } from '../domain/types';
import { constraintWhere, type ConstraintForm } from './constraint-sql/constraint-sql';
import { dialects } from './constraint-sql/dialects';
import { filterWhere } from './constraint-sql/filter-sql';
import { always, and, exactly, never, type Where } from './constraint-sql/where';
import { columnOf, comparable, fieldOf, isComparable, quoted } from './identifiers';
import { foldedColumn, type ColumnKind } from './kinds';
import { linkedIds } from './links';

/** A statement and the values bound to its `?1`, `?2`, ... */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}

const asItIs = (column: string) => column;
const asJson = (column: string) => `json(${column})`;

/** The JSON that SQLite makes of a column of each kind. */
const projections = {
  id: asItIs,
  number: asItIs,
  text: asItIs,
  choice: asItIs,
  json: asJson,
  flag: (column) => `json(CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`,
  datetime: asItIs,
  reference: asItIs,
  secret: asItIs,
  list: asJson,
  constraint: asJson,
} as const satisfies Record<ColumnKind, (column: string) => string>;

const rowTexts = new WeakMap<TypeDescriptor, string>();

/** A whole row as one JSON object, so that nothing is left to build in JavaScript. */
function rowOf(type: TypeDescriptor): string {
  let text = rowTexts.get(type);
  if (text === undefined) {
    const members = Object.entries<Field>(type.fields).map(([name, { kind }]) => {
      const value = kind === 'references' ? linkedIds(type, name) : projections[kind](columnOf(type, name));
      return `'${name.replaceAll("'", "''")}', ${value}`;
    });
    rowTexts.set(type, (text = `json_object(${members.join(', ')})`));
  }
  return text;
}

/** Collects bound values; `bind` gives the place of one. */
function binder() {
  const parameters: (string | number)[] = [];
  return { parameters, bind: (value: string | number) => `?${parameters.push(value)}` };
}

type Bind = ReturnType<typeof binder>['bind'];

const nobody = { id: undefined, name: '' };
const named =
  ({ targets }: Types) =>
  (name: string) =>
    targets.get(name);

/** The statements that read rows of the types of an installation. */
export interface Projection {
  readonly types: Types;
  /** The row with these field values, and a second one, should there be one: column `row`. */
  one(type: TypeDescriptor, by: Readonly<Record<string, unknown>>): Sql;
  /**
   * One page as one JSON array, and how many rows match, from one snapshot: columns `rows` and `count`. Undefined where
   * SQL cannot tell which rows match.
   */
  page(type: TypeDescriptor, query: ListQuery): Sql | undefined;
  /** How many rows match: column `count`. Undefined where SQL cannot tell which rows match. */
  count(type: TypeDescriptor, query: ListQuery): Sql | undefined;
  /** One page as one JSON array: column `rows`. */
  rows(type: TypeDescriptor, query: ListQuery, form: ConstraintForm): Sql;
  /** The ids of the rows that may match, in order, as one JSON array: column `ids`. */
  candidates(type: TypeDescriptor, query: ListQuery): Sql;
  /** The rows with these ids, in no order, as one JSON array: column `rows`. */
  byIds(type: TypeDescriptor, ids: readonly string[]): Sql;
}

/** Makes the statements. */
export function createProjection(types: Types): Projection {
  return {
    types,
    one(type, by) {
      const criteria = Object.entries(by);
      if (criteria.length === 0) throw new TypeError(`A ${type.label} is read by an id or a unique set of fields.`);
      const { parameters, bind } = binder();
      const where = criteria.map(([name, value]) => `${columnOf(type, name)} = ${bind(comparable(type, name, value))}`);
      return {
        text: `SELECT ${rowOf(type)} AS "row" FROM ${quoted(type.table)} WHERE ${where.join(' AND ')} LIMIT 2`,
        parameters,
      };
    },
    page(type, query) {
      const { parameters, bind } = binder();
      const { from, exact } = fromOf(type, query, { bind, types });
      if (!exact) return undefined;
      const order = orderOf(type, query.order ?? type.order);
      const page = `SELECT * ${from} ORDER BY ${order} LIMIT ${bind(query.limit)} OFFSET ${bind(query.offset)}`;
      return {
        text:
          `SELECT (SELECT count(*) ${from}) AS "count", ` +
          `(SELECT json_group_array(${rowOf(type)} ORDER BY ${order}) FROM (${page})) AS "rows"`,
        parameters,
      };
    },
    count(type, query) {
      const { parameters, bind } = binder();
      const { from, exact } = fromOf(type, query, { bind, types });
      return exact ? { text: `SELECT count(*) AS "count" ${from}`, parameters } : undefined;
    },
    rows(type, query, form) {
      const { parameters, bind } = binder();
      const { from } = fromOf(type, query, { bind, types }, form);
      const order = orderOf(type, query.order ?? type.order);
      const page = `SELECT * ${from} ORDER BY ${order} LIMIT ${bind(query.limit)} OFFSET ${bind(query.offset)}`;
      return { text: `SELECT json_group_array(${rowOf(type)} ORDER BY ${order}) AS "rows" FROM (${page})`, parameters };
    },
    candidates(type, query) {
      const { parameters, bind } = binder();
      const { from } = fromOf(type, query, { bind, types });
      const order = orderOf(type, query.order ?? type.order);
      const page = `SELECT * ${from} ORDER BY ${order} LIMIT ${bind(query.limit)}`;
      return { text: `SELECT json_group_array("id" ORDER BY ${order}) AS "ids" FROM (${page})`, parameters };
    },
    byIds(type, ids) {
      const among = `"id" IN (SELECT "value" FROM json_each(?1))`;
      return {
        text: `SELECT json_group_array(${rowOf(type)}) AS "rows" FROM ${quoted(type.table)} WHERE ${among}`,
        parameters: [JSON.stringify(ids)],
      };
    },
  };
}

interface Asking {
  readonly bind: Bind;
  readonly types: Types;
}

/** The table of a type, and the conditions of a query; not exact where they let pass what does not match. */
function fromOf(
  type: TypeDescriptor,
  query: ListQuery,
  asking: Asking,
  form: ConstraintForm = 'sets',
): { readonly from: string; readonly exact: boolean } {
  const filtering = {
    bind: asking.bind,
    user: nobody,
    types: named(asking.types),
    form: 'sets',
    dialect: dialects.sqlite,
  } as const;
  const { text, exact } = and([
    ...(query.filters ?? []).map((filter) => filterWhere(filter, type, filtering)),
    ...(query.search === undefined ? [] : [exactly(searchOf(type, query, asking))]),
    scopeWhere(type, query.scope, asking, form),
  ]);
  return { from: `FROM ${quoted(type.table)}${text === always.text ? '' : ` WHERE ${text}`}`, exact };
}

function scopeWhere(type: TypeDescriptor, scope: Scope, { bind, types }: Asking, form: ConstraintForm): Where {
  if (scope.kind === 'all') return always;
  if (scope.kind === 'none') return never;
  const { constraint, user } = scope;
  return constraintWhere(constraint, type, { bind, user, types: named(types), form, dialect: dialects.sqlite });
}

// `instr` compares code points; LIKE, lower() and regular expressions mean something else on every engine.
function searchOf(type: TypeDescriptor, { search = '', searchScopes = {} }: ListQuery, asking: Asking): string {
  const place = asking.bind(fold(search));
  const inFields = (of: TypeDescriptor): string[] =>
    Object.entries<Field>(of.fields)
      .filter(([, { searchable }]) => searchable)
      .map(([name]) => `instr(${quoted(foldedColumn(name))}, ${place}) > 0`);
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
    if (!isComparable(fieldOf(type, name).kind)) throw new TypeError(`${type.name} cannot be ordered by "${name}".`);
    return `${columnOf(type, name)}${term.startsWith('-') ? ' DESC' : ''}`;
  });
  // Ties in the direction of the order itself, so that an order turned around lists the same backwards.
  return [...terms, terms.at(-1)?.endsWith(' DESC') ? '"id" DESC' : '"id"'].join(', ');
}
