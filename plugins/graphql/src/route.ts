import type { Handler, HostAccess, Route } from '@latchkey/host/extend';
import type * as LateAnswer from './answer';

const errors = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      message: { type: 'string' },
      locations: { type: 'array', items: { type: 'object' } },
      path: { type: 'array', items: { type: ['string', 'integer'] } },
    },
    required: ['message'],
  },
} as const;

const openapi: NonNullable<Route['openapi']> = {
  tag: 'GraphQL',
  methods: {
    POST: {
      summary: 'Ask for rows with the fields that are wanted',
      description: 'GraphQL that only reads, with the permissions of REST.',
      body: {
        type: 'object',
        properties: {
          query: { type: 'string', maxLength: 20_000 },
          variables: { type: ['object', 'null'] },
          operationName: { type: ['string', 'null'] },
        },
        required: ['query'],
      },
      example: { query: '{ secrets(limit: 10) { name provider } }' },
      answers: {
        200: {
          description: 'What was asked for; `errors` tells what of it could not be had.',
          schema: { type: 'object', properties: { data: { type: ['object', 'null'] }, errors } },
        },
        400: {
          description: 'The query is wrong, or asks for too much; or the request is malformed.',
          schema: {
            anyOf: [
              { type: 'object', properties: { errors }, required: ['errors'], additionalProperties: false },
              { $ref: '#/components/schemas/Detail' },
            ],
          },
        },
      },
    },
  },
};

/** The address of GraphQL. The library is loaded by the first request, since it is slow to load and few ask. */
export function graphqlRoute(host: HostAccess): Route {
  let answer: Handler | undefined;
  return {
    path: '/api/graphql/',
    access: 'token',
    changes: false,
    listed: 'graphql',
    openapi,
    methods: {
      POST(request) {
        answer ??= (require('./answer') as typeof LateAnswer).createAnswer(host);
        return answer(request);
      },
    },
  };
}
