import { basic, openAccessHost, type AccessHost } from '../../../test/support/access-host';
import { removeTemporaryFolders } from '../../../test/support/temporary-folder';
import { userType } from '../domain/access';

const nobody = '00000000-0000-4000-8000-000000000000';
const password = 'Correct-Horse-7';
const key = (letter: string) => letter.repeat(40);

jest.setTimeout(30_000);

let host: AccessHost;
beforeEach(async () => {
  host = await openAccessHost();
});
afterEach(() => host.close());
afterAll(removeTemporaryFolders);

const post = (path: string, body: unknown, options = {}) => host.request(path, { method: 'POST', body, ...options });
const patch = (path: string, body: unknown, options = {}) => host.request(path, { method: 'PATCH', body, ...options });
const created = async (path: string, body: unknown, options = {}) => {
  const answer = await post(path, body, options);
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return answer.body;
};
const maria = () => created('users/', { username: 'maria', password });
const grant = (user: { id: string }, more = {}) =>
  created('permissions/', {
    name: 'own tokens',
    object_types: ['users.token'],
    actions: ['add', 'view', 'change', 'delete'],
    users: [user.id],
    ...more,
  });
/** Maria, with a token of hers. */
const mariaWith = async (token = {}) => {
  const user = await maria();
  await grant(user);
  await created('tokens/', { key: key('b'), ...token }, basic('maria', password));
  return user;
};

describe('users', () => {
  it('are shown as Nautobot shows them, without the password', async () => {
    const user = await maria();
    expect(user).toEqual({
      id: expect.any(String),
      object_type: 'users.user',
      display: 'maria',
      url: `http://latchkey.example/api/users/users/${user.id}/`,
      natural_slug: `maria_${user.id.slice(0, 4)}`,
      last_login: null,
      is_superuser: false,
      username: 'maria',
      first_name: '',
      last_name: '',
      email: '',
      is_staff: false,
      is_active: true,
      date_joined: expect.any(String),
      groups: [],
    });
    expect((await host.request(`users/${user.id}/`)).body).toEqual(user);
    const put = await host.request(`users/${user.id}/`, { method: 'PUT', body: user });
    expect([put.status, put.body]).toEqual([200, user]);
  });

  it.each([
    [{ username: 'maria' }, { username: ['A user with that username already exists.'] }],
    [
      { username: 'acc maria!' },
      {
        username: ['Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.'],
      },
    ],
    [{ username: nobody }, { username: ['A username may not look like an id.'] }],
    [{ username: 'ABCDEF00-0000-4000-8000-00000000000F' }, { username: ['A username may not look like an id.'] }],
    [{ username: 'other', password: '' }, { password: ['This field may not be blank.'] }],
    [{ username: 'other', password: 7 }, { password: ['Not a valid string.'] }],
    [{ username: 'other', groups: 'g' }, { groups: ['Expected a list of items but got type "str".'] }],
    [
      { username: 'other', groups: [nobody] },
      { groups: [`Related object not found using the provided attributes: {'pk': UUID('${nobody}')}`] },
    ],
  ])('are refused: %j', async (body, faults) => {
    await maria();
    const answer = await post('users/', body);
    expect([answer.status, answer.body]).toEqual([400, faults]);
  });

  it('keep a password as its argon2id hash alone', async () => {
    await host.close();
    host = await openAccessHost({ argon2: true });
    const { id } = await created('users/', { username: 'maria', password: 'canary-password-1' });
    const row = await host.unitOfWork.rows.get(userType, { id });
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await patch(`users/${id}/`, { password: 'canary-password-2' });
    expect(host.bytes().includes('canary-password')).toBe(false);
    expect(host.bytes().includes('argon2id')).toBe(true);
  });

  it('are members of groups, which are told by id, in one order, and go with them', async () => {
    const groups = [await created('groups/', { name: 'a' }), await created('groups/', { name: 'b' })];
    const ids = groups.map(({ id }) => id).toSorted();
    const user = await created('users/', { username: 'maria', groups: groups.toReversed().map(({ id }) => id) });
    expect(user.groups.map(({ id }: { id: string }) => id)).toEqual(ids);
    const listed = await host.request('users/?groups=b');
    expect(listed.body.results.map(({ username }: { username: string }) => username)).toEqual(['maria']);
    await host.request('groups/b/', { method: 'DELETE' });
    expect((await host.request('users/maria/')).body.groups).toEqual([
      { id: groups[0].id, object_type: 'auth.group', url: expect.stringContaining('/api/users/groups/') },
    ]);
    expect((await patch('users/maria/', { groups: [] })).body.groups).toEqual([]);
  });

  it('do not become superusers, or act on one, but by a superuser', async () => {
    const user = await maria();
    await grant(user, { object_types: ['users.user', 'users.token'], actions: ['view', 'add', 'change', 'delete'] });
    await created('tokens/', { key: key('b') }, basic('maria', password));
    const hers = { token: key('b') };
    const fault = { is_superuser: ['Only a superuser may make, change or delete a superuser.'] };
    expect((await patch(`users/${user.id}/`, { is_superuser: true }, hers)).body).toEqual(fault);
    expect((await post('users/', { username: 'x', is_superuser: true }, hers)).body).toEqual(fault);
    expect((await patch('users/admin/', { password: 'mine now' }, hers)).body).toEqual(fault);
    expect((await host.request('users/admin/', { method: 'DELETE', ...hers })).status).toBe(409);
    expect((await patch(`users/${user.id}/`, { first_name: 'Maria' }, hers)).status).toBe(200);
  });

  it('always leave one superuser who can sign in', async () => {
    expect((await patch('users/admin/', { is_active: false })).body).toEqual({
      is_superuser: ['The last active superuser stays.'],
    });
    expect((await host.request('users/admin/', { method: 'DELETE' })).status).toBe(409);
    await created('users/', { username: 'other', is_superuser: true });
    expect((await patch('users/admin/', { is_active: false })).status).toBe(200);
  });
});

describe('tokens', () => {
  it('are made with a name and a password, and show the key once', async () => {
    const user = await maria();
    await grant(user);
    const given = { key: `${'0'.repeat(34)}acc001`, description: 'first' };
    const token = await created('tokens/', given, basic('maria', password));
    expect(token).toEqual({
      id: expect.any(String),
      object_type: 'users.token',
      display: `${token.id.slice(0, 8)} (maria)`,
      url: `http://latchkey.example/api/users/tokens/${token.id}/`,
      natural_slug: `${token.id}_${token.id.slice(0, 4)}`,
      user: { id: user.id, object_type: 'users.user', url: expect.any(String) },
      key: given.key,
      expires: null,
      write_enabled: true,
      description: 'first',
      allowed_addresses: [],
      last_used: null,
      created: expect.any(String),
      last_updated: expect.any(String),
    });
    const hers = { token: given.key };
    const { key: _, ...rest } = token;
    expect((await host.request(`tokens/${token.id}/`, hers)).body).toEqual(rest);
    const changed = await patch(`tokens/${token.id}/`, { description: 'second' }, hers);
    expect(changed.body).toMatchObject({ description: 'second' });
    const put = await host.request(`tokens/${token.id}/`, { method: 'PUT', body: { description: 'third' }, ...hers });
    expect([put.status, put.body]).toEqual([200, { ...rest, description: 'third', last_updated: expect.any(String) }]);
    for (const path of [`tokens/`, `tokens/${token.id}/`, 'users/maria/', 'permissions/'])
      expect((await host.request(path, hers)).text).not.toContain(given.key);
    expect(changed.text).not.toContain(given.key);
  });

  it('are kept as a keyed hash, whether given or generated', async () => {
    await mariaWith({ key: 'canary-key-that-was-given' });
    const generated = await created('tokens/', {}, basic('maria', password));
    expect(generated.key).toMatch(/^[0-9a-f]{40}$/);
    expect(generated.key.slice(0, 8)).toBe(generated.id.slice(0, 8));
    expect((await host.request('tokens/', { token: generated.key })).status).toBe(200);
    const bytes = host.bytes();
    expect(bytes.includes('canary-key')).toBe(false);
    expect(bytes.includes(generated.key.slice(8))).toBe(false);
  });

  it.each([
    ['abc', 'Ensure this field has at least 20 characters.'],
    ['k'.repeat(257), 'Ensure this field has no more than 256 characters.'],
    ['with a space in the middle', 'Only visible ASCII characters are allowed, and no spaces.'],
    [key('b'), 'Token with this Key already exists.'],
    [7, 'Not a valid string.'],
  ])('with the key %j are refused', async (given, message) => {
    await mariaWith();
    const answer = await post('tokens/', { key: given }, basic('maria', password));
    expect([answer.status, answer.body]).toEqual([400, { key: [message] }]);
  });

  it('keep their key for life', async () => {
    await mariaWith();
    const hers = { token: key('b') };
    const { results } = (await host.request('tokens/', hers)).body;
    const address = `tokens/${results[0].id}/`;
    expect((await patch(address, { key: key('c') }, hers)).body).toEqual({ key: ['This field may not be changed.'] });
    expect((await patch(address, { key: key('b') }, hers)).status).toBe(200);
  });

  it('need the permission, and the right password of an active user with one', async () => {
    const user = await maria();
    await created('users/', { username: 'nopass' });
    await created('users/', { username: 'asleep', password, is_active: false });
    const messageOf = async (name: string, word: string) => {
      const { status, body } = await post('tokens/', {}, basic(name, word));
      return [status, body.detail];
    };
    const wrong = [403, 'Invalid username/password.'];
    expect(await messageOf('maria', password)).toEqual([403, 'You do not have permission to perform this action.']);
    await grant(user);
    expect(await messageOf('maria', 'wrong')).toEqual(wrong);
    expect(await messageOf('MARIA', password)).toEqual(wrong);
    expect(await messageOf('nobody', password)).toEqual(wrong);
    expect(await messageOf('nopass', '')).toEqual(wrong);
    expect(await messageOf('asleep', password)).toEqual(wrong);
    expect((await post('tokens/', {}, basic('maria', password))).status).toBe(201);
  });

  it('are the only thing that a password is good for', async () => {
    await mariaWith();
    const none = { detail: 'Authentication credentials were not provided.' };
    const known = basic('maria', password);
    for (const [method, path] of [
      ['GET', '/api/extras/secrets/'],
      ['GET', '/api/users/tokens/'],
      ['GET', '/api/users/users/'],
      ['OPTIONS', '/api/users/tokens/'],
    ] as const) {
      const answer = await host.anywhere(path, { method, ...known });
      expect([answer.status, answer.body, answer.headers.get('www-authenticate')]).toEqual([403, none, null]);
    }
  });

  it.each([
    ['Basic', 'Invalid basic header. No credentials provided.'],
    ['Basic a b', 'Invalid basic header. Credentials string should not contain spaces.'],
    ['Basic xxx!', 'Invalid basic header. Credentials not correctly base64 encoded.'],
    [
      `Basic ${Buffer.from('no colon').toString('base64')}`,
      'Invalid basic header. Credentials not correctly base64 encoded.',
    ],
    ['constructor x', 'Authentication credentials were not provided.'],
  ])('with the header %j are refused', async (header, detail) => {
    const answer = await post('tokens/', {}, { token: '', headers: { Authorization: header } });
    expect([answer.status, answer.body]).toEqual([403, { detail }]);
  });

  it('are listed and found by their owner alone, whatever may be viewed', async () => {
    await mariaWith();
    const { results, count } = (await host.request('tokens/', { token: key('b') })).body;
    expect(count).toBe(1);
    expect((await host.request('tokens/')).body.count).toBe(1);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const answer = await host.request(`tokens/${results[0].id}/`, {
        method,
        ...(method === 'PATCH' && { body: {} }),
      });
      expect([method, answer.status, answer.body]).toEqual([
        method,
        404,
        { detail: 'No Token matches the given query.' },
      ]);
    }
  });

  it('for another user are made by a superuser alone', async () => {
    const user = await mariaWith();
    const admin = (await host.request('users/admin/')).body.id;
    const answer = await post('tokens/', { user: admin }, { token: key('b') });
    expect([answer.status, answer.body.user]).toEqual([400, [expect.stringContaining('Related object not found')]]);
    await grant(user, { name: 'see users', object_types: ['users.user'], actions: ['view'] });
    expect((await post('tokens/', { user: admin }, { token: key('b') })).body).toEqual({
      user: ['Only a superuser may make a token for another user.'],
    });
    expect((await created('tokens/', { user: user.id })).user.id).toBe(user.id);
  });

  it('may be had within a constraint, on what is there and on what is made', async () => {
    const user = await maria();
    await grant(user, { constraints: { user: '$user', description__startswith: 'ci ' } });
    const ask = (description: string) => post('tokens/', { description, key: key('b') }, basic('maria', password));
    expect((await ask('laptop')).status).toBe(403);
    expect((await ask('ci runner')).status).toBe(201);
    const hers = { token: key('b') };
    const { count, results } = (await host.request('tokens/', hers)).body;
    expect([count, results[0].description]).toEqual([1, 'ci runner']);
    expect((await patch(`tokens/${results[0].id}/`, { description: 'laptop' }, hers)).status).toBe(403);
    expect((await patch(`tokens/${results[0].id}/`, { description: 'ci two' }, hers)).status).toBe(200);
  });

  it('that may only read change nothing', async () => {
    const user = await mariaWith({ write_enabled: false });
    await grant(user, { name: 'groups', object_types: ['auth.group'], actions: ['view', 'add'] });
    const hers = { token: key('b') };
    expect((await host.request('groups/', hers)).status).toBe(200);
    expect((await post('groups/', { name: 'x' }, hers)).status).toBe(403);
  });

  it('end when they expire', async () => {
    await mariaWith({ expires: '2026-11-24T12:00:10Z' });
    const hers = { token: key('b') };
    host.clock.time += 9_999;
    expect((await host.request('tokens/', hers)).status).toBe(200);
    host.clock.time += 1;
    expect((await host.request('tokens/', hers)).body).toEqual({ detail: 'Token expired' });
  });

  it('are good from the addresses that they name', async () => {
    await mariaWith({ allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'] });
    const hers = { token: key('b') };
    const statusFrom = async (address: string) => {
      host.source.address = address;
      return (await host.request('tokens/', hers)).status;
    };
    expect(await statusFrom('192.0.2.255')).toBe(200);
    expect(await statusFrom('::ffff:192.0.2.1')).toBe(200);
    expect(await statusFrom('2001:db8:ffff::1')).toBe(200);
    expect(await statusFrom('192.0.3.1')).toBe(403);
    expect(await statusFrom('2001:db9::1')).toBe(403);
    expect((await host.request('tokens/', hers)).body).toEqual({
      detail: 'The token is not for use from this address.',
    });
  });

  it.each(['300.0.0.1', '10.0.0.0/33', '::/129', 'example.org', '10.0.0.0/', '10.0.0.0/8/8', 'fe80::1%eth0'])(
    'with the address %j are refused',
    async (address) => {
      const answer = await post('tokens/', { allowed_addresses: ['192.0.2.1', address] });
      expect([answer.status, answer.body]).toEqual([
        400,
        { allowed_addresses: { 1: [expect.stringContaining('Enter an address or a network')] } },
      ]);
    },
  );

  it('are of no use once revoked, or once the user is inactive or gone', async () => {
    const user = await mariaWith();
    const hers = { token: key('b') };
    const [token] = (await host.request('tokens/', hers)).body.results;
    await patch(`users/${user.id}/`, { is_active: false });
    expect((await host.request('tokens/', hers)).body).toEqual({ detail: 'User inactive' });
    await patch(`users/${user.id}/`, { is_active: true });
    expect((await host.request(`tokens/${token.id}/`, { method: 'DELETE', ...hers })).status).toBe(204);
    expect((await host.request('tokens/', hers)).body).toEqual({ detail: 'Invalid token' });
    await created('tokens/', { key: key('c') }, basic('maria', password));
    await host.request(`users/${user.id}/`, { method: 'DELETE' });
    expect((await host.request('tokens/', { token: key('c') })).body).toEqual({ detail: 'Invalid token' });
  });

  it('tell when they were used last, once that was written', async () => {
    await mariaWith();
    const hers = { token: key('b') };
    const before = await host.unitOfWork.version();
    host.clock.time += 60_000;
    expect((await host.request('tokens/', hers)).body.results[0].last_used).toBeNull();
    expect(await host.unitOfWork.version()).toBe(before);
    await host.lastUsed.flush();
    expect((await host.request('tokens/', hers)).body.results[0].last_used).toBe('2026-11-24T12:01:00.000Z');
    expect((await host.request('users/maria/')).body.last_login).toBe('2026-11-24T12:00:00.000Z');
  });
});

describe('permissions', () => {
  const permission = { name: 'p', object_types: ['extras.secret'], actions: ['view'] };

  it('are shown as Nautobot shows them, unrestricted where nothing is said', async () => {
    const made = await created('permissions/', permission);
    expect(made).toEqual({
      id: expect.any(String),
      object_type: 'users.objectpermission',
      display: 'p',
      url: `http://latchkey.example/api/users/permissions/${made.id}/`,
      natural_slug: `p_${made.id.slice(0, 4)}`,
      ...permission,
      description: '',
      enabled: true,
      constraints: null,
      users: [],
      groups: [],
      created: expect.any(String),
      last_updated: expect.any(String),
    });
    const constraints = [{ name__startswith: 'acc net' }, { description: '$user' }];
    expect((await patch('permissions/p/', { constraints })).body.constraints).toEqual(constraints);
    expect((await host.request('permissions/p/')).body.constraints).toEqual(constraints);
    expect((await patch('permissions/p/', { description: 'x' })).body.constraints).toEqual(constraints);
  });

  it.each([
    [{ name: undefined }, { name: ['This field is required.'] }],
    [{ actions: undefined }, { actions: ['This field is required.'] }],
    [{ actions: [] }, { actions: ['This field cannot be blank.'] }],
    [{ actions: 'view' }, { actions: ['Expected a list of items but got type "str".'] }],
    [{ actions: ['a'.repeat(31)] }, { actions: { 0: ['Ensure this field has no more than 30 characters.'] } }],
    [{ object_types: ['extras.nothing'] }, { object_types: ['Invalid content type: extras.nothing'] }],
    [{ object_types: ['latchkey.setting'] }, { object_types: ['Invalid content type: latchkey.setting'] }],
    [
      { object_types: ['secret'] },
      { object_types: ["Invalid value. Specify a content type as '<app_label>.<model_name>'."] },
    ],
    [
      { users: [nobody] },
      { users: [`Related object not found using the provided attributes: {'pk': UUID('${nobody}')}`] },
    ],
    [{ name: 'taken' }, { name: ['permission with this name already exists.'] }],
    [{ constraints: [] }, { constraints: [expect.any(String)] }],
    [{ constraints: {} }, { constraints: [expect.any(String)] }],
    [{ constraints: [{ name: 'x' }, {}] }, { constraints: [expect.stringMatching(/^\[1\]: /)] }],
    [{ constraints: { nmae: 'x' } }, { constraints: [expect.stringContaining('nmae')] }],
    [{ constraints: 'name' }, { constraints: [expect.any(String)] }],
    [{ object_types: [], constraints: { name: 'x' } }, { constraints: [expect.any(String)] }],
    [
      { object_types: ['extras.secret', 'extras.secretsgroup'], constraints: { provider: 'x' } },
      { constraints: [expect.stringMatching(/^extras\.secretsgroup: provider: /)] },
    ],
  ])('are refused: %j', async (changes, faults) => {
    await created('permissions/', { ...permission, name: 'taken' });
    const answer = await post('permissions/', { ...permission, ...changes });
    expect([answer.status, answer.body]).toEqual([400, faults]);
    expect((await host.request('permissions/')).body.count).toBe(1);
  });

  it('hold for the types that they come to name later', async () => {
    await created('permissions/', { ...permission, constraints: { provider: 'x' } });
    const answer = await patch('permissions/p/', { object_types: ['extras.secretsgroup'] });
    expect([answer.status, Object.keys(answer.body)]).toEqual([400, ['constraints']]);
    const both = { object_types: ['extras.secretsgroup'], constraints: { name: 'x' } };
    expect((await patch('permissions/p/', both)).status).toBe(200);
  });

  it('take actions of their own, and no types', async () => {
    const answers = [
      await post('permissions/', { ...permission, actions: ['use', 'napalm_read'] }),
      await post('permissions/', { name: 'q', object_types: [], actions: ['view'] }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('act on the next request, given to the user or to a group, and while they are enabled', async () => {
    const user = await mariaWith();
    const seen = async () => (await host.anywhere('/api/extras/secrets/', { token: key('b') })).status;
    expect(await seen()).toBe(403);
    const group = await created('groups/', { name: 'viewers' });
    await created('permissions/', { ...permission, groups: [group.id] });
    expect(await seen()).toBe(403);
    await patch(`users/${user.id}/`, { groups: [group.id] });
    expect(await seen()).toBe(200);
    await patch('permissions/p/', { enabled: false });
    expect(await seen()).toBe(403);
    await patch('permissions/p/', { enabled: true, groups: [], users: [user.id] });
    expect(await seen()).toBe(200);
    await host.request('permissions/p/', { method: 'DELETE' });
    expect(await seen()).toBe(403);
  });

  it('can be described', async () => {
    const { body } = await host.request('permissions/', { method: 'OPTIONS' });
    expect(body.name).toBe('Permissions');
    expect(body.actions.POST).toMatchObject({
      object_types: { required: true },
      actions: { type: 'list', required: true, child: { type: 'string', max_length: 30 } },
      constraints: { type: 'field', required: false },
      enabled: { type: 'boolean', required: false },
    });
    const users = (await host.request('users/', { method: 'OPTIONS' })).body.actions.POST;
    expect(users.password).toMatchObject({ type: 'string', required: false });
  });
});
