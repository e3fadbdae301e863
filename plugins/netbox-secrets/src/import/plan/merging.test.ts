import { sqlDump } from '../../../../../test/support/netbox-dump';
import { plan, world } from '../../../../../test/support/netbox-plan';
import { removeTemporaryFolders } from '../../../../../test/support/temporary-folder';
import type { Existing } from './context';

afterAll(removeTemporaryFolders);

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
