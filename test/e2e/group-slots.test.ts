import { randomUUID } from 'node:crypto';
import type { Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient, type Rest, type RestAnswer } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const groups = '/api/extras/secrets-groups/';
const association = 'extras.secretsgroupassociation';

let host: Host;
let admin: Rest;
beforeAll(async () => {
  host = await openLocalHost();
  admin = restClient(await host.listen(), adminToken);
  for (const name of ['first', 'second', 'hidden'])
    await create(admin, 'extras/secrets', { name, provider: 'environment-variable', parameters: { variable: 'A' } });
});
afterAll(async () => {
  await host?.close();
  removeTemporaryFolders();
});

const slot = (accessType: string, secret: unknown, secretType = 'password') => ({
  access_type: accessType,
  secret_type: secretType,
  secret,
});
const fresh = (): string => `group ${randomUUID()}`;
const post = (body: unknown, as = admin) => as('POST', groups, { body });
const makeGroup = async (...slots: readonly object[]): Promise<RestAnswer['body']> => {
  const answer = await post({ name: fresh(), secrets_group_associations: slots });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
};
interface Change {
  readonly as?: Rest;
  readonly method?: string;
  readonly name?: string;
}
const change = (id: string, slots: unknown, { as = admin, method = 'PATCH', ...more }: Change = {}) =>
  as(method, `${groups}${id}/`, { body: { ...more, secrets_group_associations: slots } });
const slotsOf = async (group: string): Promise<string[]> => {
  const { body } = await admin('GET', `/api/extras/secrets-groups-associations/?secrets_group=${group}&depth=1`);
  return body.results.map(
    ({ access_type: access, secret_type: kind, secret }: RestAnswer['body']) => `${access} ${kind}: ${secret.name}`,
  );
};
const slotIds = async (group: string): Promise<string[]> =>
  (await admin('GET', `/api/extras/secrets-groups-associations/?secrets_group=${group}`)).body.results.map(
    ({ id }: RestAnswer['body']) => id,
  );
const counted = async (name: string) => (await admin('GET', `${groups}?name=${name}`)).body.count;
const changesOf = async (query: string) =>
  (await admin('GET', `/api/extras/object-changes/?sort=time&${query}`)).body.results.map(
    ({ action, changed_object_type: type }: RestAnswer['body']) => `${action.value} ${type}`,
  );

describe('a group that comes with its slots', () => {
  test('is made whole, and shown as any group', async () => {
    const second = (await admin('GET', '/api/extras/secrets/second/')).body.id;
    const group = await makeGroup(slot('SSH', { name: 'first' }), slot('HTTP(S)', second, 'token'));
    expect(group).not.toHaveProperty('secrets_group_associations');
    expect(await slotsOf(group.id)).toEqual(['HTTP(S) token: second', 'SSH password: first']);
    const { body } = await admin('GET', `${groups}${group.id}/?exclude_m2m=false`);
    expect(body.secrets).toHaveLength(2);
  });

  test('is not made where a slot is refused, which is told at its place', async () => {
    const name = fresh();
    const given = [slot('SSH', 'first'), slot('SSH', 'nobody', 'key'), slot('SSH', 'second')];
    const answer = await post({ name, secrets_group_associations: given });
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        secrets_group_associations: [
          {},
          { secret: ["Related object not found using the provided attributes: {'name': 'nobody'}"] },
          { non_field_errors: ['The fields secrets_group, access_type, secret_type must make a unique set.'] },
        ],
      },
    ]);
    expect(await counted(name)).toBe(0);
  });

  test('is told of everything at once that can be seen without looking for rows', async () => {
    const given = [{ secret: 'first' }, 7, slot('nothing', 'first'), { ...slot('SSH', 'first'), color: 'red' }];
    const answer = await post({ slug: '?', secrets_group_associations: given });
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        name: ['This field is required.'],
        slug: [expect.stringContaining('Enter a valid')],
        secrets_group_associations: [
          { access_type: ['This field is required.'], secret_type: ['This field is required.'] },
          { non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] },
          { access_type: ['"nothing" is not a valid choice.'] },
          { color: ['Unknown field.'] },
        ],
      },
    ]);
  });

  test.each([
    ['a text', 'text', 'Expected a list of items but got type "str".'],
    ['null', null, 'Expected a list of items but got type "NoneType".'],
    ['too many', Array.from({ length: 101 }, () => ({})), 'Send at most 100 rows at a time.'],
  ])('is refused with %s', async (_, given, message) => {
    const answer = await post({ name: fresh(), secrets_group_associations: given });
    expect([answer.status, answer.body]).toEqual([400, { secrets_group_associations: [message] }]);
  });

  test('comes in lists, too, which bring no more slots between them than one may', async () => {
    const names = [fresh(), fresh()];
    const given = names.map((name) => ({ name, secrets_group_associations: [slot('SSH', 'first')] }));
    const answer = await post(given);
    expect(answer.status).toBe(201);
    for (const { id } of answer.body) expect(await slotsOf(id)).toEqual(['SSH password: first']);
    const wrong = [slot('SSH', 'first'), slot('SSH', 'nobody', 'key')];
    const bad = [{ name: fresh() }, { name: fresh(), secrets_group_associations: wrong }];
    expect((await post(bad)).body).toEqual([
      {},
      { secrets_group_associations: [{}, { secret: [expect.any(String)] }] },
    ]);
    const many = Array.from({ length: 51 }, () => slot('SSH', 'first'));
    const tooMany = [1, 2].map(() => ({ name: fresh(), secrets_group_associations: many }));
    expect(await post(tooMany)).toMatchObject({ status: 400, body: { non_field_errors: [expect.any(String)] } });
  });

  test('leaves a row in the change log for itself and for each slot, in one request', async () => {
    const body = { name: fresh(), secrets_group_associations: [slot('SSH', 'first'), slot('SSH', 'second', 'key')] };
    await admin('POST', groups, { body, headers: { 'X-Request-ID': 'group-with-slots' } });
    // A slot that is filled is told of the secret and of the group, too, as it is when it comes alone.
    const filled = [`create ${association}`, 'update extras.secret', 'update extras.secretsgroup'];
    expect(await changesOf('request_id=group-with-slots')).toEqual([
      'create extras.secretsgroup',
      ...filled,
      ...filled,
    ]);
  });
});

describe.each(['PATCH', 'PUT'])('slots in a %s', (method) => {
  test('replace the set: what stays the same is left alone, and what is not named goes', async () => {
    const group = await makeGroup(slot('SSH', 'first'), slot('SSH', 'first', 'key'), slot('SNMP', 'first'));
    const [snmp, , password] = await slotIds(group.id);
    const given = [slot('SSH', { name: 'first' }), slot('SSH', 'second', 'key'), slot('gNMI', 'second')];
    const request = `replace-by-${method}`;
    const answer = await admin(method, `${groups}${group.id}/`, {
      body: { name: group.name, secrets_group_associations: given },
      headers: { 'X-Request-ID': request },
    });
    expect(answer).toMatchObject({ status: 200, body: { id: group.id } });
    expect(await slotsOf(group.id)).toEqual(['SSH key: second', 'SSH password: first', 'gNMI password: second']);
    const ids = await slotIds(group.id);
    expect([ids.includes(password ?? ''), ids.includes(snmp ?? '')]).toEqual([true, false]);
    const told = (await changesOf(`request_id=${request}`)).filter((one: string) => one.endsWith(association));
    expect(told).toEqual([`delete ${association}`, `update ${association}`, `create ${association}`]);
  });

  test('leave them as they are where none are given, or where one is refused', async () => {
    const group = await makeGroup(slot('SSH', 'first'));
    const { name } = group;
    expect((await admin(method, `${groups}${group.id}/`, { body: { name, description: 'd' } })).status).toBe(200);
    const given = [slot('SNMP', 'first'), slot('SSH', 'nobody')];
    const answer = await change(group.id, given, { method, name });
    expect([answer.status, answer.body]).toEqual([
      400,
      { secrets_group_associations: [{}, { secret: [expect.stringContaining('nobody')] }] },
    ]);
    expect(await slotsOf(group.id)).toEqual(['SSH password: first']);
    expect(await change(group.id, [], { method, name })).toMatchObject({ status: 200 });
    expect(await slotsOf(group.id)).toEqual([]);
  });
});

describe('who brings slots', () => {
  let count = 0;
  /** A user with these permissions: actions and a constraint by type. */
  async function userWith(...permissions: readonly [string, readonly string[], object?][]): Promise<Rest> {
    const { id } = await create(admin, 'users/users', { username: `slots-${(count += 1)}` });
    const all = [['extras.secret', ['view'], { name__in: ['first', 'second'] }] as const, ...permissions];
    for (const [type, actions, constraints = null] of all) {
      const body = { name: fresh(), object_types: [type], actions, constraints, users: [id] };
      await create(admin, 'users/permissions', body);
    }
    const { key: token } = await create(admin, 'users/tokens', { user: id });
    return (method, path, request) => admin(method, path, { token, ...request });
  }
  const everything = ['view', 'add', 'change', 'delete'];
  const group = ['extras.secretsgroup', everything] as const;

  test('needs for each what it would need for that slot alone', async () => {
    const as = await userWith([...group], [association, ['view', 'add'], { access_type: 'SSH' }]);
    const name = fresh();
    expect(
      (await post({ name, secrets_group_associations: [slot('SSH', 'first'), slot('SNMP', 'first')] }, as)).status,
    ).toBe(403);
    expect(await counted(name)).toBe(0);
    expect((await post({ name, secrets_group_associations: [slot('SSH', 'hidden')] }, as)).body).toEqual({
      secrets_group_associations: [{ secret: [expect.stringContaining('not found')] }],
    });
    const made = await post({ name, secrets_group_associations: [slot('SSH', 'first')] }, as);
    expect(made.status).toBe(201);
    // To point it elsewhere, or to empty it, are other actions.
    for (const given of [[slot('SSH', 'second')], []]) {
      expect((await change(made.body.id, given, { as })).status).toBe(403);
      expect(await slotsOf(made.body.id)).toEqual(['SSH password: first']);
    }
    expect((await change(made.body.id, [slot('SSH', 'first')], { as })).status).toBe(200);
  });

  test('does not replace a slot out of sight', async () => {
    const as = await userWith([...group], [association, everything, { access_type: 'SSH' }]);
    const { id } = await makeGroup(slot('SSH', 'first'), slot('SNMP', 'hidden'));
    expect((await change(id, [slot('SSH', 'first')], { as })).status).toBe(403);
    expect(await slotsOf(id)).toEqual(['SNMP password: hidden', 'SSH password: first']);
  });

  test('without a say in slots may still bring none', async () => {
    const as = await userWith([...group]);
    expect((await post({ name: fresh(), secrets_group_associations: [slot('SSH', 'first')] }, as)).status).toBe(403);
    expect((await post({ name: fresh(), secrets_group_associations: [] }, as)).status).toBe(201);
  });
});

test('OPTIONS tells that a group can be given with slots', async () => {
  const { POST } = (await admin('OPTIONS', groups)).body.actions;
  expect(POST.secrets_group_associations).toMatchObject({ read_only: false, required: false });
});
