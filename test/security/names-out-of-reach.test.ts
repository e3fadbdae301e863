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
});

test('who may view both is shown the names', async () => {
  const rest = await someone([slots, ['view']], ['extras.secretsgroup', ['view']], ['extras.secret', ['view']]);
  const { body } = await rest('GET', '/api/extras/secrets-groups-associations/');
  expect(body.results[0].display).toBe(`G: SSH password: ${hidden}`);
});
