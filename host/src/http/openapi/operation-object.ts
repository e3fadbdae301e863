import type { Method, Route } from '../route';
import { parameterRef } from './list-parameters';
import type { AnswerDescription, JsonSchema, Operation, RouteDescription } from './operation';
import { refusalRefs } from './shared';

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const nothing: Operation = { summary: '', answers: { 200: { description: 'Done.', content: { '*/*': {} } } } };

/** One operation of the document: what its description says, and what holds for every route of its kind. */
export function operationOf(route: Route, method: string, description: RouteDescription) {
  const { path, access, password } = route;
  const told = description.methods[method] ?? nothing;
  const versioned = path.startsWith('/api/');
  return {
    operationId: told.id ?? idOf(method, path),
    tags: [description.tag],
    summary: told.summary || `${method} ${path}`,
    ...(told.description !== undefined && { description: told.description }),
    parameters: [
      ...pathParameters(path, description),
      ...(told.parameters ?? []),
      // Others than Nautobot's clients have other versions.
      ...(versioned && route.dialect === undefined ? [parameterRef('api_version')] : []),
    ],
    ...(told.body && { requestBody: bodyOf(told, told.body, method === 'POST' && route.parses?.includes('csv')) }),
    responses: {
      ...refusalRefs([...commonRefusals(route, method), ...(told.refusals ?? [])]),
      // After the refusals, since an address may have its own form of one.
      ...Object.fromEntries(
        Object.entries(told.answers).map(([status, answer]) => [status, responseOf(answer, versioned)]),
      ),
    },
    security:
      access === 'anonymous' ? [] : [{ token: [] }, ...(password === (method as Method) ? [{ password: [] }] : [])],
  };
}

function commonRefusals({ path, access, deletesByBody }: Route, method: string): readonly number[] {
  const hasBody = withBody.has(method) || (deletesByBody && method === 'DELETE');
  return [
    406,
    ...(path.startsWith('/api/') || path.includes(':') ? [400, 404] : []),
    ...(access === 'token' ? [403, 429, 500, 503] : []),
    ...(hasBody ? [400, 413, 415] : []),
  ];
}

function pathParameters(path: string, { path: told = {} }: RouteDescription) {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const { description = name, example } = told[name] ?? {};
    return {
      name,
      in: 'path',
      required: true,
      description,
      schema: { type: 'string', minLength: 1 },
      ...(example !== undefined && { example }),
    };
  });
}

function bodyOf({ mayBeEmpty, example }: Operation, schema: JsonSchema, asCsv = false) {
  return {
    required: !mayBeEmpty,
    content: {
      'application/json': { schema, ...(example !== undefined && { example }) },
      ...(asCsv && { 'text/csv': { schema: { type: 'string' } } }),
    },
  };
}

function responseOf({ description, schema, content, headers: own = [] }: AnswerDescription, versioned: boolean) {
  const whole = content ?? (schema && { 'application/json': schema });
  const headers = ['X-Request-Id', ...(versioned ? ['API-Version'] : []), ...own];
  return {
    description,
    headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    ...(whole && {
      content: Object.fromEntries(Object.entries(whole).map(([type, shape]) => [type, { schema: shape }])),
    }),
  };
}

/** Such as `post_api_graphql`. */
function idOf(method: string, path: string): string {
  return `${method.toLowerCase()}${path.replace(/\W+/g, '_').replace(/_$/, '')}`;
}
