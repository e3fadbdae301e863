import type { OpenCollection } from '../../collections/collection';
import type { Field } from '../../domain/descriptor';
import { examples } from './examples';
import { listParameters, parameterRef, shapeParameters } from './list-parameters';
import { schemaRef, type AnswerDescription, type JsonSchema, type Operation, type RouteDescription } from './operation';
import { bodySchema, listOf, removalSchema, rowSchema } from './row-schemas';
import { pageSchema } from './shared';

const csv = { 'text/csv': { type: 'string' } } as const;
const gone: AnswerDescription = { description: 'It is gone.' };

/** The schemas of a collection, by name. */
export function collectionSchemas(collection: OpenCollection, name: string): Readonly<Record<string, JsonSchema>> {
  const { verbs } = collection;
  return {
    [name]: rowSchema(collection),
    ...(verbs.has('create') && { [`New${name}`]: bodySchema(collection, 'create') }),
    ...(verbs.has('change') && {
      [`${name}Replacement`]: bodySchema(collection, 'replace'),
      [`${name}Changes`]: bodySchema(collection, 'patch'),
    }),
  };
}

/** What is told of the list address of a collection. */
export function describeList(collection: OpenCollection, name: string): RouteDescription {
  const { type, title, verbs } = collection;
  const row = schemaRef(name);
  const rows = { type: 'array', items: row } as const;
  const changed: AnswerDescription = { description: 'The rows as they are now.', schema: rows };
  const id = (verb: string) => `${idOf(collection)}_${verb}`;
  const named = (body: JsonSchema): JsonSchema => listOf({ allOf: [body, { required: ['id'] }] });
  return {
    tag: title,
    methods: {
      GET: {
        id: id('list'),
        summary: `List ${title}`,
        parameters: [...listParameters(collection), ...shapeParameters(collection)],
        answers: { 200: { description: 'One page; as CSV every row.', content: { ...json(pageSchema(row)), ...csv } } },
      },
      ...(verbs.has('create') && {
        POST: {
          id: id('create'),
          summary: `Make a ${type.label}, or a list of them`,
          description: 'A list is made as a whole or not at all.',
          body: { anyOf: [schemaRef(`New${name}`), listOf(schemaRef(`New${name}`))] },
          example: examples[type.name],
          answers: {
            201: {
              description: 'What was made.',
              schema: createdSchema(collection, row),
              headers: ['Location', 'ETag'],
            },
          },
        },
      }),
      ...(verbs.has('change') && {
        PUT: {
          id: id('bulk_update'),
          summary: `Replace several ${title}`,
          body: named(schemaRef(`${name}Replacement`)),
          answers: { 200: changed },
          refusals: [412],
        },
        PATCH: {
          id: id('bulk_partial_update'),
          summary: `Change several ${title}`,
          body: named(schemaRef(`${name}Changes`)),
          answers: { 200: changed },
          refusals: [412],
        },
      }),
      ...(verbs.has('remove') && {
        DELETE: {
          id: id('bulk_destroy'),
          summary: `Remove several ${title}`,
          body: removalSchema,
          answers: { 204: gone },
          refusals: [409, 412],
        },
      }),
      OPTIONS: describeOptions(id('options'), collection),
    },
  };
}

/** What is told of the address of one row. */
export function describeRow(collection: OpenCollection, name: string): RouteDescription {
  const { type, title, verbs } = collection;
  const now: AnswerDescription = { description: 'The row as it is now.', schema: schemaRef(name) };
  const id = (verb: string) => `${idOf(collection)}_${verb}`;
  return {
    tag: title,
    path: { id: describeKey(collection) },
    methods: {
      GET: {
        id: id('retrieve'),
        summary: `Show a ${type.label}`,
        parameters: [...shapeParameters(collection), parameterRef('If-None-Match')],
        answers: {
          200: { description: 'The row.', content: { ...json(schemaRef(name)), ...csv }, headers: ['ETag'] },
          304: { description: 'You have it as it is.', headers: ['ETag'] },
        },
      },
      ...(verbs.has('change') && {
        PUT: {
          id: id('update'),
          summary: `Replace a ${type.label}`,
          description: 'What the body leaves out is kept, except that what must be given must be there.',
          parameters: [parameterRef('If-Match')],
          refusals: [412],
          body: schemaRef(`${name}Replacement`),
          example: examples[type.name],
          answers: { 200: now },
        },
        PATCH: {
          id: id('partial_update'),
          summary: `Change a ${type.label}`,
          parameters: [parameterRef('If-Match')],
          refusals: [412],
          body: schemaRef(`${name}Changes`),
          answers: { 200: now },
        },
      }),
      ...(verbs.has('remove') && {
        DELETE: {
          id: id('destroy'),
          summary: `Remove a ${type.label}`,
          parameters: [parameterRef('If-Match')],
          answers: { 204: gone },
          refusals: [409, 412],
        },
      }),
      OPTIONS: describeOptions(id('row_options'), collection),
    },
  };
}

/** What is told of the address of the notes about one row. */
export function describeNotes(collection: OpenCollection, notes: OpenCollection, name: string): RouteDescription {
  const { type, title } = collection;
  const note: JsonSchema = {
    type: 'object',
    properties: { note: { type: 'string', minLength: 1, maxLength: 10_000 } },
    required: ['note'],
    additionalProperties: false,
  };
  return {
    tag: title,
    path: { id: describeKey(collection) },
    methods: {
      GET: {
        id: `${idOf(collection)}_notes_list`,
        summary: `List the notes about a ${type.label}`,
        parameters: listParameters(notes),
        answers: { 200: { description: 'One page.', schema: pageSchema(schemaRef(name)) } },
      },
      POST: {
        id: `${idOf(collection)}_notes_create`,
        summary: `Write a note about a ${type.label}`,
        body: note,
        example: { note: 'Rotated after the audit.' },
        answers: { 201: { description: 'What was written.', schema: schemaRef(name) } },
      },
    },
  };
}

const json = (schema: JsonSchema) => ({ 'application/json': schema });
const idOf = ({ address }: OpenCollection): string => address.replace(/\W/g, '_');

/** What stands for `:id` in an address. */
export function describeKey({ type, keys }: OpenCollection): {
  readonly description: string;
  readonly example?: string;
} {
  const example = keys.map((key) => examples[type.name]?.[key]).find((value) => value !== undefined);
  return {
    description: ['The id', ...keys].join(', or the ').replaceAll('_', ' ') + '.',
    ...(example !== undefined && { example: String(example) }),
  };
}

function describeOptions(id: string, { title }: OpenCollection): Operation {
  return {
    id,
    summary: `Tell what may be done with ${title}`,
    answers: { 200: { description: 'Fields, limits and choices.', schema: schemaRef('Options') } },
  };
}

/** What a creation shows: the row, and once what is never shown again. */
function createdSchema({ type, creation }: OpenCollection, row: JsonSchema): JsonSchema {
  const once = Object.entries<Field>(type.fields).filter(([, { seal }]) => creation && seal === 'token');
  const properties = Object.fromEntries(once.map(([name, { input = name }]) => [input, { type: 'string' }]));
  const one =
    once.length > 0 ? { allOf: [row, { type: 'object', properties, required: Object.keys(properties) }] } : row;
  return { anyOf: [one, { type: 'array', items: one }] };
}
