import type { z } from 'zod';
import { jsonSchemaOf } from './body-schema';
import type { AnswerDescription, JsonSchema, RouteDescription } from './operation';
import { pageSchema } from './shared';

const text: JsonSchema = { type: 'string' };
const anyObject: JsonSchema = { type: 'object' };

const health: JsonSchema = {
  type: 'object',
  properties: { status: text, checks: { type: 'object', additionalProperties: { type: 'boolean' } } },
  required: ['status'],
};

const provider: JsonSchema = {
  type: 'object',
  properties: {
    slug: text,
    name: text,
    parameters: { ...anyObject, description: 'The JSON Schema of a secret’s parameters.' },
    package: text,
    version: text,
  },
  required: ['slug', 'name', 'parameters', 'package', 'version'],
};

/** What is told of an address that lists addresses. */
export const addressesDescription = reading('Host', 'List what is below', {
  description: 'The addresses, by name.',
  schema: { type: 'object', additionalProperties: { type: 'string', format: 'uri' } },
});

/** What is told of the status. */
export const statusDescription = reading('Host', 'Show the status', {
  description: 'The version of the host.',
  schema: { type: 'object', properties: { 'latchkey-version': text }, required: ['latchkey-version'] },
});

/** What is told of the list of providers. */
export const providersDescription = reading('Host', 'List the providers', {
  description: 'Every provider, with what it takes.',
  schema: pageSchema(provider),
});

/** What is told of the address that says whether the process lives. */
export const livenessDescription = reading('Host', 'Tell whether the process lives', {
  description: 'It does.',
  schema: health,
});

/** What is told of the address that says whether the host can serve. */
export const readinessDescription = reading(
  'Host',
  'Tell whether the host can serve',
  { description: 'It can.', schema: health },
  { 503: { description: 'It cannot.', schema: health } },
);

/** What is told of an address that shows the document of the API, or reads it. */
export function describeFile(summary: string, type: string): RouteDescription {
  return reading('Host', summary, {
    description: summary,
    content: { [type]: type.endsWith('json') ? anyObject : text },
  });
}

/** What is told of the question to the policy. */
export function describePermissionTest(tag: string, body: z.ZodType): RouteDescription {
  const candidate: JsonSchema = {
    type: 'object',
    properties: {
      id: { type: ['string', 'null'] },
      permission: text,
      result: { enum: ['allowed', 'outside', 'disabled', 'unreadable'] },
      reason: text,
      faults: { type: 'array' },
      images: { type: 'array' },
    },
    required: ['id', 'permission', 'result'],
  };
  const answer: JsonSchema = {
    type: 'object',
    properties: { allowed: { type: 'boolean' }, rule: text, candidates: { type: 'array', items: candidate } },
    required: ['allowed', 'rule', 'candidates'],
  };
  return {
    tag,
    methods: {
      POST: {
        summary: 'Ask whether a user may do something',
        description: 'By what is stored, or by a draft. Changes nothing.',
        body: jsonSchemaOf(body),
        example: { user: 'jane', action: 'view', secret: 'SSH password of the core' },
        answers: { 200: { description: 'The decision, and what each permission says to it.', schema: answer } },
      },
    },
  };
}

function reading(
  tag: string,
  summary: string,
  good: AnswerDescription,
  others: RouteDescription['methods'][string]['answers'] = {},
) {
  return { tag, methods: { GET: { summary, answers: { 200: good, ...others } } } } satisfies RouteDescription;
}
