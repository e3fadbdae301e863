import { isSearchable, shownField, type OpenCollection } from '../../collections/collection';
import { filterKinds } from '../../collections/filter-kinds';
import type { FilterParameter } from '../../collections/filter-suffixes';
import { countings } from '../../collections/list-query';
import { filterParameters } from '../../collections/read-filters';
import type { LookupName } from '../../domain/constraint';
import { versions } from '../versions';
import { askedSchema } from './field-schemas';
import type { JsonSchema } from './operation';

type Parameter = Readonly<Record<string, unknown>>;

const flag: JsonSchema = { type: 'boolean' };
const text: JsonSchema = { type: 'string', minLength: 1 };

const inQuery = (name: string, schema: JsonSchema, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});

const inHeader = (name: string, description: string): Parameter => ({ name, in: 'header', description, schema: text });

const inCommas = { style: 'form', explode: false } as const;

const natural: JsonSchema = { type: 'integer', minimum: 0, maximum: 999_999_999 };
const beside: JsonSchema = { type: 'array', items: { type: 'string', enum: ['computed_fields', 'relationships'] } };

const shared = {
  depth: inQuery('depth', { type: 'integer', minimum: 0, maximum: 10 }, 'Shows the rows that are referred to, so far.'),
  exclude_m2m: inQuery(
    'exclude_m2m',
    flag,
    'True leaves out fields of many rows, false adds those left out otherwise.',
  ),
  include: { ...inQuery('include', beside, 'What is shown beside.'), ...inCommas },
  format: inQuery('format', { type: 'string', enum: ['json', 'csv'] }, 'The form, before the Accept header.'),
  limit: inQuery('limit', { ...natural, default: 50 }, 'Rows of a page; at most 1000, which 0 asks for.'),
  offset: inQuery('offset', { ...natural, default: 0 }, 'How many rows come before the page.'),
  count: inQuery(
    'count',
    { type: 'string', enum: countings, default: 'exact' },
    'An estimate costs less: a count of the last minutes, or one that stops past 10,000.',
  ),
  q: inQuery('q', text, 'A text that the name holds, without case.'),
  'If-Match': inHeader('If-Match', 'The ETag of the row as you know it; it is changed only while it is so.'),
  'If-None-Match': inHeader('If-None-Match', 'The ETag of the answer that you have.'),
  api_version: inQuery('api_version', { type: 'string', enum: versions }, 'As `version` in the Accept header.'),
} as const;

/** The parameters that many operations take, by name. */
export const sharedParameters: Readonly<Record<keyof typeof shared, Parameter>> = shared;

/** A reference to a parameter of {@link sharedParameters}. */
export function parameterRef(name: keyof typeof shared): Parameter {
  return { $ref: `#/components/parameters/${name}` };
}

/** The parameters of the query that say how rows are shown. */
export function shapeParameters({ customizable }: OpenCollection): readonly Parameter[] {
  return (['depth', 'exclude_m2m', ...(customizable ? (['include'] as const) : []), 'format'] as const).map(
    parameterRef,
  );
}

/** The parameters of the query of a list: the page, the order, the search, every filter. */
export function listParameters(collection: OpenCollection): readonly Parameter[] {
  return [
    ...(['limit', 'offset', 'count', ...(isSearchable(collection) ? (['q'] as const) : [])] as const).map(parameterRef),
    ...sorting(collection),
    ...filterList(collection),
  ];
}

function sorting({ type, fields }: OpenCollection): readonly Parameter[] {
  const sortable = ['id', ...fields].filter((name) => filterKinds[shownField(type, name)?.kind ?? 'secret'].sortable);
  const items = { type: 'string', enum: sortable.flatMap((name) => [name, `-${name}`]) };
  return [{ ...inQuery('sort', { type: 'array', items }, 'The order; `-` turns it round.'), ...inCommas }];
}

/** The filters of a collection's lists. */
function filterList(collection: OpenCollection): readonly Parameter[] {
  return [...filterParameters(collection)].map(([name, parameter]) =>
    inQuery(name, schemaOf(collection, parameter), descriptionOf(parameter)),
  );
}

function schemaOf({ choices }: OpenCollection, { kind, field, lookup }: FilterParameter): JsonSchema {
  if (lookup === 'isnull' || kind === 'flag') return flag;
  const whole = field && (lookup === 'exact' || kind === 'number' || kind === 'datetime');
  return { type: 'array', items: whole ? askedSchema(field, choices) : text };
}

const lookups: Readonly<Partial<Record<LookupName, string>>> = {
  exact: 'is',
  iexact: 'is, without case',
  icontains: 'holds, without case',
  istartswith: 'begins with, without case',
  iendswith: 'ends with, without case',
  regex: 'has a match of an RE2 expression',
  iregex: 'has a match of an RE2 expression, without case',
  lt: 'is less than',
  lte: 'is at most',
  gt: 'is greater than',
  gte: 'is at least',
  isnull: 'is null',
};

function descriptionOf({ lookup, negated, kind, relation }: FilterParameter): string {
  const words = lookups[lookup] ?? lookup;
  const one = negated ? `Not: ${words}` : words.charAt(0).toUpperCase() + words.slice(1);
  const named =
    (kind === 'reference' || kind === 'references') && lookup === 'exact' ? ' the row of this id or name' : '';
  if (lookup === 'isnull' || kind === 'flag') return `${one}.`;
  const several = negated ? 'none of these' : relation?.target === 'extras.tag' ? 'all of these' : 'any of these';
  return `${one}${named}. Several times: ${several}.`;
}
