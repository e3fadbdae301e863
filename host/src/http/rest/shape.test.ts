import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';

const secrets = '/api/extras/secrets/';
const groups = '/api/extras/secrets-groups/';
const slots = '/api/extras/secrets-groups-associations/';
const token = 'b'.repeat(40);

let host: AccessHost;
let ids: Record<'tag' | 'secret' | 'group' | 'slot', string>;
beforeAll(async () => {
  host = await openAccessHost();
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await host.anywhere(path, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id;
  };
  const tag = await make('/api/extras/tags/', { name: 'red', content_types: ['extras.secret'] });
  const parameters = { id: 'x', object_type: 'extras.secret', url: null };
  const secret = await make(secrets, { name: 'the secret', provider: 'p', parameters, tags: [tag] });
  const group = await make(groups, { name: 'the group' });
  const slot = { secrets_group: group, secret, access_type: 'SSH', secret_type: 'password' };
  ids = { tag, secret, group, slot: await make(slots, slot) };
  const user = await host.request('users/', { method: 'POST', body: { username: 'u', password: 'p' } });
  await host.request('tokens/', { method: 'POST', body: { user: user.body.id, key: token } });
  const permission = { name: 'slots', object_types: ['extras.secretsgroupassociation'], actions: ['view'] };
  const groupsToo = { name: 'groups', object_types: ['extras.secretsgroup'], actions: ['view'] };
  for (const one of [permission, groupsToo])
    await host.request('permissions/', { method: 'POST', body: { ...one, users: [user.body.id] } });
});
afterAll(() => host.close());

const get = async (path: string, as?: string) =>
  (await host.anywhere(path, as === undefined ? {} : { token: as })).body;
const keys = (value: object) => Object.keys(value).toSorted();

describe('depth', () => {
  it.each(['0', '', 'x', '-', '1.5'])('of %j shows references', async (depth) => {
    const { secret } = await get(`${slots}${ids.slot}/?depth=${depth}`);
    expect(keys(secret)).toEqual(['id', 'object_type', 'url']);
  });

  it.each(['1', '2', '10'])('of %s shows the rows themselves, without those of many rows', async (depth) => {
    const { results } = await get(`${slots}?depth=${depth}`);
    const [{ secret, secrets_group: group }] = results;
    const { tags: _tags, ...whole } = await get(`${secrets}${ids.secret}/`);
    expect(secret).toEqual(whole);
    expect(group).toEqual(await get(`${groups}${ids.group}/`));
  });

  it.each(['-1', '11', '999999999'])('of %s is refused', async (depth) => {
    for (const path of [slots, `${slots}${ids.slot}/`])
      expect(await host.anywhere(`${path}?depth=${depth}`)).toMatchObject({
        status: 400,
        body: { detail: 'The depth parameter must be an integer between 0 and 10' },
      });
  });

  it('follows lists of references', async () => {
    const { tags } = await get(`${secrets}${ids.secret}/?depth=1`);
    expect(tags).toMatchObject([{ id: ids.tag, name: 'red', slug: 'red' }]);
  });

  it('takes no JSON of a row for a reference', async () => {
    const { parameters } = await get(`${secrets}${ids.secret}/?depth=1`);
    expect(parameters).toEqual({ id: 'x', object_type: 'extras.secret', url: null });
  });

  it('shows nothing of what may not be viewed', async () => {
    const row = await get(`${slots}${ids.slot}/?depth=10`, token);
    expect(row.secrets_group).toMatchObject({ name: 'the group' });
    expect(keys(row.secret)).toEqual(['id', 'object_type', 'url']);
  });

  it('is passed over in a write', async () => {
    const answer = await host.anywhere(`${slots}${ids.slot}/?depth=1`, { method: 'PATCH', body: {} });
    expect([answer.status, keys(answer.body.secret)]).toEqual([200, ['id', 'object_type', 'url']]);
  });
});

it('exclude_m2m leaves out what is of many rows, or shows what is left out otherwise', async () => {
  expect(await get(`${secrets}${ids.secret}/?exclude_m2m=true`)).not.toHaveProperty('tags');
  expect(await get(`${secrets}${ids.secret}/?exclude_m2m=false`)).toHaveProperty('tags');
  expect(await get(`${groups}${ids.group}/`)).not.toHaveProperty('secrets');
  const url = `http://latchkey.example${slots}${ids.slot}/`;
  const { secrets: filled } = await get(`${groups}${ids.group}/?exclude_m2m=false`);
  expect(filled).toEqual([{ id: ids.slot, object_type: 'extras.secretsgroupassociation', url }]);
});

it('include adds what is shown on request alone', async () => {
  const shown = async (query: string) => keys(await get(`${secrets}${ids.secret}/?${query}`));
  const plain = await shown('');
  expect(plain).toContain('custom_fields');
  expect(await shown('include=bananas')).toEqual(plain);
  expect(await shown('include=computed_fields')).toEqual([...plain, 'computed_fields'].toSorted());
  const both = [...plain, 'computed_fields', 'relationships'].toSorted();
  expect(await shown('include=computed_fields&include=relationships')).toEqual(both);
  expect(keys((await host.anywhere(`${secrets}${ids.secret}/`, { method: 'PATCH', body: {} })).body)).toEqual(both);
});

it('a PUT of what was read changes nothing', async () => {
  for (const path of [`${secrets}${ids.secret}/`, `${groups}${ids.group}/`]) {
    const { last_updated: _before, ...before } = await get(`${path}?exclude_m2m=false&include=computed_fields`);
    const answer = await host.anywhere(path, { method: 'PUT', body: before });
    expect(answer.status).toBe(200);
    const { last_updated: _after, ...after } = await get(`${path}?exclude_m2m=false&include=computed_fields`);
    expect(after).toEqual(before);
  }
});

it('the search of slots looks through to the names of group and secret', async () => {
  for (const q of ['THE+GROUP', 'e+secret']) expect((await get(`${slots}?q=${q}`)).count).toBe(1);
  for (const q of ['SSH', 'nothing']) expect((await get(`${slots}?q=${q}`)).count).toBe(0);
});

it('OPTIONS of the list tells of creating and of changing', async () => {
  const { actions } = (await host.anywhere(groups, { method: 'OPTIONS' })).body;
  expect(keys(actions)).toEqual(['POST', 'PUT']);
  expect(actions.PUT).toEqual(actions.POST);
  expect(actions.POST.secrets).toMatchObject({ read_only: true, label: 'Secrets' });
  expect(actions.POST.custom_fields).toMatchObject({ read_only: false, label: 'Custom fields' });
  const permissions = (await host.request('permissions/', { method: 'OPTIONS' })).body.actions.POST;
  expect(permissions.actions).toHaveProperty('help_text', 'The list of actions granted by this permission');
});
