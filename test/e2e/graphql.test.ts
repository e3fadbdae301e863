import { join } from 'node:path';
import { startHost, type HostProcess } from '../support/host-process';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const library = join(__dirname, '../fixtures/extensions/library');
let host: HostProcess;

interface Change {
  readonly action: object;
  readonly user_name: string;
  readonly object_data: object;
  readonly changed_object: { readonly id: string };
}

const ask = async (query: string, more: object = {}) => {
  const { status, body } = await host.rest('POST', '/api/graphql/', { body: { query, ...more } });
  return { status, ...body };
};
const dataOf = async (query: string, more: object = {}) => {
  const { status, data, errors } = await ask(query, more);
  expect([status, errors]).toEqual([200, undefined]);
  return data;
};

beforeAll(async () => {
  host = await startHost({ config: { plugins: { folders: [library] } } });
  const field = (label: string, key: string, type: string) => ({ label, key, type, content_types: ['extras.secret'] });
  await create(host.rest, 'extras/custom-fields', field('Owner', 'owner', 'text'));
  await create(host.rest, 'extras/tags', { name: 'core', content_types: ['extras.secret', 'library.book'] });
  const secret = (name: string) => ({ name, provider: 'environment-variable', parameters: { variable: 'GRAPHQL' } });
  await create(host.rest, 'extras/secrets', { ...secret('user'), custom_fields: { owner: 'net' }, tags: ['core'] });
  await create(host.rest, 'extras/secrets', secret('password'));
  await create(host.rest, 'extras/secrets-groups', { name: 'routers', description: 'Core' });
  for (const [access_type, secret_type, name] of [
    ['SSH', 'username', 'user'],
    ['Console', 'username', 'user'],
    ['HTTP(S)', 'password', 'password'],
  ])
    await create(host.rest, 'extras/secrets-groups-associations', {
      secrets_group: 'routers',
      access_type,
      secret_type,
      secret: name,
    });
  await create(host.rest, 'dcim/devices', { name: 'csr1', secrets_group: 'routers' });
  await create(host.rest, 'library/books', { name: 'The Little Schemer', pages: 196, tags: ['core'] });
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

describe('rows are asked for with the fields that are wanted', () => {
  test('by filters with suffixes, a page, an order and a search', async () => {
    const all = await dataOf('{ secrets(name__isw: ["u", "p"]) { name provider parameters tags { name } } }');
    expect(all.secrets).toEqual([
      { name: 'password', provider: 'environment-variable', parameters: { variable: 'GRAPHQL' }, tags: [] },
      { name: 'user', provider: 'environment-variable', parameters: { variable: 'GRAPHQL' }, tags: [{ name: 'core' }] },
    ]);
    const parts = await dataOf(
      '{ a: secrets(limit: 1, offset: 1) { name } b: secrets(sort: "-name") { name } c: secrets(q: "pass") { name } d: secrets(tags: "core") { name } }',
    );
    expect(parts).toEqual({
      a: [{ name: 'user' }],
      b: [{ name: 'user' }, { name: 'password' }],
      c: [{ name: 'password' }],
      d: [{ name: 'user' }],
    });
  });

  test('slots are led to from both ends, with choices as names, and a secret in two slots is there twice', async () => {
    const slot = 'access_type secret_type';
    const { secrets_groups: groups } = await dataOf(
      `{ secrets_groups(name: "routers") { description secrets { name } secrets_group_associations { ${slot} secret { name } } devices { name } } }`,
    );
    const named = { name: 'user' };
    expect(groups).toEqual([
      {
        description: 'Core',
        secrets: [named, { name: 'password' }, named],
        secrets_group_associations: [
          { access_type: 'CONSOLE', secret_type: 'USERNAME', secret: named },
          { access_type: 'HTTP_S_', secret_type: 'PASSWORD', secret: { name: 'password' } },
          { access_type: 'SSH', secret_type: 'USERNAME', secret: named },
        ],
        devices: [{ name: 'csr1' }],
      },
    ]);
    const { secrets } = await dataOf(
      `{ secrets(name: "user") { secrets_group_associations { ${slot} secrets_group { name } } } }`,
    );
    expect(secrets[0].secrets_group_associations).toHaveLength(2);
    const filtered = await dataOf('{ secrets_group_associations(access_type: "HTTP(S)") { access_type } }');
    expect(filtered.secrets_group_associations).toEqual([{ access_type: 'HTTP_S_' }]);
  });

  test('one row by its id, with custom fields', async () => {
    const [{ id }] = (await host.rest('GET', '/api/extras/secrets/?name=user')).body.results;
    const { secret } = await dataOf(`{ secret(id: "${id}") { id url _custom_field_data cf_owner } }`);
    expect(secret).toEqual({
      id,
      url: `/api/extras/secrets/${id}/`,
      _custom_field_data: { owner: 'net' },
      cf_owner: 'net',
    });
    expect(await dataOf('{ secret(id: "00000000-0000-4000-8000-000000000000") { id } }')).toEqual({ secret: null });
    for (const wrong of ['', ' ', 'user', `${id} `]) {
      const { data, errors } = await ask(`{ secret(id: "${wrong}") { id } }`);
      expect([data, errors[0].message]).toEqual([{ secret: null }, 'id: Must be a valid UUID.']);
    }
  });

  test('a custom field that comes is a field at once, and one that goes is none', async () => {
    const field = { label: 'Days', key: 'days', type: 'integer', content_types: ['extras.secret'] };
    const { id } = await create(host.rest, 'extras/custom-fields', field);
    await host.rest('PATCH', '/api/extras/secrets/user/', { body: { custom_fields: { days: 30 } } });
    const asked = '{ secrets(cf_days__gte: 30, cf_owner: "net") { cf_days } }';
    expect((await dataOf(asked)).secrets).toEqual([{ cf_days: 30 }]);
    await host.rest('DELETE', `/api/extras/custom-fields/${id}/`);
    expect((await ask(asked)).status).toBe(400);
  });

  test('variables, and the operation that is named', async () => {
    const query = 'query one ($n: [String]) { secrets(name: $n) { name } } query two { secrets_groups { name } }';
    const named = { variables: { n: ['user'] }, operationName: 'one' };
    expect(await dataOf(query, named)).toEqual({ secrets: [{ name: 'user' }] });
  });

  test('changes, with what a collection shows beside its fields, as REST tells them', async () => {
    const { object_changes: changes } = await dataOf(
      '{ object_changes(changed_object_type: "extras.secretsgroup") { action user_name changed_object object_data } }',
    );
    const { results } = (await host.rest('GET', '/api/extras/object-changes/?changed_object_type=extras.secretsgroup'))
      .body;
    expect(changes.length).toBeGreaterThan(0);
    expect(changes).toMatchObject(
      results.map(({ action, user_name, object_data, changed_object: { id } }: Change) => ({
        action,
        user_name,
        object_data,
        changed_object: { id },
      })),
    );
  });
});

test('a collection that a plugin brings is there without a line, and its sealed field is not', async () => {
  const { books, tags } = await dataOf(
    '{ books(pages__gt: 100, is_lent: false) { name pages slug tags { name } } tags { name } }',
  );
  expect(books).toEqual([
    { name: 'The Little Schemer', pages: 196, slug: 'the-little-schemer', tags: [{ name: 'core' }] },
  ]);
  expect(tags).toEqual([{ name: 'core' }]);
  expect((await ask('{ books { shelf_mark } }')).errors[0].message).toContain("Cannot query field 'shelf_mark'");
  const { users } = await dataOf('{ users { username books { name } } }');
  expect(users).toEqual([{ username: 'admin', books: [] }]);
});

describe('in the words of Nautobot', () => {
  test.each([
    ['{ secrets { value } }', "Cannot query field 'value' on type 'SecretType'."],
    ['{ secrets { get_value } }', "Cannot query field 'get_value' on type 'SecretType'."],
    [
      '{ secrets { custom_field_data } }',
      "Cannot query field 'custom_field_data' on type 'SecretType'. Did you mean '_custom_field_data'?",
    ],
    ['{ secrets(ice: "x") { name } }', "Unknown argument 'ice' on field 'Query.secrets'. Did you mean 'id'?"],
    [
      'mutation { secret_delete(id: "x") { ok } }',
      "'OperationType.MUTATION' is not a supported operation, Only query are supported.",
    ],
  ])('%s is refused', async (query, message) => {
    const { status, errors, data } = await ask(query);
    expect([status, data, errors.length]).toEqual([400, undefined, 1]);
    expect(errors[0].message).toContain(message);
  });

  test('a body without a query, another method, and no token', async () => {
    const empty = await host.rest('POST', '/api/graphql/', { body: {} });
    expect([empty.status, empty.text]).toEqual([400, '{"errors":[{"message":"Must provide query string."}]}']);
    const get = await host.rest('GET', '/api/graphql/?query=%7Bsecrets%7Bname%7D%7D');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    const unknown = await host.rest('POST', '/api/graphql/', { token: null, body: { query: '{ secrets { name } }' } });
    expect([unknown.status, unknown.body]).toEqual([403, { detail: 'Authentication credentials were not provided.' }]);
  });

  test('a filter that is wrong takes its list alone', async () => {
    const { status, data, errors } = await ask('{ secrets(created: "yesterday") { name } tags { name } }');
    expect([status, data]).toEqual([200, { secrets: null, tags: [{ name: 'core' }] }]);
    expect(errors).toMatchObject([{ message: 'created: Enter a valid date/time.', path: ['secrets'] }]);
  });
});

test('a token that may only read is enough, and the address is in the map and in OpenAPI', async () => {
  const key = 'token-that-may-only-read-a-few';
  await create(host.rest, 'users/tokens', { user: { username: 'admin' }, key, write_enabled: false });
  const body = { query: '{ secrets_groups { name } }' };
  expect((await host.rest('POST', '/api/graphql/', { token: key, body })).status).toBe(200);
  expect((await host.rest('GET', '/api/')).body.graphql).toBe(`${host.url}/api/graphql/`);
  const { paths } = (await host.rest('GET', '/api/openapi.json')).body;
  const { responses } = paths['/api/graphql/'].post;
  const [own] = responses[400].content['application/json'].schema.anyOf;
  expect([Object.keys(own.properties), own.properties.errors.items.required]).toEqual([['errors'], ['message']]);
});

test('limits hold in a host as it runs', async () => {
  const aliases = Array.from({ length: 1000 }, (_, index) => `a${index}: secrets { name }`).join(' ');
  expect((await ask(`{ ${aliases} }`)).errors[0].message).toMatch(/^The query (is too long|has too many)/);
  const circle = `{ secrets { ${'secrets_groups { secrets { '.repeat(8)} name ${'} }'.repeat(8)} } }`;
  expect((await ask(circle)).errors[0].message).toBe('The query is nested too deep: at most 10 levels.');
  const batch = await host.rest('POST', '/api/graphql/', { body: [{ query: '{ secrets { name } }' }] });
  expect([batch.status, batch.body.errors[0].message]).toEqual([400, 'Batch GraphQL requests are not enabled.']);
});
