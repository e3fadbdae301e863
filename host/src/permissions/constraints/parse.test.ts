import { permissionType, tokenType, userType } from '../../domain/access';
import { accessEntryType } from '../../domain/audit';
import { objectChangeType } from '../../domain/changes';
import type { TypeDescriptor } from '../../domain/descriptor';
import { objectType } from '../../domain/inventory';
import { associationType, secretsGroupType, secretType } from '../../domain/secrets';
import { definitionTypes } from '../../domain/types';
import { drawFrom, randomJson } from '../../../../test/support/random-constraints';
import { parseConstraints } from './parse';

const types = (name: string) => definitionTypes.find((type) => type.name === name);
const parse = (json: unknown, type: TypeDescriptor = secretType) => parseConstraints(json, type, types);
const faultsOf = (json: unknown, type?: TypeDescriptor) => {
  const parsed = parse(json, type);
  return 'faults' in parsed ? parsed.faults : [];
};
const membersOf = (json: unknown, type?: TypeDescriptor) => {
  const parsed = parse(json, type);
  return 'faults' in parsed ? [] : (parsed.constraint?.any ?? []);
};
const someId = '11111111-1111-4111-8111-111111111111';

test('null, and only null, is unrestricted', () => {
  expect(parse(null)).toEqual({ constraint: undefined });
  for (const json of [[], {}, [{}], [[]], [null], [{ name: 'a' }, {}], undefined, '', 'null', 0, false, true]) {
    expect([json, faultsOf(json).length]).toEqual([json, expect.any(Number)]);
    expect(faultsOf(json).length).toBeGreaterThan(0);
  }
});

test.each<[unknown, string, RegExp, TypeDescriptor?]>([
  [{ foo: 'a' }, 'foo', /no field "foo" in a secret; there are: id, /],
  [{ '': 'a' }, '', /no field ""/],
  [{ name__foo: 'a' }, 'name__foo', /no lookup "foo" for "name"/],
  [{ name__exact__exact: 'a' }, 'name__exact__exact', /no lookup "exact"/],
  [{ name__startswith__contains: 'a' }, 'name__startswith__contains', /no lookup "startswith"/],
  [[{ name: 'a' }, { name: 1 }], '[1].name', /text/],
  [[{ name__in: ['a', 'b', 3] }], '[0].name__in[2]', /text/],
  [{ name: ['a'] }, 'name', /text/],
  [{ name: { a: 1 } }, 'name', /text/],
  [{ name: true }, 'name', /text/],
  [{ name__in: 'a' }, 'name__in', /list/],
  [{ name__in: [] }, 'name__in', /empty/],
  [{ name__in: [['a']] }, 'name__in[0]', /text/],
  [{ name__in: [null] }, 'name__in[0]', /text/],
  [{ name__range: ['a'] }, 'name__range', /two/],
  [{ name__isnull: 'true' }, 'name__isnull', /true or false/],
  [{ name__isnull: null }, 'name__isnull', /true or false/],
  [{ name__startswith: null }, 'name__startswith', /text/],
  [{ name: 'a\0' }, 'name', /Null/],
  [{ name: '\ud800' }, 'name', /surrogate/],
  [{ name: 'x'.repeat(1025) }, 'name', /1024/],
  [{ name__in: Array.from({ length: 501 }, () => 'a') }, 'name__in', /500/],
  [{ [`parameters__${'x'.repeat(300)}`]: 'a' }, `parameters__${'x'.repeat(243)}`, /255/],
  [{ name__regex: '(' }, 'name__regex', /RE2/],
  [{ name__regex: '(?=a)' }, 'name__regex', /RE2/],
  [{ name__iregex: '(a)\\1' }, 'name__iregex', /RE2/],
  [{ name__regex: 'a'.repeat(257) }, 'name__regex', /256/],
  [{ name__regex: 'a{0,1000}b'.repeat(20) }, 'name__regex', /repeats/],
  [{ name__regex: '((a.b.c){30}){30}' }, 'name__regex', /repeats/],
  [{ name__regex: '((a{10}){10}){11}' }, 'name__regex', /RE2/],
  [{ name__regex: '$user' }, 'name__regex', /user name/],
  [{ number: '7' }, 'number', /number/],
  [{ number__contains: 7 }, 'number__contains', /lookup "contains"/],
  [{ id: 'x' }, 'id', /UUID/],
  [{ id__startswith: someId }, 'id__startswith', /lookup/],
  [{ created: '2026-02-30T00:00:00Z' }, 'created', /time/],
  [{ created: '2026-01-31' }, 'created', /time/],
  [{ created: '2026-01-31T12:00:00' }, 'created', /offset/],
  [{ created__gt: '0000-01-01T00:00:00+14:00' }, 'created__gt', /time/],
  [{ parameters: { path: 'a' } }, 'parameters', /name a member/],
  [{ parameters__in: ['a'] }, 'parameters__in', /name a member/],
  [{ parameters__path: ['a'] }, 'parameters__path', /text, a number/],
  [{ parameters__path: { a: 1 } }, 'parameters__path', /text, a number/],
  [{ parameters__path__startswith: 1 }, 'parameters__path__startswith', /text/],
  [{ parameters__path__gt: true }, 'parameters__path__gt', /text or a number/],
  [{ parameters__path__range: [1, 'a'] }, 'parameters__path__range', /one type/],
  [{ parameters__path__in: [null] }, 'parameters__path__in[0]', /null/],
  [{ parameters__path: '$user' }, 'parameters__path', /user/],
  [{ parameters____path: 'a' }, 'parameters____path', /member/],
  [{ 'parameters__a\0': 'a' }, 'parameters__a\0', /member/],
  [{ [`parameters${'__a'.repeat(9)}`]: 'a' }, `parameters${'__a'.repeat(9)}`, /8 members/],
  [{ secrets_groups__foo: 'a' }, 'secrets_groups__foo', /no field "foo" in a secrets group/],
  [
    { secrets_groups__secrets__secrets_groups__name: 'a' },
    'secrets_groups__secrets__secrets_groups__name',
    /at most 2/,
  ],
  [{ secrets_groups: 'a group' }, 'secrets_groups', /UUID/],
  [{ secrets_groups: '$user' }, 'secrets_groups', /user/],
  [{ password: 'a' }, 'password', /no field "password"/, userType],
  [{ password__isnull: true }, 'password__isnull', /no field "password"/, userType],
  [{ key_hash__startswith: 'a' }, 'key_hash__startswith', /no field "key_hash"/, tokenType],
  [{ user__password: 'a' }, 'user__password', /no field "password"/, tokenType],
  [{ user__username__foo: 'a' }, 'user__username__foo', /no lookup "foo"/, tokenType],
  [{ is_active: 1 }, 'is_active', /true or false/, userType],
  [{ is_active: 'true' }, 'is_active', /true or false/, userType],
  [{ user: 'ann' }, 'user', /UUID/, tokenType],
  [{ groups: 'staff' }, 'groups', /UUID/, userType],
  [{ groups__contains: someId }, 'groups__contains', /lookup "contains"/, userType],
  [{ actions: 'view' }, 'actions', /lookup "exact" is not for "actions"; it takes none/, permissionType],
  [{ actions__contains: 'view' }, 'actions__contains', /takes none/, permissionType],
  [{ constraints__name: 'a' }, 'constraints__name', /no lookup "name"/, permissionType],
])('%j is refused at %j', (...[json, path, message, type]) => {
  expect(faultsOf(json, type)).toEqual([{ path, message: expect.stringMatching(message) }]);
});

test('a message about a secret field is the one about a field that is not there, and offers it to nobody', () => {
  const [secret] = faultsOf({ password: 'a' }, userType);
  const [absent] = faultsOf({ passw0rd: 'a' }, userType);
  expect(secret?.message).toBe(absent?.message.replace('passw0rd', 'password'));
  expect(absent?.message).not.toMatch(/there are:.*password/);
});

test.each([
  '_negated',
  '_connector',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'pk',
  '__class__',
  'OR',
])('the key %s is an unknown field', (key) => {
  const json = JSON.parse(`{${JSON.stringify(key)}: "a"}`) as unknown;
  expect(faultsOf(json)).toEqual([{ path: key, message: expect.stringContaining('There is no field') }]);
});

test('a constraint of too many members, lookups or expressions is refused', () => {
  expect(faultsOf(Array.from({ length: 101 }, () => ({ name: 'a' })))).toHaveLength(1);
  expect(faultsOf(Array.from({ length: 100 }, () => ({ name: 'a' })))).toEqual([]);
  const members = (count: number) => Array.from({ length: count }, (_, i) => [`parameters__p${i}`, 'a']);
  expect(faultsOf(Object.fromEntries(members(51)))).toHaveLength(1);
  expect(faultsOf(Object.fromEntries(members(50)))).toEqual([]);
  expect(faultsOf(Array.from({ length: 20 }, () => ({ name__regex: 'a' })))).toEqual([]);
  expect(faultsOf(Array.from({ length: 21 }, () => ({ name__regex: 'a' })))).toHaveLength(1);
});

test('every fault is told, up to fifty', () => {
  expect(faultsOf([{ foo: 1, name: 2 }, { id: 3 }]).map(({ path }) => path)).toEqual(['[0].foo', '[0].name', '[1].id']);
  expect(faultsOf(Array.from({ length: 100 }, () => ({ foo: 1 })))).toHaveLength(50);
});

test('lookups through one relation meet in one branch, further relations in branches of it', () => {
  const json = {
    name: 'a',
    secrets_groups__name: 'b',
    secrets_groups__slug__in: ['c'],
    secrets_groups__secrets_group_associations__access_type: 'SSH',
    secrets_groups__isnull: false,
  };
  const parsed = parse(json);
  expect(parsed).toMatchObject({
    constraint: {
      type: 'extras.secret',
      any: [
        {
          clauses: [{ field: 'name', lookup: 'exact', values: ['a'], text: 'name' }],
          related: [
            {
              relation: 'secrets_groups',
              target: 'extras.secretsgroup',
              orNone: false,
              meets: {
                clauses: [{ field: 'name' }, { field: 'slug' }, { field: 'id', lookup: 'isnull', values: [false] }],
                related: [{ relation: 'secrets_group_associations', meets: { clauses: [{ field: 'access_type' }] } }],
              },
            },
          ],
        },
      ],
    },
  });
  expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
});

test('a reference is compared itself, and looked through for more than its id', () => {
  for (const key of ['secret', 'secret__exact', 'secret__id', 'secret__id__exact']) {
    const [member] = membersOf({ [key]: someId }, associationType);
    expect(member).toMatchObject({ clauses: [{ field: 'secret', lookup: 'exact', values: [someId] }], related: [] });
  }
  expect(faultsOf({ groups: someId, groups__name: 'a', groups__isnull: false }, userType)).toEqual([]);
  expect(faultsOf({ constraints__isnull: true, users: '$user' }, permissionType)).toEqual([]);
  expect(faultsOf({ secret__name__startswith: 'a', secrets_group__isnull: false }, associationType)).toEqual([]);
  expect(faultsOf({ secrets_group__secrets__name: 'a' }, objectType)).toEqual([]);
  expect(faultsOf({ secrets__parameters__path__startswith: '/opt' }, secretsGroupType)).toEqual([]);
});

test.each([
  [accessEntryType, 'user_id', 'user'],
  [objectChangeType, 'user', 'user_name'],
])('$user is an id to a text that holds the id of a user: in $name, $1', (type, id, name) => {
  const members = membersOf([{ [id]: '$user' }, { [`${id}__in`]: ['$user'] }, { [name]: '$user' }], type);
  expect(members.map(({ clauses }) => clauses[0]?.values)).toEqual([
    [{ $user: 'id' }],
    [{ $user: 'id' }],
    [{ $user: 'name' }],
  ]);
  for (const lookup of ['iexact', 'startswith', 'regex', 'gt'])
    expect(faultsOf({ [`${id}__${lookup}`]: '$user' }, type)).toMatchObject([{ path: `${id}__${lookup}` }]);
});

test('$user is an id to a user and a name to a text', () => {
  const operands = (json: unknown, type?: TypeDescriptor) =>
    membersOf(json, type).map(({ clauses }) => clauses[0]?.values);
  expect(operands({ user: '$user' }, tokenType)).toEqual([[{ $user: 'id' }]]);
  expect(operands({ id__in: ['$user', someId] }, userType)).toEqual([[{ $user: 'id' }, someId]]);
  expect(operands({ name__startswith: '$user' })).toEqual([[{ $user: 'name' }]]);
  expect(operands({ name__in: ['a', '$user'] })).toEqual([['a', { $user: 'name' }]]);
  expect(operands({ name: '$users' })).toEqual([['$users']]);
});

test('any JSON is a constraint or faults, never an error, and the same one after a journey through JSON', () => {
  const draw = drawFrom(4);
  const accepted: unknown[] = [];
  for (let i = 0; i < 10_000; i++) {
    const json = randomJson(draw);
    const parsed = parse(json, definitionTypes[draw(definitionTypes.length)]);
    if (!('faults' in parsed)) accepted.push(parsed);
    else if (parsed.faults.length === 0) throw new Error(`no faults in ${JSON.stringify(json)}`);
  }
  expect(JSON.parse(JSON.stringify(accepted))).toEqual(accepted);
  expect(accepted.length).toBeGreaterThan(100);
  expect(accepted.length).toBeLessThan(9_900);
});
