import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';
import type { TestAnswer } from '../../../../test/support/http-host';
import { removeTemporaryFolders } from '../../../../test/support/temporary-folder';

const keyOfTester = 'k'.repeat(30);
const prefix = { parameters__path__startswith: '/opt/network/' };

let host: AccessHost;
let maria: { readonly id: string };
let network: { readonly id: string };
let device: { readonly id: string };

beforeAll(async () => {
  host = await openAccessHost();
  maria = await make('/api/users/users/', { username: 'maria' });
  network = await make('/api/extras/secrets/', secret('Network', '/opt/network/{{ obj.name }}'));
  await make('/api/extras/secrets/', secret('Other', '/opt/other/a'));
  device = await make('/api/inventory/objects/', { object_type: 'dcim.device', name: 'csr1' });
  await permit('network files', ['use'], prefix);
  await permit('text files', ['use'], { provider: 'vault', secrets_groups__name: 'Core' });
  await permit('off', ['use'], { secrets_groups__name: 'Core' }, { enabled: false });
  await permit('see devices', ['view'], { name: 'csr1' }, { object_types: ['inventory.object'] });
});
afterAll(async () => {
  await host.close();
  removeTemporaryFolders();
});

const secret = (name: string, path: string) => ({ name, provider: 'text-file', parameters: { path } });

async function make(path: string, body: object): Promise<TestAnswer['body']> {
  const answer = await host.anywhere(path, { method: 'POST', body });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}

function permit(name: string, actions: readonly string[], constraints: unknown, more: object = {}) {
  const body = { name, actions, constraints, object_types: ['extras.secret'], users: [maria.id], ...more };
  return make('/api/users/permissions/', body);
}

function ask(body: object, token?: string): Promise<TestAnswer> {
  return host.request('permissions/test/', { method: 'POST', body, ...(token !== undefined && { token }) });
}

test('tells whether a user may, by which rule, and what failed in each permission', async () => {
  expect((await ask({ user: 'maria', action: 'use', secret: 'Other' })).body).toEqual({
    allowed: false,
    rule: 'outside the constraints of network files, text files',
    candidates: [
      {
        id: expect.any(String),
        permission: 'network files',
        result: 'outside',
        reason: 'stored: parameters__path__startswith; rendered: parameters__path__startswith',
        faults: [],
        images: [
          { image: 'before', allowed: false, failed: [['parameters__path__startswith']] },
          { image: 'rendered', allowed: false, failed: [['parameters__path__startswith']] },
        ],
      },
      expect.objectContaining({ permission: 'off', result: 'disabled', reason: 'It is not enabled.' }),
      expect.objectContaining({
        permission: 'text files',
        result: 'outside',
        reason: 'stored: provider, secrets_groups__name; rendered: provider, secrets_groups__name',
      }),
    ],
  });
  const allowed = await ask({ user: { username: 'maria' }, action: 'use', secret: network.id });
  expect(allowed.body).toMatchObject({ allowed: true, rule: 'network files' });
});

test('a superuser, an action without a permission and another type are told as decisions tell them', async () => {
  const rule = async (body: object) => (await ask(body)).body;
  expect(await rule({ user: 'admin', action: 'use', secret: 'Other' })).toEqual({
    allowed: true,
    rule: 'superuser',
    candidates: [],
  });
  expect(await rule({ user: 'maria', action: 'change', secret: 'Other' })).toEqual({
    allowed: false,
    rule: 'no permission',
    candidates: [],
  });
  const row = { object_type: 'inventory.object', id: device.id };
  expect(await rule({ user: 'maria', action: 'view', ...row })).toMatchObject({ allowed: true, rule: 'see devices' });
});

test('what a decision need not look at is told all the same', async () => {
  const walter = await make('/api/users/users/', { username: 'walter' });
  const users = { users: [walter.id] };
  await permit('everything', ['delete'], null, users);
  await permit('of a group', ['delete'], { secrets_groups__name: 'Core' }, users);
  await permit(
    'of another',
    ['delete'],
    { secrets_group_associations__access_type: 'SSH' },
    { ...users, enabled: false },
  );
  const { body } = await ask({ user: 'walter', action: 'delete', secret: 'Other' });
  expect(body).toMatchObject({
    allowed: true,
    rule: 'everything',
    candidates: [
      { permission: 'everything', result: 'allowed' },
      { permission: 'of a group', result: 'outside', reason: 'stored: secrets_groups__name' },
      { permission: 'of another', result: 'disabled' },
    ],
  });
});

test('an object that the user may not view is a refusal', async () => {
  const other = await make('/api/inventory/objects/', { object_type: 'dcim.device', name: 'csr2' });
  const on = async (object: object) => (await ask({ user: 'maria', action: 'use', secret: 'Network', object })).body;
  expect(await on({ object_type: 'dcim.device', name: 'csr1' })).toMatchObject({ allowed: true });
  expect(await on({ id: other.id })).toMatchObject({
    allowed: false,
    rule: 'view on the object: outside the constraints of see devices',
  });
});

test('a draft is tested as if it were given, and refused as it would be at its save', async () => {
  const draft = (constraints: unknown) =>
    ask({
      user: 'maria',
      action: 'change',
      secret: 'Other',
      permission: { object_types: ['extras.secret'], actions: ['change'], constraints },
    });
  expect((await draft({ name__istartswith: 'OTH' })).body).toMatchObject({
    allowed: true,
    rule: 'draft',
    candidates: [{ id: null, permission: 'draft', result: 'allowed', reason: '' }],
  });
  const outside = (await draft([{ name: 'x' }, { slug: 'y', name: 'Other' }])).body;
  expect(outside.candidates[0].reason).toBe('stored: name or slug');
  const faulty = await draft({ nmae: 'x' });
  expect([faulty.status, faulty.body]).toEqual([
    400,
    { constraints: [expect.stringMatching(/^nmae: There is no field/)] },
  ]);
});

test('a stored permission is tested alone, and is of no use to who was not given it', async () => {
  const own = await permit('change others', ['change'], { name: 'Other' }, { users: [] });
  const one = async () =>
    (await ask({ user: 'maria', action: 'change', secret: 'Other', permission: { id: own.id } })).body;
  expect(await one()).toMatchObject({
    allowed: false,
    rule: 'not given to the user',
    candidates: [{ id: own.id, result: 'allowed' }],
  });
  await host.request(`permissions/${own.id}/`, { method: 'PATCH', body: { users: [maria.id] } });
  expect(await one()).toMatchObject({ allowed: true, rule: 'change others' });
});

describe('for who may change some permissions', () => {
  let mine: { readonly id: string };
  beforeAll(async () => {
    const tester = await make('/api/users/users/', { username: 'tester' });
    // Only a superuser makes a token for another.
    await make('/api/users/tokens/', { user: tester.id, key: keyOfTester });
    const users = { users: [tester.id] };
    const own = { object_types: ['users.objectpermission'], ...users };
    await permit('see own', ['view', 'change'], { name__startswith: 'mine' }, own);
    await permit('see Network', ['view'], { name: 'Network' }, users);
    await permit('see users', ['view'], { username: 'maria' }, { object_types: ['users.user'], ...users });
    mine = await permit('mine', ['delete'], { name: 'Network' }, { users: [] });
  });

  const stored = () => ({ permission: { id: mine.id } });

  test('asks about what may be viewed, and of the rest cannot tell whether it is there', async () => {
    const base = { user: 'maria', action: 'delete', secret: 'Network', ...stored() };
    expect((await ask(base, keyOfTester)).body).toMatchObject({ rule: 'not given to the user' });
    for (const secretName of ['Other', 'no such secret'])
      expect(await ask({ ...base, secret: secretName }, keyOfTester)).toMatchObject({
        status: 404,
        body: { detail: 'No Secret matches the given query.' },
      });
    for (const user of ['admin', 'nobody']) {
      const answer = await ask({ ...base, user }, keyOfTester);
      expect([answer.status, Object.keys(answer.body)]).toEqual([400, ['user']]);
    }
    const row = { object_type: 'inventory.object', id: device.id };
    expect((await ask({ user: 'maria', action: 'view', ...row, ...stored() }, keyOfTester)).status).toBe(403);
  });

  test('is not told the permissions of others', async () => {
    const answer = await ask({ user: 'maria', action: 'use', secret: 'Network' }, keyOfTester);
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('network files');
  });
});

test('who may change no permission may not ask', async () => {
  const key = 'z'.repeat(30);
  await make('/api/users/tokens/', { user: maria.id, key });
  expect((await ask({ user: 'maria', action: 'use', secret: 'Other' }, key)).status).toBe(403);
});

test.each([
  [{}, ['action', 'user']],
  [{ user: 'maria', action: 'use' }, ['secret']],
  [{ user: 'maria', action: 'use', secret: 'a', id: 'b' }, ['secret']],
  [{ user: 'maria', action: 'use', object_type: 'extras.secret' }, ['secret']],
  [{ user: 'maria', action: 'own', secret: 'a' }, ['action']],
  [{ user: 'maria', action: 'use', secret: 'Other', more: 1 }, ['more']],
  [{ user: 'maria', action: 'use', object_type: 'no.such', id: 'a' }, ['object_type']],
  [{ user: 'maria', action: 'use', secret: 'Other', permission: { id: 'x' } }, ['permission']],
  [{ user: 'maria', action: 'use', secret: 'Other', object: { id: 'x' } }, ['object']],
  [{ user: '$user', action: 'use', secret: 'Other' }, ['user']],
])('%j is refused at %j', async (body, fields) => {
  const answer = await ask(body);
  expect([answer.status, Object.keys(answer.body).toSorted()]).toEqual([400, fields]);
});
