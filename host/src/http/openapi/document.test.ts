import { defineCollection } from '../../collections/collection';
import { describeType, standardFields } from '../../domain/descriptor';
import { HttpHost, memoryServices } from '../../../../test/support/http-host';
import { routesOf } from '../app';
import type { Route } from '../route';
import { descriptionsOf, openapiDocument } from './document';

interface Told {
  readonly operationId: string;
  readonly parameters: readonly { readonly name?: string; readonly $ref?: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security: readonly object[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, unknown>> };
}

interface Schema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

const services = memoryServices();
const routes = routesOf(services);
const read = (of = services, told: readonly Route[] = routesOf(of)) => {
  const document = openapiDocument(of, told);
  return {
    ...document,
    paths: document.paths as Readonly<Record<string, Readonly<Record<string, Told>>>>,
    schemas: document.components.schemas as Readonly<Record<string, Schema>>,
  };
};
const document = read();
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const operation = (path: string, method: string): Told => {
  const found = document.paths[path]?.[method];
  if (!found) throw new Error(`${method} ${path} is not told.`);
  return found;
};
const namesIn = (told: Told | undefined) =>
  told?.parameters.map(({ name, $ref }) => name ?? $ref?.split('/').at(-1)) ?? [];
const undescribed = (told: readonly Route[]) =>
  descriptionsOf(told, services.collections).flatMap(({ route, description }) =>
    Object.keys(route.methods).flatMap((method) => (description?.methods[method] ? [] : [`${method} ${route.path}`])),
  );

test('every address and method of the host is told, with words of its own', () => {
  const told = routes.flatMap(({ path, methods }) => Object.keys(methods).map((method) => [path, method] as const));
  expect(told.length).toBeGreaterThan(80);
  for (const [path, method] of told)
    expect(document.paths[path.replace(/:(\w+)/g, '{$1}')]).toHaveProperty(method.toLowerCase());
  expect(undescribed(routes)).toEqual([]);
});

test('a route without words of its own is noticed, and told all the same', () => {
  const route: Route = {
    path: '/api/own/:key/',
    access: 'token',
    changes: true,
    methods: { POST: () => ({ status: 204 }) },
  };
  expect(undescribed([...routes, route])).toEqual(['POST /api/own/:key/']);
  const told = read(services, [...routes, route]).paths['/api/own/{key}/']?.post;
  expect(told?.operationId).toBe('post_api_own_key');
  expect(namesIn(told)).toEqual(['key', 'api_version']);
  expect(Object.keys(told?.responses ?? {})).toEqual(expect.arrayContaining(['200', '403', '404', '413', '415']));
});

test('an address of two products is told as Nautobot has it, and of the other what that does not have', () => {
  const other: Route = {
    path: '/api/status/',
    access: 'token',
    changes: true,
    dialect: 'netbox',
    openapi: { tag: 'Other', methods: { GET: { summary: 'Other', answers: { 200: { description: 'Other.' } } } } },
    methods: { GET: () => ({ status: 200 }), POST: () => ({ status: 204 }) },
  };
  const told = read(services, [...routes, other]).paths['/api/status/'];
  expect(told?.get).toEqual(operation('/api/status/', 'get'));
  expect(namesIn(told?.post)).toEqual([]);
});

test('no two operations have one name', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(['extras_secrets_list', 'extras_secrets_groups_bulk_partial_update']));
});

test('every reference leads to a part of the document', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)];
  const { components } = document as unknown as { components: Record<string, object> };
  expect(references.length).toBeGreaterThan(100);
  for (const [, kind = '', name = ''] of references) expect(Object.keys(components[kind] ?? {})).toContain(name);
});

test('a list is told with its page, its order and every filter that it takes', () => {
  const names = namesIn(operation('/api/extras/secrets/', 'get'));
  for (const name of [
    'limit',
    'offset',
    'count',
    'q',
    'sort',
    'depth',
    'include',
    'format',
    'name',
    'name__nire',
    'created__gte',
  ])
    expect(names).toContain(name);
  expect(names).not.toContain('parameters');
  expect(new Set(names).size).toBe(names.length);
});

test('what is asked of who asks is told: a token, for a first token a password, or nothing', () => {
  expect(operation('/api/extras/secrets/', 'get').security).toEqual([{ token: [] }]);
  expect(operation('/api/users/tokens/', 'post').security).toEqual([{ token: [] }, { password: [] }]);
  expect(operation('/api/users/tokens/', 'get').security).toEqual([{ token: [] }]);
  expect(operation('/healthz', 'get').security).toEqual([]);
});

test('a body is told for what it may hold: required at creation, what is read passed over, a password never shown', () => {
  const { NewSecret, SecretChanges, Secret, User, NewUser, Token, NewToken } = document.schemas;
  expect(NewSecret?.required).toEqual(['name', 'provider', 'parameters']);
  expect(SecretChanges?.required).toEqual([]);
  expect(NewSecret?.properties.url).toEqual({ readOnly: true });
  expect(Object.keys(Secret?.properties ?? {})).toEqual(expect.arrayContaining(['id', 'natural_slug', 'tags']));
  expect(NewUser?.properties.password).toMatchObject({ writeOnly: true });
  expect(User?.properties).not.toHaveProperty('password');
  expect(NewToken?.properties).toHaveProperty('key');
  for (const hidden of ['key', 'key_hash']) expect(Token?.properties).not.toHaveProperty(hidden);
});

test('what a collection shows beside its fields is told', () => {
  const silent = services.collections.filter(({ beside, besideFields }) => beside && !besideFields);
  expect(silent).toEqual([]);
  expect(document.schemas.ObjectChange?.required).toContain('difference');
});

test('a collection that is brought along is told like the others', () => {
  const type = describeType({
    name: 'lab.rack',
    label: 'rack',
    table: 'lab_racks',
    fields: { ...standardFields, name: { kind: 'text', required: true, unique: true, max: 20 } },
    unique: [],
    order: ['name'],
    display: 'name',
  });
  const racks = defineCollection({
    type,
    address: 'lab/racks',
    title: 'Racks',
    fields: ['name'],
    filters: ['name'],
    keys: ['name'],
    naturalKey: ['name'],
  });
  const [own] = services.collections;
  const collections = [...services.collections, { ...own, ...racks, naturalKey: ['name'] }] as never;
  const { paths, schemas } = read(memoryServices({ collections }));
  expect(Object.keys(paths['/api/lab/racks/'] ?? {})).toEqual(
    expect.arrayContaining(['get', 'post', 'put', 'patch', 'delete']),
  );
  expect(schemas.NewRack?.required).toEqual(['name']);
  expect(schemas.NewRack?.properties.name).toEqual({ type: 'string', minLength: 1, maxLength: 20 });
});

describe('over HTTP', () => {
  let host: HttpHost;
  beforeAll(async () => {
    host = await HttpHost.start(services);
  });
  afterAll(() => host.stop());

  test('the document is for who has a token, the pages that show it are for everybody', async () => {
    expect((await host.request('/api/openapi.json', { token: '' })).status).toBe(403);
    const { status, body } = await host.request('/api/openapi.json');
    expect([status, body.openapi, body.servers]).toEqual([200, '3.1.0', [{ url: services.publicUrl }]]);
    for (const name of ['', 'latchkey.js', 'swagger-ui.css', 'swagger-ui-bundle.js'])
      expect((await host.request(`/api/docs/${name}`, { token: '' })).status).toBe(200);
    expect((await host.request('/api/docs/package.json', { token: '' })).status).toBe(404);
    const sent = await host.request('/api/docs/?format=openapi', { token: '' });
    expect([sent.status, sent.headers.get('location')]).toEqual([302, '/api/openapi.json']);
  });

  test('a page may run the scripts of the host alone, and nothing written into it', async () => {
    const { headers, text } = await host.request('/api/docs/', { token: '' });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/<script>|<style| style=| on\w+=|https?:/);
  });

  test('all other answers keep the headers that all have', async () => {
    const { headers } = await host.request('/api/openapi.json');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'\s*;\s*frame-ancestors 'none'/);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
