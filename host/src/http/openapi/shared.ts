import { schemaRef, type JsonSchema } from './operation';

const texts: JsonSchema = { type: 'array', items: { type: 'string' } };
const nullableUri: JsonSchema = { type: ['string', 'null'], format: 'uri' };

/** The schemas that every collection uses. */
export const sharedSchemas: Readonly<Record<string, JsonSchema>> = {
  Reference: {
    description: 'Another row. With `depth` it is the row itself, as far as you may view it.',
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      object_type: { type: 'string' },
      url: nullableUri,
    },
    required: ['id', 'object_type', 'url'],
  },
  GivenReference: {
    description: 'Names another row: by its id, by its name, or by attributes that mean one row.',
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'object', minProperties: 1, additionalProperties: { type: 'string' } },
    ],
  },
  Detail: { type: 'object', properties: { detail: { type: 'string' } }, required: ['detail'] },
  Faults: {
    description: 'What is wrong, by field; `__all__` and `non_field_errors` stand for the whole.',
    type: 'object',
    additionalProperties: {
      anyOf: [{ type: 'array', items: { anyOf: [{ type: 'string' }, schemaRef('Faults')] } }, schemaRef('Faults')],
    },
  },
  Invalid: {
    description: 'What is wrong with the request, with a row, or with each row of a list (`{}` for a good one).',
    anyOf: [schemaRef('Detail'), schemaRef('Faults'), { type: 'array', items: schemaRef('Faults') }],
  },
  Failure: {
    type: 'object',
    properties: { detail: { type: 'string' }, request_id: { type: 'string' } },
    required: ['detail'],
  },
  Options: {
    description: 'What may be done at the address: the fields with types, limits and choices, by method.',
    type: 'object',
    properties: {
      name: { type: 'string' },
      description: { type: 'string' },
      renders: texts,
      parses: texts,
      actions: { type: 'object', additionalProperties: { type: 'object', additionalProperties: { type: 'object' } } },
    },
    required: ['renders', 'parses'],
  },
};

/** One page of a list. */
export function pageSchema(items: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: {
      count: { type: 'integer', minimum: 0, description: 'How many rows there are in all.' },
      next: nullableUri,
      previous: nullableUri,
      results: { type: 'array', items },
    },
    required: ['count', 'next', 'previous', 'results'],
  };
}

const header = (description: string, schema: JsonSchema) => ({ description, schema });

/** The headers of answers. */
export const sharedHeaders = {
  'X-Request-Id': header('The id of the request: the one that it came with, or a new one.', { type: 'string' }),
  'API-Version': header('The version that the answer has.', { type: 'string' }),
  Location: header('The address of the row, where one was made.', { type: 'string', format: 'uri' }),
  ETag: header('What tells this state of the row from all others.', { type: 'string' }),
  'Retry-After': header('How many seconds to wait.', { type: 'integer', minimum: 0 }),
} as const;

interface RefusalDescription {
  readonly name: string;
  readonly description: string;
  readonly schema: string;
  readonly waits?: true;
}

const refusals: Readonly<Record<number, RefusalDescription>> = {
  400: { name: 'BadRequest', description: 'The request is malformed, or breaks a rule.', schema: 'Invalid' },
  403: {
    name: 'Forbidden',
    description: 'Who asks is not known, or may not do this. There is no 401.',
    schema: 'Detail',
  },
  404: {
    name: 'NotFound',
    description: 'No such row, or one out of reach; or an unknown `format` or `api_version`.',
    schema: 'Detail',
  },
  406: { name: 'NotAcceptable', description: 'The Accept header asks for another type or version.', schema: 'Detail' },
  409: {
    name: 'Conflict',
    description: 'The row is needed elsewhere; names where, as far as you may view it.',
    schema: 'Detail',
  },
  412: { name: 'PreconditionFailed', description: 'The row is not as If-Match has it any more.', schema: 'Detail' },
  413: { name: 'TooLarge', description: 'The body is larger than 256 KiB.', schema: 'Detail' },
  415: { name: 'UnsupportedMediaType', description: 'The body is of another type.', schema: 'Detail' },
  422: {
    name: 'Unresolvable',
    description: 'The secret cannot be read; says why, without the value.',
    schema: 'Detail',
  },
  429: { name: 'Throttled', description: 'Too many failures to sign in.', schema: 'Detail', waits: true },
  500: { name: 'ServerError', description: 'A fault of the server; its log has the request id.', schema: 'Failure' },
  503: {
    name: 'Unavailable',
    description: 'Something that the host needs is busy or gone.',
    schema: 'Detail',
    waits: true,
  },
};

/** Every refusal, as a response of the document, by name. */
export const sharedResponses = Object.fromEntries(
  Object.values(refusals).map(({ name, description, schema, waits }) => [
    name,
    {
      description,
      ...(waits && { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }),
      content: { 'application/json': { schema: schemaRef(schema) } },
    },
  ]),
);

/** References to the responses of some refusals, by status. */
export function refusalRefs(statuses: Iterable<number>): Readonly<Record<string, { readonly $ref: string }>> {
  const sorted = [...new Set(statuses)].toSorted((a, b) => a - b);
  return Object.fromEntries(
    sorted.map((status) => {
      const name = refusals[status]?.name;
      if (name === undefined) throw new Error(`The document has no response for ${status}.`);
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}
