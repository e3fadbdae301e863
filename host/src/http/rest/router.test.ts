import { HttpHost, memoryServices } from '../../../../test/support/http-host';

const secrets = '/api/extras/secrets/';
const groups = '/api/extras/secrets-groups/';
const slots = '/api/extras/secrets-groups-associations/';
const objects = '/api/inventory/objects/';
const secret = (name: string, more: object = {}) => ({
  name,
  provider: 'environment-variable',
  parameters: { variable: 'A' },
  ...more,
});

let host: HttpHost;
beforeEach(async () => {
  host = await HttpHost.start(memoryServices());
});
afterEach(() => host.stop());

const create = async (address: string, body: object) => {
  const answer = await host.request(address, { method: 'POST', body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
};

describe('a row', () => {
  it('is shown in the shape of Nautobot, with its slug', async () => {
    const made = await create(secrets, secret('My Secret', { description: 'd' }));
    const url = `http://latchkey.example${secrets}${made.id}/`;
    expect(Object.entries(made)).toEqual([
      ['id', expect.stringMatching(/^[0-9a-f-]{36}$/)],
      ['object_type', 'extras.secret'],
      ['display', 'My Secret'],
      ['url', url],
      ['natural_slug', `my-secret_${String(made.id).slice(0, 4)}`],
      ['name', 'My Secret'],
      ['slug', 'my-secret'],
      ['description', 'd'],
      ['provider', 'environment-variable'],
      ['parameters', { variable: 'A' }],
      ['tags', []],
      ['created', expect.any(String)],
      ['last_updated', expect.any(String)],
      ['notes_url', `${url}notes/`],
      ['custom_fields', {}],
      ['computed_fields', {}],
      ['relationships', {}],
    ]);
    const { computed_fields: _computed, relationships: _relationships, ...read } = made;
    expect((await host.request(`${secrets}${made.id}/`)).body).toEqual(read);
  });

  it('names its related rows by id, type and address', async () => {
    const [group, made] = [await create(groups, { name: 'grp one' }), await create(secrets, secret('grp token'))];
    const body = { secrets_group: 'grp one', secret: made.id, access_type: 'HTTP(S)', secret_type: 'token' };
    const slot = await create(slots, body);
    expect(slot).toEqual({
      id: slot.id,
      object_type: 'extras.secretsgroupassociation',
      display: 'grp one: HTTP(S) token: grp token',
      url: `http://latchkey.example${slots}${slot.id}/`,
      natural_slug: `grp-one_http-s_token_grp-token_${String(slot.id).slice(0, 4)}`,
      access_type: 'HTTP(S)',
      secret_type: 'token',
      secrets_group: { id: group.id, object_type: 'extras.secretsgroup', url: group.url },
      secret: { id: made.id, object_type: 'extras.secret', url: made.url },
    });
    expect((await host.request(slots)).body.results).toEqual([slot]);
  });

  it('of the inventory keeps its own object_type, and has a number that is an address too', async () => {
    const device = await create(objects, {
      object_type: 'dcim.device',
      name: 'csr1',
      attributes: { site: { slug: 's' } },
    });
    expect(device).toMatchObject({ object_type: 'dcim.device', number: 1, secrets_group: null, display: 'csr1' });
    expect((await host.request(`${objects}1/`)).body).toEqual(device);
  });

  it('is found by its name and slug in place of the id', async () => {
    const { id } = await create(groups, { name: 'grp one' });
    for (const key of ['grp%20one', 'grp-one', String(id).toUpperCase()])
      expect((await host.request(`${groups}${key}/`)).body).toMatchObject({ id });
  });

  it.each(['00000000-0000-4000-8000-000000000000', 'abc%20def', 'a%00b'])('%s is not there', async (key) => {
    const answer = await host.request(`${secrets}${key}/`);
    expect(answer).toMatchObject({ status: 404, body: { detail: 'No Secret matches the given query.' } });
  });

  it('is changed by PATCH in part and by PUT with what was read', async () => {
    const made = await create(secrets, secret('one'));
    const path = `${secrets}${made.id}/`;
    const patched = await host.request(path, { method: 'PATCH', body: { description: 'p' } });
    expect(patched).toMatchObject({ status: 200, body: { description: 'p', name: 'one' } });
    const put = await host.request(path, { method: 'PUT', body: patched.body });
    expect(put).toMatchObject({ status: 200, body: { ...patched.body, last_updated: expect.any(String) } });
    expect(await host.request(path, { method: 'PUT', body: { description: 'x' } })).toMatchObject({
      status: 400,
      body: { name: ['This field is required.'], provider: ['This field is required.'] },
    });
  });

  it('of a slot can be put back as it was read', async () => {
    await create(groups, { name: 'g' });
    await create(secrets, secret('s'));
    const slot = await create(slots, { secrets_group: 'g', secret: 's', access_type: 'SSH', secret_type: 'key' });
    const put = await host.request(`${slots}${slot.id}/`, { method: 'PUT', body: slot });
    expect(put).toMatchObject({ status: 200, body: slot });
  });

  it('is deleted once', async () => {
    const { id } = await create(secrets, secret('one'));
    expect(await host.request(`${secrets}${id}/`, { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
    expect(await host.request(`${secrets}${id}/`, { method: 'DELETE' })).toMatchObject({ status: 404 });
  });

  it('that fills a slot is not deleted, and the group is named', async () => {
    const group = await create(groups, { name: 'g' });
    const made = await create(secrets, secret('s'));
    await create(slots, { secrets_group: 'g', secret: 's', access_type: 'SSH', secret_type: 'key' });
    expect(await host.request(`${secrets}${made.id}/`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      body: { detail: `Unable to delete object. 1 dependent objects were found: g (${group.id})` },
    });
  });

  it('that is refused says why by field', async () => {
    expect(await host.request(secrets, { method: 'POST', body: { colour: 'red' } })).toMatchObject({
      status: 400,
      body: { name: ['This field is required.'], provider: ['This field is required.'], colour: ['Unknown field.'] },
    });
  });
});

describe('a list', () => {
  beforeEach(async () => {
    for (const name of ['b', 'a', 'C', 'd e', 'f'])
      await create(secrets, secret(name, name === 'f' ? { provider: 'p' } : {}));
  });
  const names = async (query: string) => {
    const { body } = await host.request(`${secrets}?${query}`);
    return body.results?.map(({ name }: { name: string }) => name) ?? body;
  };

  it.each([
    ['name=a', ['a']],
    ['name=a&name=f', ['a', 'f']],
    ['name=++d+e++', ['d e']],
    ['name=A', []],
    ['name=', ['C', 'a', 'b', 'd e', 'f']],
    ['q=D+', ['d e']],
    ['q=', ['C', 'a', 'b', 'd e', 'f']],
    ['provider=p', ['f']],
    ['slug=d-e', ['d e']],
    ['id=00000000-0000-4000-8000-000000000000', []],
    ['sort=-name', ['f', 'd e', 'b', 'a', 'C']],
    ['sort=provider,-name', ['d e', 'b', 'a', 'C', 'f']],
    ['sort=no_such,parameters,key_hash&limit=1', ['C']],
    ['limit=0', ['C', 'a', 'b', 'd e', 'f']],
    ['limit=abc&offset=-1', ['C', 'a', 'b', 'd e', 'f']],
    ['id=abc', { id: ['Enter a valid UUID.'] }],
    ['name=a%00b', { name: ['Null characters are not allowed.'] }],
    ['q=%00', { q: ['Null characters are not allowed.'] }],
    ['ice=mint&foo=bar&name=x', { ice: ['Unknown filter field'], foo: ['Unknown filter field'] }],
    ['ordering=name', { ordering: ['Unknown filter field'] }],
    ['parameters=x', { parameters: ['Unknown filter field'] }],
  ])('?%s', async (query, result) => {
    expect(await names(query)).toEqual(result);
  });

  it.each([
    ['limit=2&name=a&name=b&name=C', 'limit=2&name=a&name=b&name=C&offset=2', null],
    ['offset=2&limit=2', 'limit=2&offset=4', 'limit=2'],
    ['limit=2&offset=900', null, 'limit=2&offset=898'],
    ['limit=100000', null, null],
  ])('?%s links its neighbours on the public address', async (query, next, previous) => {
    const { body } = await host.request(`${secrets}?${query}`, { headers: { Host: 'evil.example' } });
    const link = (text: string | null) => text && `http://latchkey.example${secrets}?${text}`;
    expect(body).toMatchObject({ next: link(next), previous: link(previous) });
  });

  it('is filtered by related rows, by id or name', async () => {
    const group = await create(groups, { name: 'g h' });
    await create(objects, { object_type: 'dcim.device', name: 'in', secrets_group: group.id });
    await create(objects, { object_type: 'dcim.device', name: 'out' });
    for (const value of [group.id, 'g+h'])
      expect((await host.request(`${objects}?secrets_group=${value}&object_type=dcim.device`)).body).toMatchObject({
        count: 1,
        results: [{ name: 'in' }],
      });
    expect((await host.request(`${objects}?secrets_group=none`)).body).toEqual({
      secrets_group: ['Select a valid choice. none is not one of the available choices.'],
    });
  });

  it('refuses choices and filters that there are not, on a row too', async () => {
    expect((await host.request(`${slots}?access_type=ssh`)).body).toEqual({
      access_type: ['Select a valid choice. ssh is not one of the available choices.'],
    });
    expect(await host.request(`${secrets}a/?ice=mint`)).toMatchObject({ status: 400 });
  });
});

describe('permission', () => {
  const token = 'nobody-token-of-the-tests';
  const detail = 'You do not have permission to perform this action.';

  it.each([
    ['GET', secrets],
    ['POST', secrets],
    ['GET', `${secrets}x/`],
    ['PATCH', `${secrets}x/`],
    ['DELETE', `${secrets}x/`],
    ['GET', `${secrets}x/check/`],
    ['POST', `${groups}x/explain/`],
    ['GET', '/api/audit/entries/'],
  ])('without any, %s %s is 403 before anything else is looked at', async (method, path) => {
    const body = method === 'POST' || method === 'PATCH' ? {} : undefined;
    expect(await host.request(path, { method, token, body })).toMatchObject({ status: 403, body: { detail } });
  });

  it('a token that may only read cannot change, but can check', async () => {
    const { id } = await create(secrets, secret('s'));
    const reader = { token: 'reader-token-of-the-tests' };
    expect(await host.request(secrets, { ...reader, method: 'POST', body: secret('t') })).toMatchObject({
      status: 403,
    });
    expect(await host.request(`${secrets}${id}/`, { ...reader, method: 'DELETE' })).toMatchObject({ status: 403 });
    expect(await host.request(`${secrets}${id}/check/`, { ...reader, method: 'POST' })).toMatchObject({ status: 200 });
  });

  it('decides what OPTIONS tells of writing', async () => {
    const answer = await host.request(slots, { method: 'OPTIONS' });
    expect(answer.headers.get('allow')).toBe('GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS');
    expect(answer.body).toMatchObject({
      name: 'Secrets Group Associations',
      renders: ['application/json', 'text/csv'],
    });
    const { access_type: accessType } = answer.body.actions.POST;
    expect(accessType).toMatchObject({ type: 'choice', required: true, read_only: false, label: 'Access type' });
    expect(accessType.choices).toContainEqual({ value: 'HTTP(S)', display: 'HTTP(S)' });
    expect((await host.request(slots, { method: 'OPTIONS', token })).body.actions).toBeUndefined();
  });

  it('records cannot be written', async () => {
    const answer = await host.request('/api/audit/entries/', { method: 'POST', body: {} });
    expect(answer).toMatchObject({ status: 405, body: { detail: 'Method "POST" not allowed.' } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});
