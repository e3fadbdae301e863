import { objectType } from '../domain/inventory';
import type { TypeDescriptor } from '../domain/descriptor';
import type { ListQuery, Rows } from '../domain/ports';
import { associationType, secretsGroupType, secretType } from '../domain/secrets';
import { hostTypes } from '../domain/types';
import type { Policy } from '../permissions/policy';
import { createDefinitions } from './definitions';
import { locate } from './locate';
import type { Target } from './target';

const principal = { id: 'u1', name: 'ada', isSuperuser: false, mayWrite: true };
const slot = { accessType: 'SSH', secretType: 'password' };
const filled = { id: 'a1', secrets_group: 'g1', access_type: 'SSH', secret_type: 'password', secret: 's1' };
const table = new Map<TypeDescriptor, readonly Record<string, unknown>[]>([
  [secretType, [{ id: 's1', name: 'S' }]],
  [
    secretsGroupType,
    [
      { id: 'g1', name: 'G' },
      { id: 'g2', name: 'empty' },
    ],
  ],
  [associationType, [filled]],
  [objectType, [{ id: 'o1', object_type: 't', name: 'o', secrets_group: 'g1' }]],
]);

/** A principal whose constraints look through relations and leave every secret and object out. */
function arrange() {
  const meets = (row: Record<string, unknown>, by: object) =>
    Object.entries(by).every(([field, value]) => row[field] === value);
  const reads: string[] = [];
  const rows = {
    types: hostTypes,
    get(type: TypeDescriptor, by: object) {
      reads.push(`get ${type.name}`);
      return Promise.resolve(table.get(type)?.find((row) => meets(row, by)));
    },
    list(type: TypeDescriptor, { filters = [] }: ListQuery) {
      reads.push(`list ${type.name}`);
      const found = table
        .get(type)
        ?.filter((row) => filters.every((one) => one.values.includes(row[one.field] as never)));
      return Promise.resolve({ count: found?.length, rows: found });
    },
  } as unknown as Rows;
  const paths = new Map<string, string[][]>([
    [secretType.name, [['secrets_groups']]],
    [objectType.name, [['secrets_group']]],
  ]);
  const policy: Policy = {
    scope: () => ({ kind: 'none' }),
    decide: ({ type }) => ({ allowed: type === secretsGroupType, rule: 'r' }),
    relations: (_principal, _action, type) => paths.get(type.name) ?? [],
  };
  const definitions = createDefinitions({ rows, version: () => Promise.resolve(1) });
  return async (target: Target, object?: string) => {
    const before = reads.length;
    const context = object === undefined ? {} : { object: { id: object } };
    const { decision } = await locate({ definitions, policy }, principal, 'use', target, context);
    expect(decision.allowed).toBe(false);
    return reads.slice(before);
  };
}

const lists = (reads: readonly string[]) => reads.filter((read) => read.startsWith('list'));

test.each<[string, [Target, string?], [Target, string?]]>([
  ['secret', [{ secret: 's1' }], [{ secret: 'absent' }]],
  ['slot', [{ group: 'g1', slot }], [{ group: 'g2', slot }]],
  ['object', [{ secret: 's1' }, 'o1'], [{ secret: 's1' }, 'absent']],
])('a %s that is out of reach takes the reads of one that is not there', async (_what, forbidden, absent) => {
  const [locateForbidden, locateAbsent] = [arrange(), arrange()];
  const [cold, coldAbsent] = [await locateForbidden(...forbidden), await locateAbsent(...absent)];
  expect(lists(coldAbsent)).toEqual(lists(cold));
  expect(lists(cold)).toEqual(['list extras.secretsgroupassociation']);
  expect(await locateForbidden(...forbidden)).toEqual([]);
  expect(await locateAbsent(...absent)).toEqual([]);
});
