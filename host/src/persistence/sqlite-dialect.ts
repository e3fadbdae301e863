import type { Dialect } from './constraint-sql/dialects';
import { literal } from './identifiers';

const asItIs = (column: string) => column;
const asJson = (column: string) => `json(${column})`;

/** How SQLite says it. */
export const sqliteDialect: Dialect = {
  engine: 'sqlite',
  bound: (value) => (typeof value === 'boolean' ? Number(value) : value),
  place: (nth) => `?${nth}`,
  slot: (nth) => `?${nth}`,
  holds: () => true,
  contains: (column, place) => `instr(${column}, ${place}) > 0`,
  // Of a text `substr` counts characters up to the first NUL; of its bytes it takes the last, whatever they are.
  suffix(column, value, bind) {
    const place = bind(value);
    return `substr(CAST(${column} AS BLOB), -${bind(Buffer.byteLength(value))}) = CAST(${place} AS BLOB)`;
  },
  items: (place) => `json_each(${place})`,
  among: (column, place) => `${column} IN (SELECT "value" FROM json_each(${place}))`,
  exists: (from, condition) => `EXISTS (SELECT 1 FROM ${from} WHERE ${condition})`,
  // It takes the index of a condition before that of an order.
  gathered: (from) => from,
  aside: (column) => `+${column}`,
  startOf: (text, count) => `substr(${text}, 1, ${count})`,
  leafPath: (path) => path,
  json: {
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
  },
  object: (members) => `json_object(${members.map(([name, json]) => `${literal(name)}, ${json}`).join(', ')})`,
  list: (json, order) => `json_group_array(${json}${order === undefined ? '' : ` ORDER BY ${order}`})`,
};
