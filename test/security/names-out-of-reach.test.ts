import type { Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient, type Rest, type RestAnswer } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const hidden = 'payroll-of-the-board';

let host: Host;
let url: string;
let admin: Rest;
let secret: RestAnswer['body'];
let group: RestAnswer['body'];
beforeAll(async () => {
  host = await openLocalHost();
  url = await host.listen();
  admin = restClient(url, adminToken);
  secret = await create(admin, 'extras/secrets', {
    name: hidden,
    provider: 'environment-variable',
    parameters: { variable: 'A' },
  });
  group = await create(admin, 'extras/secrets-groups', { name: 'G' });
  await create(admin, 'extras/secrets-groups-associations', {
    secrets_group: group.id,
    secret: secret.id,
    access_type: 'SSH',
    secret_type: 'password',
  });
});
afterAll(async () => {
  await host?.close();
  removeTemporaryFolders();
});

let count = 0;
/** A user with these permissions: types, actions, constraints. */
async function someone(...permissions: readonly (readonly [string, readonly string[], unknown?])[]) {
  count += 1;
  const user = await create(admin, 'users/users', { username: `someone-${count}` });
  const { key } = await create(admin, 'users/tokens', { user: user.id });
  for (const [i, [type, actions, constraints = null]] of permissions.entries()) {
    const what = { object_types: [type], actions, constraints, users: [user.id] };
    await create(admin, 'users/permissions', { name: `p ${count} ${i}`, ...what });
  }
  return restClient(url, key);
}

const slots = 'extras.secretsgroupassociation';

describe.each([
  ['no secret', []],
  ['other secrets', [['extras.secret', ['view'], { name: 'other' }]]],
  ['secrets that only a regular expression tells', [['extras.secret', ['view'], { name__regex: '^other$' }]]],
] as const)('who may view %s and all slots', (_which, permissions) => {
  const viewer = () => someone([slots, ['view']], ['extras.secretsgroup', ['view']], ...permissions);

  test.each(['json', 'csv'])(
    'is shown the id of a secret out of reach in the place of its name, in %s',
    async (format) => {
      const { text } = await (await viewer())('GET', `/api/extras/secrets-groups-associations/?format=${format}`);
      expect(text).toContain('G');
      expect(text).toContain(secret.id);
      expect(text).not.toContain(hidden);
    },
  );

  test('finds no slot by the name of its secret', async () => {
    const rest = await viewer();
    const found = async (q: string, by = rest) =>
      (await by('GET', `/api/extras/secrets-groups-associations/?q=${q}`)).body.count;
    expect([await found('g'), await found('payroll')]).toEqual([1, 0]);
    expect(await found('payroll', admin)).toBe(1);
  });

  test('is shown, changes and deletes no note about a secret out of reach', async () => {
    const own = { note__startswith: 'about' };
    const rest = await someone(
      ['extras.note', ['view', 'change', 'delete'], own],
      ['extras.secretsgroup', ['view'], { name: 'G' }],
      ...permissions,
    );
    const { id } = await create(admin, `extras/secrets/${secret.id}/notes`, { note: 'about it' });
    const seen = await create(admin, `extras/secrets-groups/${group.id}/notes`, { note: 'about the group' });
    const { text, body } = await rest('GET', '/api/extras/notes/');
    expect(body.results.map((note: { id: string }) => note.id)).toContain(seen.id);
    expect(text).not.toContain(secret.id);
    const absent = '00000000-0000-4000-8000-000000000000';
    const answers = async (note: string) => [
      await rest('GET', `/api/extras/notes/?id=${note}`),
      await rest('GET', `/api/extras/notes/${note}/`),
      await rest('PATCH', `/api/extras/notes/${note}/`, { body: { note: 'about' } }),
      await rest('DELETE', `/api/extras/notes/${note}/`),
      await rest('PATCH', '/api/extras/notes/', { body: [{ id: note, note: 'about' }] }),
      await rest('DELETE', '/api/extras/notes/', { body: [{ id: note }] }),
    ];
    const told = (await answers(id)).map(({ status, text: all }) => [status, all.replaceAll(id, absent)]);
    expect(told).toEqual((await answers(absent)).map(({ status, text: all }) => [status, all]));
    expect(told.map(([status]) => status)).toEqual([200, 404, 404, 404, 400, 400]);
    expect((await admin('GET', `/api/extras/notes/${id}/`)).body.note).toBe('about it');
    expect((await rest('DELETE', `/api/extras/notes/${seen.id}/`)).status).toBe(204);
  });
});

test('who may view both is shown the names', async () => {
  const rest = await someone([slots, ['view']], ['extras.secretsgroup', ['view']], ['extras.secret', ['view']]);
  const { body } = await rest('GET', '/api/extras/secrets-groups-associations/');
  expect(body.results[0].display).toBe(`G: SSH password: ${hidden}`);
});

test('a note has its text from its author, or from a superuser', async () => {
  const all = [
    ['extras.note', ['view', 'add', 'change']],
    ['extras.secret', ['view']],
  ] as const;
  const [author, other] = [await someone(...all), await someone(...all)];
  const note = await create(author, `extras/secrets/${secret.id}/notes`, { note: 'first' });
  const change = async (by: Rest, text: string) => {
    const { status } = await by('PATCH', `/api/extras/notes/${note.id}/`, { body: { note: text } });
    return [status, (await admin('GET', `/api/extras/notes/${note.id}/`)).body.note];
  };
  expect(await change(other, 'forged')).toEqual([400, 'first']);
  expect(await change(author, 'second')).toEqual([200, 'second']);
  expect(await change(admin, 'third')).toEqual([200, 'third']);
});
