import { dumpdata, sqlDump, to, type ModelRow } from '../../../../test/support/netbox-dump';
import { foobar, plan, sealed, texts, world } from '../../../../test/support/netbox-plan';
import { removeTemporaryFolders } from '../../../../test/support/temporary-folder';

afterAll(removeTemporaryFolders);

test.each([['2.8'], ['2.9'], ['2.11']] as const)('%s: SQL and dumpdata make the same steps', async (release) => {
  const changes = [
    { secret: 1, ...sealed('older'), action: 'create' },
    { secret: 1, ...foobar },
  ];
  const rows = world({ release, changes });
  const copied = await plan(sqlDump(rows));
  const inserted = await plan(sqlDump(rows, { inserts: true }));
  const json = await plan(dumpdata(rows));
  const numbers = await plan(dumpdata(rows, { numbers: true }));
  expect(copied.steps.length).toBeGreaterThan(24);
  expect([copied.report.source.netbox, json.report.source.netbox]).toEqual(
    release === '2.8' ? ['2.8 or older', '2.8 or older'] : [release, release],
  );
  expect(inserted.steps).toEqual(copied.steps);
  expect(json.steps).toEqual(copied.steps);
  expect(numbers.steps).toEqual(copied.steps);
  expect(texts(copied.of('secret'))).toEqual(['foobar', 'comm\u00fcnity']);
  expect(copied.findings.filter((line) => !/^(object-renamed|password-left|permission-narrowed)/.test(line))).toEqual(
    [],
  );
});

test('each step comes after those that it refers to', async () => {
  const { steps } = await plan(sqlDump(world({ changes: [{ secret: 1, ...sealed('older') }] })));
  const known = new Set<string>();
  const loose = steps.filter((step) => {
    known.add(step.id);
    const {
      groups = [],
      users = [],
      tags = [],
      role,
      object,
      user,
      secret,
    } = step as unknown as Record<string, string[]>;
    const ids = [...groups, ...users, ...tags, role, object, user, secret].filter((id) => typeof id === 'string');
    return ids.some((id) => !known.has(id));
  });
  expect(loose).toEqual([]);
  expect(known.size).toBe(steps.length);
});

test('the same rows have the same ids in every import, and others under another instance', async () => {
  const [first, second, other] = [
    await plan(sqlDump(world())),
    await plan(sqlDump(world())),
    await plan(sqlDump(world()), { instance: 'lab' }),
  ];
  const ids = ({ steps }: typeof first) => steps.map(({ id }) => id);
  expect(ids(second)).toEqual(ids(first));
  expect(ids(other).filter((id) => ids(first).includes(id))).toEqual([]);
});

test('a secret has its place, its tags and its fields', async () => {
  for (const release of ['2.9', '2.11'] as const) {
    const { of } = await plan(sqlDump(world({ release })));
    const [device] = of('object');
    const [role] = of('role');
    expect(of('secret')[0]).toEqual({
      kind: 'secret',
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      number: 1,
      name: 'secret 1',
      role: role?.id,
      object: device?.id,
      plaintext: Buffer.from('foobar'),
      legacy_hash: foobar.hash,
      description: '',
      comments: '',
      tags: [of('tag')[0]?.id],
      custom_fields: { owner: 'team\t"0"\\', tier: 'silver' },
      version: 1,
      created: '2021-03-04',
      last_updated: '2021-03-04T05:06:07.123Z',
    });
    expect(of('custom-field')[1]?.choices).toEqual([
      { value: 'gold', number: release === '2.9' ? 5 : undefined },
      { value: 'silver', number: release === '2.9' ? 6 : undefined },
    ]);
  }
});

test('devices of one name are told apart, and those without one have one', async () => {
  const { of, findings } = await plan(sqlDump(world()));
  expect(of('object').map(({ object_type: type, name, number }) => [type, name, number])).toEqual([
    ['dcim.device', 'r1', 1],
    ['dcim.device', 'R1 (Ber)', 2],
    ['dcim.device', 'device #3', 3],
    ['virtualization.virtualmachine', 'vm1', 1],
  ]);
  expect(findings).toContain('object-renamed: device 2 R1 (Ber)');
});

test('of two secrets applications, that with secrets is taken, and the other is told', async () => {
  const both = [
    ...world(),
    ...world({ app: 'netbox_secrets', release: '2.11' }).filter(({ model }) => model.startsWith('netbox_')),
  ];
  const { report, findings, of } = await plan(dumpdata(both));
  expect(report.source).toMatchObject({ netbox: 'netbox-secrets', 'best effort': expect.any(String) });
  expect(findings.filter((line) => line.startsWith('other'))).toHaveLength(2);
  expect(texts(of('secret'))).toEqual(['foobar', 'comm\u00fcnity']);
});

test('a plugin may assign secrets to anything; what is not read comes over by name', async () => {
  const target = ['dcim.rack', 7] as const;
  const { of, findings } = await plan(
    sqlDump(world({ app: 'netbox_secrets', release: '2.11', secrets: [{ pk: 9, ...foobar, target }] })),
  );
  const rack = of('object').find(({ object_type: type }) => type === 'dcim.rack');
  expect(rack).toMatchObject({ name: 'rack #7', number: 7 });
  expect(of('secret')[0]?.object).toBe(rack?.id);
  expect(findings).toContain('object-assumed: dcim.rack 7 rack #7');
});

test('a dumpdata file that is cut off is told, and what is whole in it is planned', async () => {
  const text = dumpdata(world());
  const { report, of } = await plan(text.slice(0, text.lastIndexOf('"hash"')));
  expect(report.source['cut off']).toBe('within a row, after a row of secrets.secret');
  expect(of('secret')).toHaveLength(1);
});

test('dumpdata without its content types is told', async () => {
  const bare = (row: ModelRow) => !['contenttypes.contenttype'].includes(row.model);
  const numbers = dumpdata(world({ release: '2.11' }).filter(bare)).replace(/\[\s*null,\s*null\s*\]/g, '71');
  const { findings, of } = await plan(numbers);
  expect(findings).toEqual(
    expect.arrayContaining(['types-missing: tagged-item  1 rows', 'types-missing: secret 1 secret 1']),
  );
  expect(of('secret')).toEqual([]);
});

test('users and groups without numbers are known by their names', async () => {
  const { steps, of } = await plan(dumpdata(world(), { primary: true }));
  const again = await plan(dumpdata(world(), { primary: true }));
  const [, alice] = of('user');
  expect(alice).toMatchObject({ username: 'alice', number: undefined, groups: [of('group')[0]?.id] });
  expect(of('token').map(({ user }) => user)).toEqual([of('user')[0]?.id, alice?.id]);
  expect(again.steps.map(({ id }) => id)).toEqual(steps.map(({ id }) => id));
});

describe('what older versions wrote otherwise', () => {
  const numbers: Readonly<Record<string, number>> = { text: 100, select: 600 };
  const rows = world({ release: '2.8', changes: [{ secret: 1, ...foobar, action: '1' }] }).map((row): ModelRow => {
    const { model, fields } = row;
    if (model === 'extras.customfield')
      return { ...row, fields: { ...fields, type: numbers[String(fields.type)] ?? 0, filter_logic: 2 } };
    if (model === 'extras.taggeditem')
      return { ...row, model: 'taggit.taggeditem', fields: { ...fields, tag: to('taggit.tag', 1) } };
    return model === 'extras.tag' ? { ...row, model: 'taggit.tag', fields: { name: 'Prod', slug: 'prod' } } : row;
  });

  test.each([
    ['SQL', sqlDump(rows)],
    ['dumpdata', dumpdata(rows)],
  ])('tags in another place, and numbers for words, are the same: %s', async (_, dump) => {
    const { of } = await plan(dump);
    expect(of('tag')).toMatchObject([{ name: 'Prod', slug: 'prod', color: '', description: '' }]);
    expect(of('secret')[0]).toMatchObject({ tags: [of('tag')[0]?.id], custom_fields: { tier: 'silver' } });
    expect(of('custom-field')).toMatchObject([
      { type: 'text', filter_logic: 'exact' },
      { type: 'select', filter_logic: 'exact' },
    ]);
    expect(of('change')).toMatchObject([{ action: 'create' }]);
  });
});
