import type { Action, Principal } from '../domain/access';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { objectType } from '../domain/inventory';
import { secretsGroupType, secretType } from '../domain/secrets';
import { definitionTypes } from '../domain/types';
import { compileGrants, type Permission } from './grants';
import { createObjectPolicy } from './object-policy';
import type { DecisionRequest } from './policy';

const types = (name: string): TypeDescriptor | undefined => definitionTypes.find((type) => type.name === name);
const ann: Principal = {
  id: '11111111-1111-4111-8111-111111111111',
  name: 'ann',
  isSuperuser: false,
  mayWrite: true,
};
let count = 0;
const permission = (name: string, fields: Partial<Permission> = {}): Permission => ({
  id: `p${++count}`,
  name,
  enabled: true,
  object_types: ['extras.secret'],
  actions: ['view', 'use', 'change', 'add'],
  constraints: null,
  ...fields,
});
const policyOf = (...permissions: Permission[]) => {
  const grants = compileGrants(permissions, types);
  return createObjectPolicy(() => grants);
};
const secret = (path: string, fields: object = {}): AnyRow => ({
  id: 'a',
  name: 'one',
  provider: 'text-file',
  parameters: { path },
  ...fields,
});
const under = (root: string) => ({ parameters__path__startswith: root });
const ask = (action: Action, request: Partial<DecisionRequest> = {}): DecisionRequest => ({
  principal: ann,
  action,
  type: secretType,
  ...request,
});

describe('who may', () => {
  test.each<[string, Permission[]]>([
    ['nothing was granted', []],
    ['the permission is for another action', [permission('a', { actions: ['change'] })]],
    ['the permission is for another type', [permission('a', { object_types: ['extras.secretsgroup'] })]],
    [
      'the permission is for an action of a longer name',
      [permission('a', { actions: ['views', 'view_secret', 'VIEW'] })],
    ],
    ['the permission is for no type', [permission('a', { object_types: [] })]],
    ['the permission is disabled', [permission('a', { enabled: false })]],
    ['the flag of the permission is not true', [permission('a', { enabled: 'yes' as never })]],
    ...[[], {}, [{}], undefined, '', 'null', { foo: 1 }, { name__regex: '(' }].map(
      (constraints): [string, Permission[]] => [
        `the stored constraints are ${JSON.stringify(constraints)}`,
        [permission('a', { constraints })],
      ],
    ),
  ])('nobody, where %s', (_, permissions) => {
    const policy = policyOf(...permissions);
    expect(policy.scope(ann, 'view', secretType)).toEqual({ kind: 'none' });
    expect(policy.decide(ask('view', { before: secret('/a') }))).toEqual({ allowed: false, rule: 'no permission' });
    expect(policy.decide(ask('view'))).toEqual({ allowed: false, rule: 'no permission' });
  });

  test('every row, by a permission without constraints', () => {
    const policy = policyOf(permission('narrow', { constraints: under('/b') }), permission('wide'));
    expect(policy.scope(ann, 'view', secretType)).toEqual({ kind: 'all' });
    expect(policy.decide(ask('view', { before: secret('/a') }))).toEqual({ allowed: true, rule: 'wide' });
    expect(policy.decide(ask('use'))).toEqual({ allowed: true, rule: 'wide' });
  });

  test('the rows that one of several permissions covers', () => {
    const policy = policyOf(
      permission('a', { constraints: under('/a/') }),
      permission('b', { constraints: [under('/b/'), { name: '$user' }] }),
      permission('off', { constraints: under('/c/'), enabled: false }),
      permission('broken', { constraints: { ...under('/c/'), foo: 1 } }),
    );
    const decide = (before: AnyRow) => policy.decide(ask('view', { before }));
    expect(decide(secret('/a/x'))).toEqual({ allowed: true, rule: 'a' });
    expect(decide(secret('/b/x'))).toEqual({ allowed: true, rule: 'b' });
    expect(decide(secret('/x', { name: 'ann' }))).toEqual({ allowed: true, rule: 'b' });
    expect(decide(secret('/c/x'))).toEqual({ allowed: false, rule: 'outside the constraints of a, b' });
    const scope = policy.scope(ann, 'view', secretType);
    expect(scope).toMatchObject({
      kind: 'constraint',
      user: { id: ann.id, name: 'ann' },
      constraint: { type: secretType.name },
    });
    expect(scope).toHaveProperty('constraint.any.length', 3);
    expect(policy.scope(ann, 'view', secretType)).toHaveProperty(
      'constraint',
      (scope as { constraint: object }).constraint,
    );
  });

  test('a constraint covers no question about no row', () => {
    const policy = policyOf(permission('a', { constraints: under('') }));
    expect(policy.decide(ask('use'))).toEqual({ allowed: false, rule: 'outside the constraints of a' });
    expect(policy.decide(ask('use', { rendered: { path: '/a' } }))).toHaveProperty('allowed', false);
  });
});

describe('a superuser', () => {
  const policy = policyOf();
  test('may everything, and the host itself too', () => {
    expect(policy.decide(ask('delete', { principal: { ...ann, isSuperuser: true } }))).toEqual({
      allowed: true,
      rule: 'superuser',
    });
    const system = { ...ann, id: undefined, isSuperuser: true };
    expect(policy.decide(ask('delete', { principal: system }))).toEqual({ allowed: true, rule: 'system' });
    expect(policy.scope(system, 'view', secretType)).toEqual({ kind: 'all' });
  });

  const spellings = [
    ['superuser', 'SUPERUSER', 'admin', 'root', 'system', 'is_superuser', 'administrator', '*', 'all', 'true'],
    ['$superuser', 'su', 'Admin', 'auth.superuser', 'users.user', 'staff', 'latchkey', 'superuser\0', '', 'undefined'],
  ].flat();
  test.each(spellings)('is not made by the name or the permission %j', (word) => {
    const mine = policyOf(
      permission(word, { object_types: [word, '*', 'all'], actions: [word, '*', 'all', 'superuser'] }),
    );
    const principal = { ...ann, name: word };
    for (const action of ['view', 'add', 'change', 'delete', 'use', 'check', 'reveal'] as const) {
      expect(mine.decide(ask(action, { principal, before: secret('/a') }))).toHaveProperty('allowed', false);
      expect(mine.scope(principal, action, secretType)).toEqual({ kind: 'none' });
    }
  });

  test.each(['true', 1, {}, []])('is not made by a flag of %j', (isSuperuser) => {
    const principal = { ...ann, isSuperuser: isSuperuser as never };
    expect(policy.decide(ask('view', { principal, before: secret('/a') }))).toHaveProperty('allowed', false);
    expect(policy.scope(principal, 'view', secretType)).toEqual({ kind: 'none' });
  });
});

describe('a change', () => {
  const policy = policyOf(
    permission('a', { constraints: under('/a/') }),
    permission('b', { constraints: under('/b/') }),
  );
  test.each<[string, string, boolean, string]>([
    ['/a/1', '/a/2', true, 'a'],
    ['/a/1', '/b/1', true, 'a, b'],
    ['/a/1', '/c/1', false, 'outside the constraints of a, b'],
    ['/c/1', '/a/1', false, 'outside the constraints of a, b'],
  ])('from %s to %s: %s', (from, to, allowed, rule) => {
    expect(policy.decide(ask('change', { before: secret(from), after: secret(to) }))).toEqual({ allowed, rule });
  });

  test('an addition is judged by what would be', () => {
    expect(policy.decide(ask('add', { after: secret('/a/1') }))).toEqual({ allowed: true, rule: 'a' });
    expect(policy.decide(ask('add', { after: secret('/c/1') }))).toHaveProperty('allowed', false);
  });
});

describe('a use', () => {
  const policy = policyOf(
    permission('network', { constraints: under('/opt/network/') }),
    permission('servers', { constraints: under('/opt/servers/') }),
  );
  const use = (stored: string, rendered: string) =>
    policy.decide(ask('use', { before: secret(stored), rendered: { path: rendered } }));

  test.each([
    ['/opt/network/{{ obj.name }}', '/opt/network/r1', true],
    ["/opt/network/{{ '.' }}{{ '.' }}/servers/x", '/opt/servers/x', false],
    ['/opt/network/{{ obj.name }}', '/etc/shadow', false],
    ['{{ obj.path }}', '/opt/network/r1', false],
    // Each half is covered, by two permissions that were never meant as a way from one to the other.
    ['/opt/network/{{ obj.up }}', '/opt/servers/x', false],
  ])('of %s that becomes %s: %s', (stored, rendered, allowed) => {
    expect(use(stored, rendered).allowed).toBe(allowed);
  });

  test('is not helped by rendered parameters of another type', () => {
    expect(
      policy.decide(ask('use', { before: secret('/opt/network/x'), rendered: { path: ['/opt/network/x'] } })),
    ).toEqual({
      allowed: false,
      rule: 'outside the constraints of network, servers',
    });
  });
});

describe('constraints through relations', () => {
  const policy = policyOf(
    permission('grouped', { constraints: { secrets_groups__name__startswith: 'net' } }),
    permission('owned', { constraints: { secrets_groups__secrets__name: 'x' }, actions: ['view'] }),
  );
  const group = { row: { id: 'g', name: 'network' } };

  test('say which related rows they need, and decide by them', () => {
    expect(policy.relations(ann, 'use', secretType)).toEqual([['secrets_groups']]);
    expect(policy.relations(ann, 'view', secretType)).toEqual([['secrets_groups'], ['secrets_groups', 'secrets']]);
    expect(policy.relations(ann, 'use', objectType)).toEqual([]);
    expect(policy.relations({ ...ann, isSuperuser: true }, 'use', secretType)).toEqual([]);
    const use = (related: DecisionRequest['related']) =>
      policy.decide(ask('use', { before: secret('/a'), rendered: { path: '/b' }, ...(related && { related }) }));
    expect(use({ before: { secrets_groups: [group] } })).toEqual({ allowed: true, rule: 'grouped' });
    expect(use({ before: { secrets_groups: [] } })).toHaveProperty('allowed', false);
    expect(() => use(undefined)).toThrow('related rows');
  });

  test('of the images of a change, each has its own', () => {
    const change = (after: DecisionRequest['related']) =>
      policy.decide(ask('change', { before: secret('/a'), after: secret('/a'), ...(after && { related: after }) }));
    expect(change({ before: { secrets_groups: [group] }, after: { secrets_groups: [group] } }).allowed).toBe(true);
    expect(change({ before: { secrets_groups: [group] }, after: { secrets_groups: [] } }).allowed).toBe(false);
  });
});

describe('an explanation', () => {
  test('says of each permission of the kind what it allows and which clause fails', () => {
    const policy = policyOf(
      permission('files', { constraints: [{ provider: 'text-file', ...under('/opt/') }, { name: 'two' }] }),
      permission('off', { enabled: false }),
      permission('broken', { constraints: { foo: 1 } }),
      permission('other action', { actions: ['delete'] }),
    );
    const request = ask('use', { before: secret('/opt/a'), rendered: { path: '/etc/a' } });
    const { candidates, ...decision } = policy.explain(request);
    expect(decision).toEqual(policy.decide(request));
    expect(candidates).toEqual([
      {
        id: expect.any(String),
        permission: 'files',
        result: 'outside',
        faults: [],
        images: [
          { image: 'before', allowed: true, failed: [] },
          { image: 'rendered', allowed: false, failed: [['parameters__path__startswith'], ['name']] },
        ],
      },
      expect.objectContaining({ permission: 'off', result: 'disabled' }),
      expect.objectContaining({
        permission: 'broken',
        result: 'unreadable',
        faults: [{ path: 'foo', message: expect.stringContaining('no field') }],
      }),
    ]);
    expect(JSON.stringify(candidates)).not.toContain('/etc/a');
  });

  test('agrees with the decision, for a superuser as well', () => {
    const policy = policyOf(permission('a', { constraints: under('/a/') }));
    expect(policy.explain(ask('view', { before: secret('/a/x') }))).toMatchObject({
      allowed: true,
      rule: 'a',
      candidates: [{ result: 'allowed' }],
    });
    const principal = { ...ann, isSuperuser: true };
    expect(policy.explain(ask('view', { principal }))).toEqual({ allowed: true, rule: 'superuser', candidates: [] });
  });
});

test('a permission on several types is read for each of them', () => {
  const both = permission('both', {
    object_types: ['extras.secret', 'extras.secretsgroup'],
    constraints: { provider: 'x' },
  });
  const policy = policyOf(both);
  expect(policy.scope(ann, 'view', secretType)).toHaveProperty('kind', 'constraint');
  // A group has no provider, so the permission cannot be read for groups.
  expect(policy.scope(ann, 'view', secretsGroupType)).toEqual({ kind: 'none' });
});

test('a rule fits the column that keeps it, however many permissions there are and long their names', () => {
  const long = Array.from({ length: 10 }, (_, i) => permission(`${i}${'x'.repeat(254)}`, { constraints: under('/a') }));
  const { rule } = policyOf(...long).decide(ask('use', { before: secret('/b') }));
  expect(rule.length).toBeLessThanOrEqual(255);
  expect(rule).toMatch(/ and 9 more$/);
  expect(policyOf(...long).decide(ask('use', { before: secret('/a') })).rule.length).toBeLessThanOrEqual(255);
});
