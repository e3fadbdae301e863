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
      },
      refusals: [400],
    },
  },
};

/** The address of GraphQL. The library is loaded by the first request, since it would cost every start a third of its time. */
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
