import { sqlDump, to, type ModelRow } from '../../../../../test/support/netbox-dump';
import { plan, sealed, world } from '../../../../../test/support/netbox-plan';
import { removeTemporaryFolders } from '../../../../../test/support/temporary-folder';

afterAll(removeTemporaryFolders);

const withField = (rows: readonly ModelRow[], model: string, pk: number, fields: ModelRow['fields']): ModelRow[] =>
  rows.map((row) => (row.model === model && row.pk === pk ? { ...row, fields: { ...row.fields, ...fields } } : row));
const withColumn = (rows: readonly ModelRow[], model: string, fields: ModelRow['fields']): ModelRow[] =>
  rows.map((row) => (row.model === model ? { ...row, fields: { ...fields, ...row.fields } } : row));
const find = async (rows: readonly ModelRow[]) => (await plan(sqlDump(rows))).findings;

test('nothing is said to be lost of a NetBox of which everything comes over', async () => {
  for (const release of ['2.8', '2.9', '2.11'] as const) {
    const { report } = await plan(sqlDump(world({ release })));
    expect(report.findings.filter(({ isLoss }) => isLoss)).toEqual([]);
    expect(report.findings.map(({ code }) => code)).not.toContain('columns-left');
  }
});

test('descriptions and comments of secrets are told row by row', async () => {
  const secrets = [1, 2, 3].map((pk) => ({ pk, ...sealed(`value ${pk}`) }));
  const rows = withColumn(world({ secrets }), 'secrets.secret', { description: '', comments: '' });
  const one = withField(rows, 'secrets.secret', 1, { description: 'rack 7' });
  const both = withField(one, 'secrets.secret', 3, { comments: 'ask ops' });
  const told = (await find(both)).filter((line) => line.startsWith('secret-text-left'));
  expect(told).toEqual(['secret-text-left: secret 1 secret 1', 'secret-text-left: secret 3 secret 3']);
  expect(told.join()).not.toMatch(/rack 7|ask ops/);
});

test('tags of devices, which have none here, are told', async () => {
  const tagged: ModelRow = {
    model: 'extras.taggeditem',
    pk: 2,
    fields: { tag: to('extras.tag', 1), content_type: to('contenttypes.contenttype', 14), object_id: 1 },
  };
  expect(await find([...world(), tagged])).toContain('columns-left: dcim.device  tags');
});

test('columns that nothing reads are named', async () => {
  const rows = withColumn(world(), 'secrets.secretrole', { colour: 'red', weight: '5' });
  expect(await find(rows)).toContain('columns-left: secrets.secretrole  colour, weight');
});

test('custom fields of roles, and values without their field or their choice, are told', async () => {
  const role = { custom_field_data: { json: { owner: 'noc', none: null } } };
  expect(await find(withField(world({ release: '2.11' }), 'secrets.secretrole', 2, role))).toContain(
    'role-fields-left: role 2 owner',
  );
  const data = { custom_field_data: { json: { owner: 'x', elsewhere: 'y' } } };
  const { of, findings } = await plan(sqlDump(withField(world({ release: '2.11' }), 'secrets.secret', 1, data)));
  expect(findings).toContain('value-left: secrets.secret 1 elsewhere');
  expect(of('secret')[0]?.custom_fields).toEqual({ owner: 'x' });

  const old = withField(world(), 'extras.customfieldvalue', 2, { serialized_value: '99' });
  const other = withField(old, 'extras.customfieldvalue', 1, { field: to('extras.customfield', 77) });
  expect(await find(other)).toEqual(
    expect.arrayContaining(['value-left: secrets.secret 1 tier', 'value-left: secrets.secret 1 custom field 77']),
  );
});

test('links to rows that are not in the dump are told', async () => {
  const rows = world().filter(({ model }) => model !== 'extras.tag' && model !== 'auth.group');
  const told = await find([
    ...rows,
    ...world()
      .filter(({ model }) => model === 'extras.tag')
      .map(asAnother),
  ]);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^link-lost: membership .*user 2, group 1$/),
      'link-lost: secret 1 tag 1',
    ]),
  );
});

const asAnother = (row: ModelRow): ModelRow => ({ ...row, pk: 9, fields: { ...row.fields, name: 'X', slug: 'x' } });

test('passwords are told by a dry run, too', async () => {
  expect((await find(world())).filter((line) => line.startsWith('password-left'))).toEqual([
    'password-left: user 1 admin',
    'password-left: user 2 alice',
    'password-left: user 3 bob',
  ]);
  const none = withField(world(), 'auth.user', 3, { password: '!unusable' });
  expect(await find(none)).not.toContain('password-left: user 3 bob');
});

test('a row that is taken for one that was here, with the rights that name that, is told', async () => {
  const here = 'cccccccc-0000-4000-8000-000000000001';
  const { of, findings } = await plan(sqlDump(world()), {
    existing: {
      user: async () => undefined,
      find: async (kind, by) => (kind === 'role' && by.slug === 'snmp' ? here : undefined),
    },
  });
  expect(findings).toContain('row-merged: role 2 SNMP');
  expect(findings.filter((line) => line.startsWith('row-merged'))).toHaveLength(1);
  expect(of('secret')[1]?.role).toBe(here);
});

test('times of tags and devices come over', async () => {
  const stamps = { created: '2021-03-04', last_updated: '2021-03-04T05:06:07.123Z' };
  const { of } = await plan(sqlDump(withColumn(world(), 'extras.tag', stamps)));
  expect([of('tag')[0], of('object')[0]]).toMatchObject([stamps, stamps]);
});

test('rights about secrets that have no equal here are told', async () => {
  const right: ModelRow = {
    model: 'auth.permission',
    pk: 40,
    fields: { codename: 'activate_userkey', content_type: to('contenttypes.contenttype', 90) },
  };
  const type: ModelRow = {
    model: 'contenttypes.contenttype',
    pk: 90,
    fields: { app_label: 'secrets', model: 'userkey' },
  };
  const held: ModelRow = {
    model: 'auth.user_user_permissions',
    pk: 1,
    fields: { user: to('auth.user', 2), permission: to('auth.permission', 40) },
  };
  expect(await find([type, right, ...world({ release: '2.8' }), held])).toContain(
    'permission-foreign: model-permission  activate secrets.userkey',
  );
});
