import { createHost, type Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { restClient, type Rest, type RestAnswer } from '../support/rest-client';
import { create, makeSpine } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

type Row = RestAnswer['body'];

let host: Host;
let rest: Rest;
beforeAll(async () => {
  host = await createHost(localConfig());
  rest = restClient(await host.listen(), adminToken);
});
afterAll(async () => {
  await host.close();
  removeTemporaryFolders();
});

const changesOf = async (query: string): Promise<Row[]> => {
  const answer = await rest('GET', `/api/extras/object-changes/?${query}`);
  expect(answer.status).toBe(200);
  return answer.body.results as Row[];
};
const secret = (name: string) => ({ name, provider: 'environment-variable', parameters: { variable: 'A' } });
const told = (changes: readonly Row[]) => changes.map(({ action, object_repr: repr }) => [action.value, repr]);

describe('the change log', () => {
  test('tells of a secret from its creation to its end: who, when, which request, before and after', async () => {
    const body = { ...secret('told'), description: 'first' };
    const made = await rest('POST', '/api/extras/secrets/', { body, headers: { 'X-Request-ID': 'the-first' } });
    const { id } = made.body;
    await rest('PATCH', `/api/extras/secrets/${id}/`, { body: { description: 'second' } });
    await rest('DELETE', `/api/extras/secrets/${id}/`);
    const [first, second, third, ...more] = await changesOf(`changed_object_id=${id}&sort=time`);
    expect(more).toEqual([]);
    const [admin] = (await rest('GET', '/api/users/users/?username=admin')).body.results as Row[];
    expect(first).toMatchObject({
      object_type: 'extras.objectchange',
      display: 'Extras | secret told created by admin',
      action: { value: 'create', label: 'Created' },
      user: { id: admin.id, object_type: 'users.user' },
      user_name: 'admin',
      request_id: 'the-first',
      change_context: 'web',
      change_context_detail: 'extras-api:secret-list',
      changed_object_type: 'extras.secret',
      changed_object_id: id,
      changed_object: null,
      object_repr: 'told',
      before: null,
      object_data: { name: 'told', description: 'first', parameters: { variable: 'A' } },
      object_data_v2: { id, url: `/api/extras/secrets/${id}/`, display: 'told', object_type: 'extras.secret' },
    });
    expect(second).toMatchObject({
      action: { value: 'update', label: 'Updated' },
      change_context_detail: 'extras-api:secret-detail',
      before: { description: 'first' },
      after: { description: 'second' },
      difference: { removed: { description: 'first' }, added: { description: 'second' } },
    });
    expect(second.difference.added).toEqual({ description: 'second' });
    expect(third).toMatchObject({ action: { value: 'delete' }, after: null, object_data: { description: 'second' } });
    expect(first.time <= second.time && second.time <= third.time).toBe(true);
    expect(told(await changesOf(`changed_object_id=${id}&sort=-time`))).toEqual([
      ['delete', 'told'],
      ['update', 'told'],
      ['create', 'told'],
    ]);
  });

  test('tells of nothing where the change was refused', async () => {
    const before = (await rest('GET', '/api/extras/object-changes/?limit=1')).body.count;
    await create(rest, 'extras/secrets', secret('doubled'));
    const again = await rest('POST', '/api/extras/secrets/', { body: secret('doubled') });
    expect(again.status).toBe(400);
    expect((await rest('GET', '/api/extras/object-changes/?limit=1')).body.count).toBe(before + 1);
  });

  test('tells of slots: filled, pointed elsewhere, and gone with their group, with what the objects lose', async () => {
    const { password, enable, group, device } = await makeSpine(rest, '/nowhere');
    const of = `related_object_id=${group.id}&changed_object_type=extras.secretsgroupassociation&sort=time`;
    const [slot] = (await rest('GET', `/api/extras/secrets-groups-associations/?secret=${password.id}`)).body.results;
    const other = await create(rest, 'extras/secrets', secret('other'));
    await rest('PATCH', `/api/extras/secrets-groups-associations/${slot.id}/`, { body: { secret: other.id } });
    const gone = await rest('DELETE', `/api/extras/secrets-groups/${group.id}/`, {
      headers: { 'X-Request-ID': 'away-with-it' },
    });
    expect(gone.status).toBe(204);

    const slots = await changesOf(of);
    expect(told(slots)).toEqual([
      ['create', 'Core routers: SSH password: SSH password'],
      ['create', 'Core routers: SSH secret: Enable secret'],
      ['update', 'Core routers: SSH password: other'],
      ['delete', 'Core routers: SSH password: other'],
      ['delete', 'Core routers: SSH secret: Enable secret'],
    ]);
    expect(slots[2].difference).toEqual({ removed: { secret: password.id }, added: { secret: other.id } });
    expect(slots[3]).toMatchObject({ related_object_type: 'extras.secretsgroup', request_id: 'away-with-it' });

    const taken = await changesOf('request_id=away-with-it&sort=time');
    expect(told(taken).at(-1)).toEqual(['delete', 'Core routers']);
    const lost = taken.find((change) => change.changed_object_id === device.id);
    expect(lost).toMatchObject({
      action: { value: 'update' },
      changed_object: { id: device.id, object_type: 'inventory.object' },
      difference: { removed: { secrets_group: group.id }, added: { secrets_group: null } },
    });
    // As in Nautobot, filling a slot is told of the secret and of the group as well.
    expect(told(await changesOf(`changed_object_id=${enable.id}&sort=time`))).toEqual([
      ['create', 'Enable secret'],
      ['update', 'Enable secret'],
    ]);
    expect(told(await changesOf(`changed_object_id=${group.id}&sort=time`))).toEqual([
      ['create', 'Core routers'],
      ['update', 'Core routers'],
      ['update', 'Core routers'],
      ['delete', 'Core routers'],
    ]);
  });

  test('tells of users, tokens and permissions, and never of a password or a key', async () => {
    const canaries = ['canary-password-one', 'canary-password-two', 'canary-key-of-the-change-log-0123456789'];
    const user = await create(rest, 'users/users', { username: 'maria', password: canaries[0] });
    await rest('PATCH', `/api/users/users/${user.id}/`, { body: { password: canaries[1] } });
    const token = await create(rest, 'users/tokens', { user: user.id, key: canaries[2] });
    const permission = { name: 'may look', object_types: ['extras.secret'], actions: ['view'], users: [user.id] };
    const { id } = await create(rest, 'users/permissions', permission);
    await rest('DELETE', `/api/users/users/${user.id}/`);

    const [, changed] = await changesOf(`changed_object_id=${user.id}&sort=time`);
    expect(changed).toMatchObject({ secrets_changed: ['password'], difference: { removed: {}, added: {} } });
    expect(told(await changesOf(`changed_object_id=${token.id}&sort=time`)).map(([action]) => action)).toEqual([
      'create',
      'delete',
    ]);
    const [, lost] = await changesOf(`changed_object_id=${id}&sort=time`);
    expect(lost.difference).toEqual({ removed: { users: [user.id] }, added: { users: [] } });

    const all = await rest('GET', '/api/extras/object-changes/?limit=1000');
    expect(all.body.count).toBe(all.body.results.length);
    for (const canary of [...canaries, '$argon2', 'key_hash":', 'password":']) expect(all.text).not.toContain(canary);
  });

  test('tells of each row of a list, under one request, and of none where one was refused', async () => {
    const headers = { 'X-Request-ID': 'many-at-once' };
    const made = await rest('POST', '/api/extras/secrets/', { body: [secret('many 1'), secret('many 2')], headers });
    expect(made.status).toBe(201);
    const [{ id: first }, { id: second }] = made.body as [Row, Row];
    const changes = [
      { id: first, description: 'new' },
      { id: second, description: 'new' },
    ];
    await rest('PATCH', '/api/extras/secrets/', { body: changes, headers });
    const refused = await rest('PATCH', '/api/extras/secrets/', {
      body: [
        { id: first, description: 'newer' },
        { id: second, name: '' },
      ],
      headers,
    });
    expect(refused.status).toBe(400);
    await rest('DELETE', '/api/extras/secrets/', { body: [{ id: first }, { id: second }], headers });
    expect(told(await changesOf('request_id=many-at-once&sort=time'))).toEqual(
      ['create', 'update', 'delete'].flatMap((action) => [
        [action, 'many 1'],
        [action, 'many 2'],
      ]),
    );
  });

  test('begins with the superuser and the token of the first start, made by the host itself', async () => {
    const made = await changesOf('change_context=orm&sort=time');
    expect(
      made.map(({ action, changed_object_type: type, user, user_name: name }) => [action.value, type, user, name]),
    ).toEqual([
      ['create', 'users.user', null, 'system'],
      ['create', 'users.token', null, 'system'],
    ]);
  });

  test('is read by who may view it, and written by nobody', async () => {
    const user = await create(rest, 'users/users', { username: 'reader' });
    const key = 'token-of-the-reader-of-the-change-log';
    await create(rest, 'users/tokens', { user: user.id, key });
    const asked = () => rest('GET', '/api/extras/object-changes/?limit=1000', { token: key });
    expect((await asked()).status).toBe(403);
    await create(rest, 'users/permissions', {
      name: 'changes of secrets',
      object_types: ['extras.objectchange'],
      actions: ['view'],
      users: [user.id],
      constraints: { changed_object_type: 'extras.secret', after__description: 'first' },
    });
    await create(rest, 'extras/secrets', { ...secret('seen'), description: 'first' });
    const { results } = (await asked()).body;
    expect(results.map((change: Row) => change.object_repr)).toContain('seen');
    expect(new Set(results.map((change: Row) => change.after.description))).toEqual(new Set(['first']));

    const refused = await rest('POST', '/api/extras/object-changes/', { body: {} });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await rest('DELETE', `/api/extras/object-changes/${results[0].id}/`)).status).toBe(405);
  });
});
