import { createHash } from 'node:crypto';

import type { Bound, Dialect } from '../constraint-sql/dialects';
import { literal } from '../identifiers';
import { heldText } from './text';

const asItIs = (column: string) => column;

// Without the casts PostgreSQL would guess, and refuse a number with a fraction for a column of whole ones.
const castOf = (value: Bound): string => {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  return Number.isSafeInteger(value) ? 'bigint' : 'float8';
};

const holds = (value: Bound): boolean => typeof value !== 'string' || heldText(value) === value;

// An entry of an index holds 2,704 bytes, and a character takes up to four of them.
const start = 200;
const longestPath = 800;

/** How PostgreSQL says it. Text columns have the collation "C", so that it compares by code point. */
export const postgresDialect: Dialect = {
  engine: 'postgres',
  bound: (value) => (holds(value) ? value : null),
  slot: (nth) => `$${nth}`,
  place: (nth, value) => `$${nth}::${castOf(value)}`,
  holds,
  contains: (column, place) => `strpos(${column}, ${place}) > 0`,
  suffix(column, value, bind) {
    const place = bind(value);
    return `right(${column}, length(${place})) = ${place}`;
  },
  items: (place) => `json_array_elements_text(${place}::json) AS "items"("value")`,
  // An array, unlike a sub-query, is found by an index also where it is one of several ways in.
  among(column, place, of) {
    const value = of === 'text' ? '"value"' : '"value"::float8';
    return `${column} = ANY (ARRAY(SELECT ${value} FROM ${this.items(place)}))`;
  },
  // Without the offset it would find all rows of the table for one page of the list.
  exists: (from, condition) => `EXISTS (SELECT 1 FROM ${from} WHERE ${condition} OFFSET 0)`,
  // Where a page is small it would rather walk along the order, past all rows that come before the first.
  gathered: (from) => `FROM (SELECT * ${from} OFFSET 0) AS "gathered"`,
  // Its planner knows how many rows each index gives.
  aside: asItIs,
  start,
  startOf: (text, count) => `left(${text}, ${count})`,
  leafPath: (path) =>
    Buffer.byteLength(path) <= longestPath ? path : `#${createHash('sha256').update(path).digest('hex')}`,
  json: {
    id: asItIs,
    number: asItIs,
    text: asItIs,
    choice: asItIs,
    json: asItIs,
    flag: asItIs,
    datetime: asItIs,
    reference: asItIs,
    secret: asItIs,
    list: asItIs,
    constraint: asItIs,
  },
  object: (members) => `json_build_object(${members.map(([name, json]) => `${literal(name)}, ${json}`).join(', ')})`,
  list: (json, order) => `COALESCE(json_agg(${json}${order === undefined ? '' : ` ORDER BY ${order}`}), '[]')`,
};
