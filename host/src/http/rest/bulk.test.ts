import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';

const secrets = '/api/extras/secrets/';
const nowhere = '00000000-0000-4000-8000-000000000000';
const secret = (name: string, more: object = {}) => ({
  name,
  provider: 'environment-variable',
  parameters: { variable: 'A' },
  ...more,
});

let host: AccessHost;
beforeEach(async () => {
  host = await openAccessHost();
});
afterEach(() => host.close());

const send = (method: string, body?: unknown, more: { path?: string; token?: string } = {}) =>
  host.anywhere(more.path ?? secrets, { method, ...(body !== undefined && { body }), ...more });
const make = async (...names: string[]): Promise<string[]> => {
  const answer = await send(
    'POST',
    names.map((name) => secret(name)),
  );
  expect(answer.status).toBe(201);
  return answer.body.map(({ id }: { id: string }) => id);
};
const stored = async () =>
  (await send('GET')).body.results.map((row: { name: string; description: string }) => [row.name, row.description]);

describe('a list of creations', () => {
  it('is stored whole and shown in its order', async () => {
    const { status, body } = await send('POST', [secret('b'), secret('a')]);
    expect(status).toBe(201);
    expect(body.map(({ name, slug }: { name: string; slug: string }) => [name, slug])).toEqual([
      ['b', 'b'],
      ['a', 'a'],
    ]);
  });

  it('stores nothing where one is refused, and says of each what is wrong', async () => {
    const { status, body } = await send('POST', [secret('a'), secret('b', { provider: '' }), { provider: 'p' }]);
    expect([status, body]).toEqual([
      400,
      [{}, { provider: ['This field may not be blank.'] }, { name: ['This field is required.'] }],
    ]);
    expect(await stored()).toEqual([]);
  });

  it('is refused where two have one name', async () => {
    const { status, body } = await send('POST', [secret('a'), secret('a')]);
    expect([status, body]).toEqual([400, [{}, { name: ['secret with this name already exists.'] }]]);
    expect(await stored()).toEqual([]);
  });

  it('may be empty, and has a bound', async () => {
    expect(await send('POST', [])).toMatchObject({ status: 201, body: [] });
    const many = Array.from({ length: 101 }, (_, index) => ({ id: nowhere, ...secret(`s${index}`) }));
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, body } = await send(method, many);
      expect([status, body]).toEqual([400, { non_field_errors: ['Send at most 100 rows at a time.'] }]);
    }
  });

  it('has a bound on the rows that its rows refer to, too', async () => {
    const tags = Array.from({ length: 501 }, () => 'red');
    const refused = { status: 400, body: { non_field_errors: ['Name at most 1000 rows in one list.'] } };
    expect(await send('POST', [secret('a', { tags }), secret('b', { tags })])).toMatchObject(refused);
    expect(await send('PATCH', [{ id: nowhere, tags: [...tags, ...tags] }])).toMatchObject(refused);
  });

  it('takes a hundred rows, each with names of its own', async () => {
    const answer = await send(
      'POST',
      Array.from({ length: 100 }, (_, index) => secret(`s${index}`)),
    );
    expect(answer.status).toBe(201);
    expect((await send('GET')).body.count).toBe(100);
  }, 60_000);

  it('is told of no more than twenty faulty rows', async () => {
    const faults = async (rows: readonly object[]) => (await send('POST', rows)).body;
    const shapeless = Array.from({ length: 90 }, () => ({}));
    expect(await faults([secret('good'), ...shapeless])).toHaveLength(21);
    await make('taken');
    const repeated = Array.from({ length: 90 }, () => secret('taken'));
    expect(await faults([secret('good'), ...repeated])).toHaveLength(21);
    const named = shapeless.map((_, index) => ({ id: nowhere.replace(/..$/, String(index + 10)) }));
    expect((await send('DELETE', named)).body).toHaveLength(20);
  });

  it('shows the key of each token once, and takes none', async () => {
    const path = '/api/users/tokens/';
    const { status, body } = await send('POST', [{}, { description: 'd' }], { path });
    expect([status, body.length]).toEqual([201, 2]);
    expect(body[0].key).toMatch(/^\S{40,}$/);
    expect((await send('GET', undefined, { path })).text).not.toContain(body[0].key);
    const guesses = [{}, { key: 'k'.repeat(40) }, { key: body[0].key }];
    const refused = { key: ['Give a key for one token at a time.'] };
    expect(await send('POST', guesses, { path })).toMatchObject({ status: 400, body: [{}, refused, refused] });
  });
});

describe.each(['PATCH', 'PUT'])('a list of changes by %s', (method) => {
  it('changes each row that it names', async () => {
    const [a, b] = await make('a', 'b');
    const { status, body } = await send(method, [
      { id: b, ...secret('b2') },
      { id: a?.toUpperCase(), ...secret('a', { description: 'd' }) },
    ]);
    expect([status, body.map(({ id }: { id: string }) => id)]).toEqual([200, [b, a]]);
    expect(await stored()).toEqual([
      ['a', 'd'],
      ['b2', ''],
    ]);
  });

  it('changes nothing where one is refused', async () => {
    const [a, b] = await make('a', 'b');
    const bad = [
      { id: a, ...secret('a', { description: 'half' }) },
      { id: b, ...secret('b', { provider: '' }) },
    ];
    expect(await send(method, bad)).toMatchObject({ status: 400, body: { provider: [expect.any(String)] } });
    expect(await stored()).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
  });

  it('names the ids that are not there, rather than passing over them', async () => {
    const [a] = await make('a');
    const both = [{ id: nowhere }, { id: a, ...secret('a', { description: 'half' }) }];
    const { status, body } = await send(method, both);
    expect([status, body]).toEqual([400, [{ id: [`No Secret matches the given query: ${nowhere}.`] }, {}]]);
    expect(await stored()).toEqual([['a', '']]);
  });

  it('refuses items without an id, with none, or with one twice', async () => {
    const [a] = await make('a');
    const same = a?.toUpperCase();
    const { status, body } = await send(method, [{ id: a }, {}, { id: 'abc' }, { id: same }, 7]);
    expect(status).toBe(400);
    expect(body).toEqual([
      {},
      { id: ['This field is required.'] },
      { id: ['Must be a valid UUID.'] },
      { id: ['The list names this id more than once.'] },
      { non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] },
    ]);
  });

  it('must be a list', async () => {
    const message = 'Expected a list of items but got type "dict".';
    expect(await send(method, { id: nowhere })).toMatchObject({ status: 400, body: { non_field_errors: [message] } });
    expect(await send(method, [])).toMatchObject({ status: 200, body: [] });
  });
});

describe('a list of removals', () => {
  it('removes each row that it names, and nothing else', async () => {
    const [a, , c] = await make('a', 'b', 'c');
    expect(await send('DELETE', [{ id: a }, { id: c }])).toMatchObject({ status: 204 });
    expect(await stored()).toEqual([['b', '']]);
  });

  it('removes nothing without a list, or where an id is not there', async () => {
    const [a] = await make('a');
    expect(await send('DELETE')).toMatchObject({ status: 400, body: { non_field_errors: [expect.any(String)] } });
    expect(await send('DELETE', [{ name: 'a' }])).toMatchObject({
      status: 400,
      body: [{ id: ['This field is required.'] }],
    });
    expect(await send('DELETE', [{ id: a }, { id: nowhere }])).toMatchObject({
      status: 400,
      body: [{}, { id: [expect.stringContaining(nowhere)] }],
    });
    expect(await send('DELETE', [])).toMatchObject({ status: 204 });
    expect(await stored()).toEqual([['a', '']]);
  });

  it('removes nothing where one is in use', async () => {
    const [a, b] = await make('a', 'b');
    const group = await send('POST', { name: 'g' }, { path: '/api/extras/secrets-groups/' });
    const slot = { secrets_group: group.body.id, secret: b, access_type: 'SSH', secret_type: 'key' };
    await send('POST', slot, { path: '/api/extras/secrets-groups-associations/' });
    expect(await send('DELETE', [{ id: a }, { id: b }])).toMatchObject({ status: 409 });
    expect((await stored()).length).toBe(2);
  });
});

describe('the permissions of whoever sends a list', () => {
  const token = 'b'.repeat(40);
  const permit = async (user: string, actions: string[], constraints: object | null) => {
    const body = { name: actions.join(), object_types: ['extras.secret'], actions, constraints, users: [user] };
    expect(await host.request('permissions/', { method: 'POST', body })).toMatchObject({ status: 201 });
  };
  let user: string;
  beforeEach(async () => {
    user = (await host.request('users/', { method: 'POST', body: { username: 'u', password: 'p' } })).body.id;
    await host.request('tokens/', { method: 'POST', body: { user, key: token } });
  });

  it.each([
    ['PATCH', 'change'],
    ['DELETE', 'delete'],
  ])('make what %s may not touch look as what is not there', async (method, action) => {
    await permit(user, ['view'], { name__startswith: 'my' });
    await permit(user, [action], { name__endswith: 'own' });
    const [own, viewed, hidden] = await make('my own', 'my', 'their own');
    const ids = [{ id: own }, { id: viewed }, { id: hidden }, { id: nowhere }];
    const { status, body } = await send(method, ids, { token });
    const refused = (id?: string) => ({ id: [`No Secret matches the given query: ${id}.`] });
    expect([status, body]).toEqual([400, [{}, refused(viewed), refused(hidden), refused(nowhere)]]);
    expect((await stored()).length).toBe(3);
    expect([200, 204]).toContain((await send(method, [{ id: own }], { token })).status);
  });

  it('undo the whole list where one row would leave what they allow', async () => {
    await permit(user, ['view', 'change', 'add'], { name__startswith: 'my' });
    const [a, b] = await make('my a', 'my b');
    const leaving = [
      { id: a, description: 'half' },
      { id: b, name: 'theirs' },
    ];
    expect(await send('PATCH', leaving, { token })).toMatchObject({ status: 403 });
    expect(await send('POST', [secret('my c'), secret('their d')], { token })).toMatchObject({ status: 403 });
    expect(await stored()).toEqual([
      ['my a', ''],
      ['my b', ''],
    ]);
  });

  it('give nobody without the action an answer about the body', async () => {
    await permit(user, ['view'], null);
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'])
      expect(await send(method, [{}], { token })).toMatchObject({ status: 403 });
  });

  it('reach no tokens but their own', async () => {
    const body = { name: 't', object_types: ['users.token'], actions: ['view', 'change', 'delete'], users: [user] };
    await host.request('permissions/', { method: 'POST', body });
    const path = '/api/users/tokens/';
    const theirs = (await send('GET', undefined, { path })).body.results[0].id as string;
    const mine = (await send('GET', undefined, { path, token })).body.results[0].id as string;
    expect(await send('DELETE', [{ id: theirs }], { path, token })).toMatchObject({ status: 400 });
    expect(await send('PATCH', [{ id: theirs, description: 'x' }], { path, token })).toMatchObject({ status: 400 });
    expect(await send('DELETE', [{ id: mine }], { path, token })).toMatchObject({ status: 204 });
  });
});
