import { sqlDump, type ModelRow } from '../../../../../test/support/netbox-dump';
import { plan, world } from '../../../../../test/support/netbox-plan';
import { removeTemporaryFolders } from '../../../../../test/support/temporary-folder';
import type { Existing } from './context';

afterAll(removeTemporaryFolders);

test('of 2.9 are permissions in our types: view of secrets is reveal too, devices are objects of a type', async () => {
  const { of, findings } = await plan(sqlDump(world()));
  const [[ops], [, alice], [, role]] = [of('group'), of('user'), of('role')];
  expect(of('permission')).toMatchObject([
    {
      number: 1,
      name: 'ops: secrets',
      object_types: ['secrets.secret', 'secrets.secretrole'],
      actions: ['view', 'add', 'reveal'],
      constraints: null,
      users: [],
      groups: [ops?.id],
    },
    {
      number: undefined,
      name: 'ops: snmp (secrets.secret)',
      object_types: ['secrets.secret'],
      actions: ['view', 'add', 'reveal'],
      constraints: { role__id: role?.id },
      users: [alice?.id],
      groups: [ops?.id],
    },
    {
      number: undefined,
      name: 'ops: snmp (dcim.device)',
      object_types: ['inventory.object'],
      actions: ['view', 'add'],
      constraints: { role__id: role?.id, object_type: 'dcim.device' },
      users: [alice?.id],
      groups: [ops?.id],
    },
  ]);
  expect(findings).toContain('permission-narrowed: permission 2 ops: snmp: without ipam.prefix');
});

test('until 2.8: the users and groups of a role may reveal, model permissions reveal nothing', async () => {
  const model = (row: ModelRow): ModelRow =>
    row.model === 'auth.group'
      ? { ...row, fields: { ...row.fields, permissions: { many: 'auth.permission', pks: [40, 41, 42] } } }
      : row;
  const codes = [
    ['view_secret', 71],
    ['change_device', 14],
    ['view_prefix', 82],
  ] as const;
  const rows = codes.map(([codename, type], at): ModelRow => ({
    model: 'auth.permission',
    pk: 40 + at,
    fields: { codename, content_type: { to: 'contenttypes.contenttype', pk: type } },
  }));
  const { of } = await plan(sqlDump([...rows, ...world({ release: '2.8' }).map(model)]));
  const [[ops], [, alice]] = [of('group'), of('user')];
  expect(
    of('permission').map(({ actions, object_types: on, constraints, users, groups }) => ({
      actions,
      on,
      constraints,
      users,
      groups,
    })),
  ).toEqual([
    {
      actions: ['reveal'],
      on: ['secrets.secret'],
      constraints: { role__slug: 'login' },
      users: [],
      groups: [ops?.id],
    },
    {
      actions: ['reveal'],
      on: ['secrets.secret'],
      constraints: { role__slug: 'snmp' },
      users: [alice?.id],
      groups: [ops?.id],
    },
    { actions: ['view'], on: ['secrets.secret'], constraints: null, users: [], groups: [ops?.id] },
    {
      actions: ['change'],
      on: ['inventory.object'],
      constraints: { object_type: 'dcim.device' },
      users: [],
      groups: [ops?.id],
    },
  ]);
});

test('model permissions mean nothing from 2.9 on', async () => {
  const { of } = await plan(
    sqlDump(
      [...world()]
        .map((row): ModelRow =>
          row.model === 'auth.group'
            ? { ...row, fields: { ...row.fields, permissions: { many: 'auth.permission', pks: [40] } } }
            : row,
        )
        .concat({
          model: 'auth.permission',
          pk: 40,
          fields: { codename: 'delete_secret', content_type: { to: 'contenttypes.contenttype', pk: 71 } },
        }),
    ),
  );
  expect(of('permission').flatMap(({ actions }) => actions)).not.toContain('delete');
});

const here = { alice: 'aaaaaaaa-0000-4000-8000-000000000001', ops: 'bbbbbbbb-0000-4000-8000-000000000001' };
const existing = (isSuperuser: boolean): Existing => ({
  user: async (name) => (name === 'alice' ? { id: here.alice, is_superuser: isSuperuser } : undefined),
  find: async (kind, by) => (kind === 'group' && by.name === 'ops' ? here.ops : undefined),
});

test('a user of the same name is merged: its key and tokens come, rights do not', async () => {
  const { of, findings } = await plan(sqlDump(world()), { existing: existing(false) });
  expect(of('user').map(({ username }) => username)).toEqual(['admin', 'bob']);
  expect(of('user-key').map(({ user }) => user)).toContain(here.alice);
  expect(of('token').map(({ user }) => user)).toContain(here.alice);
  expect(of('permission').flatMap(({ users }) => users)).toEqual([]);
  expect(findings).toEqual(
    expect.arrayContaining([
      'user-merged: user 2 alice',
      'right-withheld: user 2 alice: group ops',
      'right-withheld: user 2 alice: permission ops: snmp',
    ]),
  );
});

test('a superuser of NetBox makes no superuser of a user that was here before', async () => {
  const { of, findings } = await plan(sqlDump(world()), {
    existing: {
      user: async (name) => (name === 'admin' ? { id: here.alice, is_superuser: false } : undefined),
      find: async () => undefined,
    },
  });
  expect(of('user').filter(({ is_superuser: is }) => is)).toEqual([]);
  expect(findings).toContain('right-withheld: user 1 admin: superuser');
});

test('the token of an ordinary user does not become one of a superuser', async () => {
  const { of, findings } = await plan(sqlDump(world()), { existing: existing(true) });
  expect(of('token').map(({ number }) => number)).toEqual([1]);
  expect(findings).toContain('token-withheld: token 2 alice');
});

test('a group whose name is taken comes in beside the other, so that its members get no rights of that', async () => {
  const { of, findings } = await plan(sqlDump(world()), { existing: existing(false) });
  expect(of('group')).toMatchObject([{ name: 'ops (netbox)' }]);
  expect(of('permission').flatMap(({ groups }) => groups)).not.toContain(here.ops);
  expect(findings).toContain('group-renamed: group 1 ops (netbox)');
});

test('what an earlier import made is no stranger: nothing is renamed, merged or withheld', async () => {
  const first = await plan(sqlDump(world()));
  const idOf = (kind: string, key: string, value: string | undefined) =>
    first.steps.find((step) => step.kind === kind && (step as unknown as Record<string, string>)[key] === value)?.id;
  const again = await plan(sqlDump(world()), {
    existing: {
      user: async (name) => ({ id: idOf('user', 'username', name) ?? '', is_superuser: name === 'admin' }),
      find: async (kind, by) => idOf(kind, 'slug' in by ? 'slug' : 'name', by.slug ?? by.name),
    },
  });
  expect(again.steps.map(({ id }) => id)).toEqual(first.steps.map(({ id }) => id));
  expect(again.findings).toEqual(first.findings);
});

test('user keys come over, active where they held the master key', async () => {
  const { of } = await plan(sqlDump(world()));
  expect(of('user-key').map(({ username, is_active: is }) => [username, is])).toEqual([
    ['admin', true],
    ['alice', true],
    ['bob', false],
  ]);
  expect(of('user-key')[0]?.public_key).toMatch(/^-----BEGIN PUBLIC KEY-----\r\n/);
});
