import { createHost, type Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { restClient, type Rest, type RestAnswer } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

type Row = RestAnswer['body'];

let host: Host;
let rest: Rest;
let red: Row;
let blue: Row;
beforeAll(async () => {
  host = await createHost(localConfig());
  rest = restClient(await host.listen(), adminToken);
  red = await create(rest, 'extras/tags', { name: 'Red one', content_types: ['extras.secret'] });
  blue = await create(rest, 'extras/tags', { name: 'blue', color: '0000ff', content_types: ['extras.secret'] });
});
afterAll(async () => {
  await host.close();
  removeTemporaryFolders();
});

const secret = (name: string, tags?: unknown) => ({
  name,
  provider: 'environment-variable',
  parameters: { variable: 'A' },
  ...(tags !== undefined && { tags }),
});
const reference = ({ id, url }: Row) => ({ id, object_type: 'extras.tag', url });
const names = async (query: string) => {
  const answer = await rest('GET', `/api/extras/secrets/?${query}`);
  return answer.status === 200 ? (answer.body.results as Row[]).map(({ name }) => name as string) : answer.body;
};
let count = 0;
/** A user with permissions of its own, and what it sends. */
async function someone(...permissions: readonly object[]): Promise<Rest> {
  count += 1;
  const user = await create(rest, 'users/users', { username: `someone-${count}` });
  const key = `token-of-someone-${count}-for-these-tests`;
  await create(rest, 'users/tokens', { user: user.id, key });
  for (const [i, permission] of permissions.entries())
    await create(rest, 'users/permissions', { name: `p ${count} ${i}`, users: [user.id], ...permission });
  return (method, path, request) => rest(method, path, { ...request, token: key });
}

describe('a tag', () => {
  test('is told in full', () => {
    expect(red).toMatchObject({
      object_type: 'extras.tag',
      display: 'Red one',
      natural_slug: `red-one_${red.id.slice(0, 4)}`,
      content_types: ['extras.secret'],
      name: 'Red one',
      slug: 'red-one',
      color: '9e9e9e',
      description: '',
      notes_url: `${red.url}notes/`,
    });
  });

  test.each([
    [{ content_types: ['extras.secret'] }, { name: ['This field is required.'] }],
    [{ name: 't' }, { content_types: ['This field is required.'] }],
    [{ name: 't', content_types: ['x.y'] }, { content_types: ['Invalid content type: x.y'] }],
    [{ name: 't', content_types: ['users.token'] }, { content_types: ['Invalid content type: users.token'] }],
    [{ name: 't', content_types: ['extras.secret'], color: 'red' }, { color: [expect.stringContaining('00ff00')] }],
    [{ name: 'blue', content_types: ['extras.secret'] }, { name: ['tag with this name already exists.'] }],
  ])('is refused as %j', async (body, faults) => {
    const answer = await rest('POST', '/api/extras/tags/', { body });
    expect([answer.status, answer.body]).toEqual([400, faults]);
  });

  test('marks secrets, by id, by name and by attributes, in bodies and in filters', async () => {
    const made = await create(rest, 'extras/secrets', secret('both', [red.id, { name: 'blue' }]));
    expect(made.tags).toHaveLength(2);
    expect(made.tags).toEqual(expect.arrayContaining([reference(red), reference(blue)]));
    await create(rest, 'extras/secrets', secret('only red', ['Red one']));
    expect((await create(rest, 'extras/secrets', secret('bare'))).tags).toEqual([]);

    expect(await names(`tags=${red.id}`)).toEqual(['both', 'only red']);
    expect(await names('tags=Red%20one&tags=blue')).toEqual(['both']);
    expect(await names('tags__n=blue')).toEqual(['bare', 'only red']);
    expect(await names('tags__isnull=true')).toEqual(['bare']);
    expect(await names('tags=none')).toEqual({
      tags: ['Select a valid choice. none is not one of the available choices.'],
    });
    const unknown = await rest('POST', '/api/extras/secrets/', { body: secret('x', [{ name: 'none' }]) });
    expect([unknown.status, unknown.body]).toEqual([
      400,
      { tags: ["Related object not found using the provided attributes: {'name': 'none'}"] },
    ]);
  });

  test('is kept by a PUT that leaves it out, and taken off by an empty list', async () => {
    const { id } = await create(rest, 'extras/secrets', secret('kept', [red.id]));
    const put = await rest('PUT', `/api/extras/secrets/${id}/`, { body: secret('kept') });
    expect(put.body.tags).toEqual([reference(red)]);
    const whole = await rest('PUT', `/api/extras/secrets/${id}/`, { body: put.body });
    expect([whole.status, whole.body.tags]).toEqual([200, [reference(red)]]);
    const patched = await rest('PATCH', `/api/extras/secrets/${id}/`, { body: { tags: [] } });
    expect(patched.body.tags).toEqual([]);
    const changes = await rest('GET', `/api/extras/object-changes/?changed_object_id=${id}&sort=-time&limit=1`);
    expect(changes.body.results[0].difference).toEqual({ removed: { tags: [red.id] }, added: { tags: [] } });
  });

  test('stays for a type while its rows are marked, and comes off them when it goes', async () => {
    const tag = await create(rest, 'extras/tags', { name: 'short', content_types: ['extras.secret'] });
    const { id } = await create(rest, 'extras/secrets', secret('marked', [tag.id]));
    const without = await rest('PATCH', `/api/extras/tags/${tag.id}/`, { body: { content_types: [] } });
    expect(without.status).toBe(400);
    expect((await rest('DELETE', `/api/extras/tags/${tag.id}/`)).status).toBe(204);
    expect((await rest('GET', `/api/extras/secrets/${id}/`)).body.tags).toEqual([]);
    const changes = await rest('GET', `/api/extras/object-changes/?changed_object_id=${id}&sort=-time&limit=1`);
    expect(changes.body.results[0].difference.removed).toEqual({ tags: [tag.id] });
  });

  test('says by a constraint whose secrets one sees', async () => {
    await create(rest, 'extras/secrets', secret('constrained', [blue.id]));
    const tagged = await someone({
      object_types: ['extras.secret'],
      actions: ['view'],
      constraints: { tags__name: 'blue' },
    });
    const seen = (await tagged('GET', '/api/extras/secrets/')).body.results as Row[];
    expect(seen.map(({ name }) => name)).toEqual(['both', 'constrained']);
    // Who may not see a tag cannot ask for it.
    expect((await tagged('GET', '/api/extras/secrets/?tags=blue')).status).toBe(400);
  });
});

describe('a note', () => {
  test('is written and listed at the address of what it is about', async () => {
    const { id } = await create(rest, 'extras/secrets', secret('noted'));
    const address = `/api/extras/secrets/${id}/notes/`;
    expect((await rest('GET', address)).body).toEqual({ count: 0, next: null, previous: null, results: [] });
    const added = await rest('POST', address, { body: { note: 'Rotated by **hand**' } });
    const [admin] = (await rest('GET', '/api/users/users/?username=admin')).body.results as Row[];
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      object_type: 'extras.note',
      display: `noted - ${added.body.created}`,
      natural_slug: expect.stringMatching(new RegExp(`^extras_secret_${id}_admin_[0-9-]+_[0-9a-f]{4}$`)),
      assigned_object_type: 'extras.secret',
      assigned_object_id: id,
      assigned_object: { id, object_type: 'extras.secret' },
      user_name: 'admin',
      user: { id: admin.id, object_type: 'users.user' },
      note: 'Rotated by **hand**',
    });
    expect((await rest('GET', address)).body).toMatchObject({ count: 1, results: [added.body] });
    expect((await rest('GET', '/api/extras/secrets/noted/notes/')).body.count).toBe(1);
    const empty = await rest('POST', address, { body: {} });
    expect([empty.status, empty.body]).toEqual([400, { note: ['This field is required.'] }]);
    const unknown = await rest('GET', '/api/extras/secrets/00000000-0000-4000-8000-000000000000/notes/');
    expect([unknown.status, unknown.body]).toEqual([404, { detail: 'No Secret matches the given query.' }]);
  });

  test('is about groups and objects too, and about no slot', async () => {
    const group = await create(rest, 'extras/secrets-groups', { name: 'noted group' });
    const added = await rest('POST', `/api/extras/secrets-groups/${group.id}/notes/`, { body: { note: 'here' } });
    expect(added.body.assigned_object_type).toBe('extras.secretsgroup');
    expect((await rest('GET', `/api/extras/secrets-groups-associations/${group.id}/notes/`)).status).toBe(404);
    expect((await rest('POST', '/api/extras/notes/', { body: {} })).status).toBe(405);
  });

  test('is in its author’s name, and about one thing, for life', async () => {
    const { id } = await create(rest, 'extras/secrets', secret('forged'));
    const other = await create(rest, 'users/users', { username: 'somebody-else' });
    const body = { note: 'mine', user: other.id, user_name: 'somebody-else', assigned_object_id: red.id };
    const added = await rest('POST', `/api/extras/secrets/${id}/notes/`, { body });
    expect(added.body).toMatchObject({ user_name: 'admin', assigned_object_id: id });
    for (const [name, value] of Object.entries({ ...body, user: other.id, assigned_object_type: 'extras.tag' })) {
      if (name === 'note') continue;
      const refused = await rest('PATCH', `/api/extras/notes/${added.body.id}/`, { body: { [name]: value } });
      expect([refused.status, refused.body]).toEqual([400, { [name]: ['This field may not be changed.'] }]);
    }
    const put = await rest('PUT', `/api/extras/notes/${added.body.id}/`, { body: { ...added.body, note: 'better' } });
    expect([put.status, put.body.note]).toEqual([200, 'better']);
    const short = await rest('PUT', `/api/extras/notes/${added.body.id}/`, { body: { note: 'best' } });
    expect([short.status, short.body.note, short.body.user_name]).toEqual([200, 'best', 'admin']);
  });

  test('goes with what it is about', async () => {
    const { id } = await create(rest, 'extras/secrets', secret('short-lived'));
    const added = await rest('POST', `/api/extras/secrets/${id}/notes/`, { body: { note: 'gone soon' } });
    expect((await rest('DELETE', `/api/extras/secrets/${id}/`)).status).toBe(204);
    expect((await rest('GET', `/api/extras/notes/${added.body.id}/`)).status).toBe(404);
    const changes = await rest('GET', `/api/extras/object-changes/?related_object_id=${id}&sort=time`);
    expect((changes.body.results as Row[]).map(({ action }) => action.value)).toEqual(['create', 'delete']);
  });

  test('takes view on the object, and view or add on notes', async () => {
    const { id } = await create(rest, 'extras/secrets', secret('guarded'));
    const { id: hidden } = await create(rest, 'extras/secrets', secret('hidden'));
    const address = `/api/extras/secrets/${id}/notes/`;
    const one = { object_types: ['extras.secret'], actions: ['view'], constraints: { name: 'guarded' } };
    const note = (...actions: string[]) => ({ object_types: ['extras.note'], actions });
    const send = async (by: Rest, path = address) => [
      (await by('GET', path)).status,
      (await by('POST', path, { body: { note: 'n' } })).status,
    ];
    expect(await send(await someone())).toEqual([403, 403]);
    expect(await send(await someone(note('view', 'add')))).toEqual([403, 403]);
    expect(await send(await someone(one))).toEqual([403, 403]);
    expect(await send(await someone(one, note('view')))).toEqual([200, 403]);
    expect(await send(await someone(one, note('add')))).toEqual([403, 201]);
    expect(await send(await someone(one, note('view', 'add')), `/api/extras/secrets/${hidden}/notes/`)).toEqual([
      404, 404,
    ]);
  });
});
