import type { Field } from '../../host/src/domain/descriptor';
import { columnName, foldedColumn } from '../../host/src/persistence/kinds';
import { leafFields, leafTable } from '../../host/src/persistence/json-leaves';
import { linksOf } from '../../host/src/persistence/links';
import { worldTypes } from './constraint-world';

const identifiers = new Set([
  'ids',
  'rows',
  'page',
  'items',
  'value',
  'from_id',
  'to_id',
  'owner_id',
  'path',
  'kind',
  'text',
  'folded',
  'number',
  ...worldTypes.flatMap((type) => [
    type.table,
    ...linksOf(type).map(({ table }) => table),
    ...leafFields(type).map((field) => leafTable(type, field)),
    ...Object.entries<Field>(type.fields).flatMap(([name, field]) => [columnName(name, field), foldedColumn(name)]),
  ]),
]);
const literals = new Set(["'true'", "'false'", "'null'", "'[]'"]);
const words = new Set(
  [
    [
      'SELECT',
      'FROM',
      'WHERE',
      'AND',
      'OR',
      'IN',
      'NOT',
      'EXISTS',
      'IS',
      'NULL',
      'CAST',
      'AS',
      'BLOB',
      'ORDER',
      'BY',
      'DESC',
      'LIMIT',
      'OFFSET',
    ],
    ['instr', 'substr', 'json_each', 'json_group_array', 'TRUE', 'FALSE', 'NULLS', 'FIRST', 'LAST', '0', '1'],
    ['strpos', 'left', 'right', 'length', 'json_array_elements_text', 'json_agg', 'COALESCE', 'ANY', 'ARRAY', '200'],
    ['text', 'json', 'bigint', 'float8', 'boolean'],
  ].flat(),
);
const signs = new Set(['(', ')', ',', '::', '.', '=', '<', '>', '<=', '>=', '-', '+', '*']);

/** The tokens of a statement that are neither declared names, nor places of bound values, nor the language's own. */
export function sqlFaults(text: string): string[] {
  const tokens = text.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[?$]\d+|\w+|<=|>=|::|\S/g) ?? [];
  return tokens.filter((token) => {
    if (token.startsWith('"')) return !identifiers.has(token.slice(1, -1).replaceAll('""', '"'));
    return !literals.has(token) && !words.has(token) && !signs.has(token) && !/^[?$]\d+$/.test(token);
  });
}
