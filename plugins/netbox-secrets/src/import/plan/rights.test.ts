import { dumpdata, many, sqlDump, to, type ModelRow } from '../../../../../test/support/netbox-dump';
import { plan, world } from '../../../../../test/support/netbox-plan';
import { removeTemporaryFolders } from '../../../../../test/support/temporary-folder';

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

/** Gives the group model permissions, as the administration of Django does. */
function withModelPermissions(rows: readonly ModelRow[], codes: readonly (readonly [string, number])[]): ModelRow[] {
  const permissions = codes.map(([codename, type], at): ModelRow => ({
    model: 'auth.permission',
    pk: 40 + at,
    fields: { codename, content_type: to('contenttypes.contenttype', type) },
  }));
  const held = many('auth.permission', ...permissions.map(({ pk }) => pk));
  const given = rows.map((row) =>
    row.model === 'auth.group' ? { ...row, fields: { ...row.fields, permissions: held } } : row,
  );
  return [...permissions, ...given];
}

test('until 2.8: the users and groups of a role may reveal, model permissions reveal nothing', async () => {
  const rows = withModelPermissions(world({ release: '2.8' }), [
    ['view_secret', 71],
    ['change_device', 14],
    ['view_prefix', 82],
  ]);
  for (const dump of [sqlDump(rows), dumpdata(rows)]) {
    const { of } = await plan(dump);
    const groups = of('group').map(({ id }) => id);
    const [, alice] = of('user');
    const on = ['secrets.secret'];
    expect(of('permission')).toMatchObject([
      { actions: ['reveal'], object_types: on, constraints: { role__slug: 'login' }, users: [], groups },
      { actions: ['reveal'], object_types: on, constraints: { role__slug: 'snmp' }, users: [alice?.id], groups },
      { actions: ['view'], object_types: on, constraints: null, users: [], groups },
      {
        actions: ['change'],
        object_types: ['inventory.object'],
        constraints: { object_type: 'dcim.device' },
        users: [],
        groups,
      },
    ]);
  }
});

test('model permissions mean nothing from 2.9 on', async () => {
  const { of } = await plan(sqlDump(withModelPermissions(world(), [['delete_secret', 71]])));
  expect(of('permission').flatMap(({ actions }) => actions)).not.toContain('delete');
});

test('a permission whose constraints hold no condition is told, and not made', async () => {
  const rows = world().map((row) =>
    row.model === 'users.objectpermission' ? { ...row, fields: { ...row.fields, constraints: { json: [{}] } } } : row,
  );
  const { of, findings } = await plan(sqlDump(rows));
  expect(of('permission')).toEqual([]);
  expect(findings).toContain('permission-unlimited: permission 1 ops: secrets');
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
