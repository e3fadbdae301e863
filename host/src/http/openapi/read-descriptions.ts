import type { z } from 'zod';
import type { OpenCollection } from '../../collections/collection';
import { jsonSchemaOf } from './body-schema';
import { describeKey } from './collection-descriptions';
import type { JsonSchema, Operation, RouteDescription } from './operation';

const text: JsonSchema = { type: 'string' };

const checked: JsonSchema = {
  type: 'object',
  properties: { result: { type: 'boolean' }, message: text },
  required: ['result', 'message'],
};

const explained: JsonSchema = {
  type: 'object',
  properties: {
    allowed: { type: 'boolean' },
    parameters: {
      type: 'object',
      description: 'Rendered for who may change the secret, as stored for who may view it; absent for others.',
    },
    provider: text,
    steps: {
      type: 'array',
      items: {
        type: 'object',
        properties: { step: text, result: { enum: ['ok', 'refused', 'failed'] }, detail: text },
        required: ['step', 'result', 'detail'],
      },
    },
  },
  required: ['allowed', 'steps'],
};

interface ReadDescription {
  readonly collection: OpenCollection;
  readonly body: z.ZodType;
  /** A body that works. */
  readonly example: unknown;
  readonly mayBeEmpty?: boolean;
}

/** What is told of an address that fetches a value and discards it. */
export function describeCheck(about: ReadDescription, methods: readonly ('GET' | 'POST')[]): RouteDescription {
  const operation: Operation = {
    summary: 'Fetch the value and discard it',
    description: 'The value is not shown; the read is on record.',
    answers: { 200: { description: 'Whether it can be read, and why not.', schema: checked } },
    refusals: [422],
  };
  return descriptionOf(about, Object.fromEntries(methods.map((method) => [method, operation])));
}

/** What is told of an address that explains a read. */
export function describeExplain(about: ReadDescription): RouteDescription {
  const operation: Operation = {
    summary: 'Tell each step of a read, without the fetch',
    answers: { 200: { description: 'The steps, as far as you may know of them.', schema: explained } },
    refusals: [422],
  };
  return descriptionOf(about, { POST: operation });
}

function descriptionOf(
  { collection, body, example, mayBeEmpty }: ReadDescription,
  methods: RouteDescription['methods'],
): RouteDescription {
  const schema = jsonSchemaOf(body);
  const withBody = (operation: Operation): Operation => ({
    ...operation,
    body: schema,
    example,
    ...(mayBeEmpty && { mayBeEmpty }),
  });
  return {
    tag: collection.title,
    path: { id: describeKey(collection) },
    methods: Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [
        method,
        method === 'GET' ? operation : withBody(operation),
      ]),
    ),
  };
}
