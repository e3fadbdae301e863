import { versionOf } from './version';

const core = (...columns: string[]): [string, string[]][] => [
  ['secrets.secret', ['device', ...columns]],
  ['secrets.secretrole', ['name', 'slug']],
];

test.each([
  ['2.8 or older', [...core(), ['secrets.secretrole_users', ['id']]]],
  ['2.8 or older', [['secrets.secretrole', ['name', 'users', 'groups']]]],
  ['2.9', core()],
  ['2.9', []],
  ['2.10', core('assigned_object_id')],
  ['2.11', [['secrets.secretrole', ['name', 'custom_field_data']]]],
  ['2.11', [...core('assigned_object_type'), ['extras.objectchange', ['postchange_data']]]],
] as [string, [string, string[]][]][])('tables tell that a dump is of %s', (name, shape) => {
  const isOld = name.startsWith('2.8');
  expect(versionOf(new Map(shape), 'secrets')).toEqual({ name, isPromised: !isOld, hasRoleGrants: isOld });
});

test('a successor is known by its application, and not promised', () => {
  const told = { isPromised: false, hasRoleGrants: false };
  expect(versionOf(new Map(), 'netbox_secretstore')).toEqual({ name: 'netbox-secretstore', ...told });
  expect(versionOf(new Map(), 'netbox_secrets')).toEqual({ name: 'netbox-secrets', ...told });
});
