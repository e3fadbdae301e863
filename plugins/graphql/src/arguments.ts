import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLInt,
  GraphQLList,
  GraphQLString,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLScalarType,
} from 'graphql';
import type { CustomField, FilterParameter, ListParameters } from '@latchkey/host/extend';
import { limits } from './limits';

/** What lists are asked for, and how it is read. */
export interface ListArguments {
  readonly args: GraphQLFieldConfigArgumentMap;
  /** The query string of REST that asks for the same. */
  queryOf(given: Readonly<Record<string, unknown>>): URLSearchParams;
}

const page = {
  limit: {
    type: GraphQLInt,
    description: `Rows at most; without it all of them, where they are no more than ${limits.rows}.`,
  },
  offset: { type: GraphQLInt, description: 'Rows to pass over.' },
  sort: { type: new GraphQLList(GraphQLString), description: 'Fields of the order; "-" before one turns it around.' },
} as const;

/** The arguments of the lists of a collection: its filters with their suffixes, as REST has them. */
export function listArguments(
  { filters, searchable }: ListParameters,
  customFields: readonly CustomField[],
): ListArguments {
  const own: GraphQLFieldConfigArgumentMap = {};
  for (const [name, parameter] of filters)
    if (/^[_a-z]\w*$/i.test(name)) own[name] = { type: new GraphQLList(scalarOf(parameter, customFields)) };
  const search = searchable ? { q: { type: GraphQLString, description: 'A text to search for.' } } : {};
  // A filter that has the name of one of these is out of reach, as it is in a query string.
  return { args: { ...own, ...search, ...page }, queryOf };
}

function scalarOf({ kind, lookup, keys }: FilterParameter, customFields: readonly CustomField[]): GraphQLScalarType {
  if (lookup === 'isnull') return GraphQLBoolean;
  const custom = keys && customFields.find(({ key }) => key === keys[0])?.type;
  if (kind === 'flag' || custom === 'boolean') return GraphQLBoolean;
  return kind === 'number' || custom === 'integer' ? GraphQLInt : GraphQLString;
}

function queryOf(given: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if ((name === 'limit' || name === 'offset') && typeof value === 'number') checkPage(name, value);
    for (const one of [value].flat()) if (one !== null) query.append(name, String(one));
  }
  return query;
}

function checkPage(name: 'limit' | 'offset', value: number): void {
  if (value < 0) throw new GraphQLError(`Argument "${name}" is not to be negative.`);
  if (name === 'limit' && value > limits.rows)
    throw new GraphQLError(`Argument "limit" is at most ${limits.rows}; the rest is had with "offset".`);
}
