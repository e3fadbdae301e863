import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';

const devices = '/api/dcim/devices/';
const objects = '/api/inventory/objects/';

let host: AccessHost;
let ids: Record<'device' | 'repository' | 'group', string>;
const send = (method: string, path: string, body?: unknown, token?: string) =>
  host.anywhere(path, { method, ...(body !== undefined && { body }), ...(token !== undefined && { token }) });
const make = async (path: string, body: object) => {
  const answer = await send('POST', path, body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
};
beforeEach(async () => {
  host = await openAccessHost();
  const group = (await make('/api/extras/secrets-groups/', { name: 'the group' })).id;
  const device = { name: 'r1', role: { name: 'router' }, serial: 'x', secrets_group: { name: 'the group' } };
  const repository = { object_type: 'extras.gitrepository', name: 'repo', slug: 'repo' };
  ids = { group, device: (await make(devices, device)).id, repository: (await make(objects, repository)).id };
});
afterEach(() => host.close());

it('an object can be looked up at the address of its type, by id, name, slug or number', async () => {
  const { body } = await send('GET', `${devices}${ids.device}/`);
  expect(body).toMatchObject({
    id: ids.device,
    object_type: 'dcim.device',
    display: 'r1',
    url: `http://latchkey.example${devices}${ids.device}/`,
    notes_url: `http://latchkey.example${devices}${ids.device}/notes/`,
    name: 'r1',
    slug: 'r1',
    secrets_group: { id: ids.group, object_type: 'extras.secretsgroup' },
  });
  for (const key of ['r1', String(body.number)])
    expect((await send('GET', `${devices}${key}/`)).body.id).toBe(ids.device);
});

it('each address has the objects of its type alone', async () => {
  const listed = async (path: string) => (await send('GET', path)).body.results.map(({ id }: { id: string }) => id);
  expect(await listed(devices)).toEqual([ids.device]);
  expect(await listed('/api/extras/git-repositories/?name=repo')).toEqual([ids.repository]);
  expect(await listed('/api/virtualization/virtual-machines/')).toEqual([]);
  expect((await listed(objects)).toSorted()).toEqual([ids.device, ids.repository].toSorted());
  for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const)
    for (const key of [ids.repository, 'repo'])
      expect((await send(method, `${devices}${key}/`, body)).status).toBe(404);
  for (const method of ['PATCH', 'DELETE'])
    expect((await send(method, devices, [{ id: ids.repository }])).status).toBe(400);
  expect((await listed(objects)).length).toBe(2);
});

it('filters are those of objects, but for the type, which is no question there', async () => {
  const count = async (query: string) => (await send('GET', `${devices}?${query}`)).body.count;
  expect(await count('secrets_group=the%20group')).toBe(1);
  expect(await count('name__ic=R')).toBe(1);
  expect(await count('q=repo')).toBe(0);
  for (const name of ['has_secrets_group', 'object_type'])
    expect(await send('GET', `${devices}?${name}=true`)).toMatchObject({
      status: 400,
      body: { [name]: ['Unknown filter field'] },
    });
});

it('what a new object says beside its own fields is kept among its attributes, for templates', async () => {
  const { body } = await send('GET', `${objects}${ids.device}/`);
  expect(body.attributes).toEqual({ role: { name: 'router' }, serial: 'x' });
  const both = await make(devices, { name: 'r2', serial: 'outer', site: 's', attributes: { serial: 'inner' } });
  expect(both.attributes).toEqual({ serial: 'inner', site: 's' });
  expect(await send('POST', devices, { name: 'r3', serial: 'x', attributes: [1] })).toMatchObject({
    status: 400,
    body: { attributes: [expect.any(String)] },
  });
});

it('a change keeps an object at its address, and what was read can be put back', async () => {
  const { body } = await send('GET', `${devices}${ids.device}/`);
  const answer = await send('PUT', `${devices}${ids.device}/`, {
    ...body,
    object_type: 'dcim.rack',
    description: undefined,
  });
  expect(answer).toMatchObject({ status: 200, body: { object_type: 'dcim.device', attributes: body.attributes } });
  const [moved] = (await send('PATCH', devices, [{ id: ids.device, object_type: 'dcim.rack', name: 'r9' }])).body;
  expect(moved).toMatchObject({ object_type: 'dcim.device', name: 'r9' });
  expect((await send('PATCH', `${devices}${ids.device}/`, { serial: 'y' })).body).toEqual({
    serial: ['Unknown field.'],
  });
});

it('who may do what is said of objects, whatever their address', async () => {
  const token = 'b'.repeat(40);
  const user = (await make('/api/users/users/', { username: 'u' })).id;
  await make('/api/users/tokens/', { user, key: token });
  expect((await send('GET', devices, undefined, token)).status).toBe(403);
  const permission = { object_types: ['inventory.object'], actions: ['view'], users: [user] };
  await make('/api/users/permissions/', {
    ...permission,
    name: 'devices',
    constraints: { object_type: 'dcim.device' },
  });
  expect((await send('GET', devices, undefined, token)).body.count).toBe(1);
  expect((await send('GET', '/api/extras/git-repositories/', undefined, token)).body.count).toBe(0);
  expect((await send('POST', devices, { name: 'r4' }, token)).status).toBe(403);
});

it('an object that others name is shown at the address of all objects', async () => {
  await make(`${devices}${ids.device}/notes/`, { note: 'n' });
  const [note] = (await send('GET', '/api/extras/notes/')).body.results;
  expect(note.assigned_object.url).toBe(`http://latchkey.example${objects}${ids.device}/`);
  expect((await send('GET', `${objects}${ids.device}/notes/`)).body.count).toBe(1);
});
