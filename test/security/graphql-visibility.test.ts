import type { Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);

/** Every list of the schema, and the address where REST has the same rows. */
const lists: Readonly<Record<string, string>> = {
  secrets: 'extras/secrets',
  secrets_groups: 'extras/secrets-groups',
  secrets_group_associations: 'extras/secrets-groups-associations',
  objects: 'inventory/objects',
  devices: 'dcim/devices',
  git_repositories: 'extras/git-repositories',
  virtual_machines: 'virtualization/virtual-machines',
  users: 'users/users',
  groups: 'users/groups',
  tokens: 'users/tokens',
  permissions: 'users/permissions',
  tags: 'extras/tags',
  notes: 'extras/notes',
  object_changes: 'extras/object-changes',
  custom_fields: 'extras/custom-fields',
  custom_field_choices: 'extras/custom-field-choices',
  access_records: 'audit/entries',
};

/** What a user may view of a type: nothing, all, or what meets a constraint. */
const grants: Readonly<Record<string, readonly (object | 'all' | 'none')[]>> = {
  'extras.secret': [
    'all',
    { tags__name: 'red' },
    { secrets_groups__name__in: ['group 1', 'group 2'] },
    'none',
    { name__endswith: '3' },
  ],
  'extras.secretsgroup': [{ secrets__name__in: ['secret 1', 'secret 4'] }, 'all', 'none', { name__gte: 'group 2' }],
  'extras.secretsgroupassociation': ['all', { access_type: 'SSH' }, { secret__tags__name: 'blue' }, 'none'],
  'inventory.object': ['all', { secrets_group__name: 'group 1' }, 'none', { object_type: 'dcim.device' }],
  'users.user': ['none', { username__startswith: 'user 1' }, 'all'],
  'auth.group': ['all', 'none', { name: 'operators' }],
  'users.token': ['all', 'none'],
  'users.objectpermission': ['none', 'all', { name__contains: 'secret' }],
  'extras.tag': ['all', { name: 'red' }, 'none'],
  'extras.note': ['all', 'none', { note__contains: '1' }],
  'extras.objectchange': ['none', { changed_object_type: 'extras.tag' }, 'all'],
  'extras.customfield': ['all', 'none'],
  'extras.customfieldchoice': ['none', 'all', { value: 'high' }],
  'audit.entry': ['all', { secret: 'secret 1' }, 'none'],
};
const enabled = ['@latchkey/provider-environment-variable', '@latchkey/plugin-graphql'];
const users = [0, 1, 2, 3, 4, 5, 6];
const tokenOf = (user: number): string => `token-of-the-user-number-${user}`;

// oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
type Row = Readonly<Record<string, any>> & { readonly id: string };

let host: Host;
let admin: Rest;

beforeAll(async () => {
  host = await openLocalHost({ plugins: { enabled } });
  admin = restClient(await host.listen(), adminToken);
  await makeRows();
  for (const user of users) await makeUser(user);
});
afterAll(async () => {
  await host?.close();
  removeTemporaryFolders();
});

async function makeRows(): Promise<void> {
  for (const name of ['red', 'blue']) await create(admin, 'extras/tags', { name, content_types: ['extras.secret'] });
  const field = { label: 'Class', key: 'class', type: 'select', content_types: ['extras.secret'] };
  const { id } = await create(admin, 'extras/custom-fields', field);
  for (const value of ['high', 'low']) await create(admin, 'extras/custom-field-choices', { custom_field: id, value });
  await create(admin, 'users/groups', { name: 'operators' });
  for (let i = 0; i < 8; i++) {
    const where = { provider: 'environment-variable', parameters: { variable: 'X' } };
    const tags = [['red'], ['blue'], ['red', 'blue'], []][i % 4];
    const secret = await create(admin, 'extras/secrets', { name: `secret ${i}`, ...where, tags });
    await create(admin, `extras/secrets/${secret.id}/notes`, { note: `about ${i}` });
    await admin('POST', `/api/extras/secrets/${secret.id}/check/`, { body: {} });
  }
  for (let i = 0; i < 5; i++) {
    const { id: secrets_group } = await create(admin, 'extras/secrets-groups', { name: `group ${i}` });
    for (const [j, access_type] of ['SSH', 'SNMP', 'Console'].entries()) {
      const slot = { secrets_group, access_type, secret_type: 'password', secret: `secret ${(i * j + i) % 8}` };
      await create(admin, 'extras/secrets-groups-associations', slot);
    }
    for (const object_type of ['dcim.device', 'extras.gitrepository', 'virtualization.virtualmachine'])
      await create(admin, 'inventory/objects', { object_type, name: `object ${i}`, secrets_group });
  }
}

async function makeUser(user: number): Promise<void> {
  const groups = user % 2 ? ['operators'] : [];
  const { id } = await create(admin, 'users/users', { username: `user.${user}`, groups });
  await create(admin, 'users/tokens', { user: id, key: tokenOf(user) });
  for (const [index, [type, choices]] of Object.entries(grants).entries()) {
    const grant = choices[(user + index) % choices.length] ?? 'none';
    if (grant === 'none') continue;
    const constraints = grant === 'all' ? null : grant;
    const permission = { name: `${user} ${type}`, object_types: [type], actions: ['view'], users: [id] };
    await create(admin, 'users/permissions', { ...permission, constraints });
  }
}

/** What REST shows of a collection, by id; nothing where it is refused. */
async function restRows(address: string, token: string): Promise<ReadonlyMap<string, Row>> {
  const { status, body } = await admin('GET', `/api/${address}/?limit=1000`, { token });
  const rows: readonly Row[] = status === 403 ? [] : body.results;
  return new Map(rows.map((row) => [row.id, row]));
}

async function graphql(query: string, token: string): Promise<Record<string, Row[]>> {
  const { status, body } = await admin('POST', '/api/graphql/', { token, body: { query } });
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.data;
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id).toSorted();

test('every list of the schema is compared', async () => {
  const { body } = await admin('POST', '/api/graphql/', {
    body: { query: '{ schema: __schema { queryType { fields { name type { kind } } } } }' },
  });
  const fields: readonly { name: string; type: { kind: string } }[] = body.data.schema.queryType.fields;
  const many = fields.filter(({ type }) => type.kind === 'LIST').map(({ name }) => name);
  expect(many.toSorted()).toEqual(Object.keys(lists).toSorted());
});

describe.each(users)('user %i', (user) => {
  const token = tokenOf(user);
  const visible: Record<string, ReadonlyMap<string, Row>> = {};
  const whole: Record<string, ReadonlyMap<string, Row>> = {};
  beforeAll(async () => {
    for (const [name, address] of Object.entries(lists)) {
      visible[name] = await restRows(address, token);
      whole[name] = await restRows(address, adminToken);
    }
  });
  const seen = (name: string, id: string | undefined) => (id !== undefined && visible[name]?.has(id) ? { id } : null);

  test.each(Object.keys(lists))('is shown of %s what REST shows, by list and by id', async (name) => {
    const rows = (await graphql(`{ ${name}(limit: 1000) { id url } }`, token))[name] ?? [];
    expect(idsOf(rows)).toEqual([...(visible[name]?.keys() ?? [])].toSorted());
    const one = name === 'git_repositories' ? 'git_repository' : name.replace(/s$/, '');
    for (const id of [...(whole[name]?.keys() ?? [])].slice(0, 6)) {
      const found = await graphql(`{ ${one}(id: "${id}") { id } }`, token);
      expect(found[one]).toEqual(seen(name, id));
    }
  });

  test('is led by references, and by what refers to a row, to nothing else', async () => {
    const data = await graphql(
      `
        {
          secrets {
            id
            tags {
              id
            }
            secrets_groups {
              id
            }
            secrets_group_associations {
              id
            }
          }
          secrets_groups {
            id
            secrets {
              id
            }
            secrets_group_associations {
              id
            }
            objects {
              id
            }
            devices {
              id
            }
          }
          secrets_group_associations {
            id
            secret {
              id
              tags {
                id
              }
            }
            secrets_group {
              id
            }
          }
          objects {
            id
            secrets_group {
              id
            }
          }
          users {
            id
            groups {
              id
            }
            notes {
              id
            }
          }
        }
      `,
      token,
    );
    const slots = [...(visible.secrets_group_associations?.values() ?? [])];
    const through = (from: string, id: string, to: string): string[] =>
      slots
        .filter((slot) => slot[from].id === id)
        .flatMap((slot) => seen(`${to}s`, slot[to].id) ?? [])
        .map((row) => row.id)
        .toSorted();
    for (const { id, tags, secrets_groups, secrets_group_associations } of data.secrets ?? []) {
      const own: readonly Row[] = visible.secrets?.get(id)?.tags;
      expect(idsOf(tags)).toEqual(idsOf(own.filter((tag) => seen('tags', tag.id))));
      expect(idsOf(secrets_groups)).toEqual(through('secret', id, 'secrets_group'));
      expect(idsOf(secrets_group_associations)).toEqual(idsOf(slots.filter((slot) => slot.secret.id === id)));
    }
    for (const { id, secrets, secrets_group_associations, objects, devices } of data.secrets_groups ?? []) {
      expect(idsOf(secrets)).toEqual(through('secrets_group', id, 'secret'));
      expect(idsOf(secrets_group_associations)).toEqual(idsOf(slots.filter((slot) => slot.secrets_group.id === id)));
      const attached = (name: string) =>
        [...(visible[name]?.values() ?? [])].filter((row) => row.secrets_group?.id === id);
      expect(idsOf(objects)).toEqual(idsOf(attached('objects')));
      expect(idsOf(devices)).toEqual(idsOf(attached('devices')));
    }
    for (const { id, secret, secrets_group } of data.secrets_group_associations ?? []) {
      const slot = visible.secrets_group_associations?.get(id);
      expect(secret && { id: secret.id }).toEqual(seen('secrets', slot?.secret.id));
      expect(secrets_group).toEqual(seen('secrets_groups', slot?.secrets_group.id));
    }
    for (const { id, secrets_group } of data.objects ?? [])
      expect(secrets_group).toEqual(seen('secrets_groups', visible.objects?.get(id)?.secrets_group?.id));
    for (const { id, groups, notes } of data.users ?? []) {
      const own: readonly Row[] = visible.users?.get(id)?.groups;
      expect(idsOf(groups)).toEqual(idsOf(own.filter((group) => seen('groups', group.id))));
      const written = [...(visible.notes?.values() ?? [])].filter((note) => note.user?.id === id);
      expect(idsOf(notes)).toEqual(idsOf(written));
    }
  });

  test('is told by filters what REST tells', async () => {
    for (const group of whole.secrets_groups?.values() ?? []) {
      const query = { query: `{ secrets_group_associations(secrets_group: "${group.name}") { id } }` };
      const { body } = await admin('POST', '/api/graphql/', { token, body: query });
      const asked = `/api/extras/secrets-groups-associations/?secrets_group=${encodeURIComponent(group.name)}`;
      const rest = await admin('GET', asked, { token });
      const told = body.data.secrets_group_associations?.length ?? body.errors[0].message;
      const same = { 200: rest.body.count, 400: `secrets_group: ${rest.body.secrets_group?.[0]}`, 403: 0 };
      expect(told).toBe(same[rest.status as keyof typeof same]);
    }
  });
});

test('the users see different parts, so that there is something to compare', async () => {
  for (const name of Object.keys(lists)) {
    const counts = await Promise.all(
      users.map(async (user) => (await restRows(lists[name] ?? '', tokenOf(user))).size),
    );
    expect([name, new Set(counts).size > 1]).toEqual([name, true]);
  }
});

test('no field of the schema, in any type, is a sealed one, and no value can be asked for', async () => {
  const { body } = await admin('POST', '/api/graphql/', {
    body: { query: '{ schema: __schema { mutationType { name } types { name fields { name } } } }' },
  });
  const types: readonly { name: string; fields: readonly { name: string }[] | null }[] = body.data.schema.types;
  const names = types.flatMap(({ fields }) => (fields ?? []).map(({ name }) => name));
  expect(names).toContain('parameters');
  for (const name of ['password', 'key_hash', 'get_value', 'secret_value']) expect(names).not.toContain(name);
  expect(types.find(({ name }) => name === 'SecretType')?.fields?.map(({ name }) => name)).not.toContain('value');
  expect(body.data.schema.mutationType).toBeNull();
});

test('who is not known is told nothing, of the schema neither', async () => {
  const body = { query: '{ __schema { types { name } } }' };
  const { status, text } = await admin('POST', '/api/graphql/', { token: null, body });
  expect([status, text]).toEqual([403, '{"detail":"Authentication credentials were not provided."}']);
});
