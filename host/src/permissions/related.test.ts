import { MemoryUnitOfWork } from '../../../test/support/memory-unit-of-work';
import { groupType, userType } from '../domain/access';
import type { AnyRow } from '../domain/descriptor';
import { associationType, secretsGroupType, secretType } from '../domain/secrets';
import { definitionTypes } from '../domain/types';
import { compileGrants } from './grants';
import { createObjectPolicy } from './object-policy';
import { loadRelated, withRelated } from './related';

const types = (name: string) => definitionTypes.find((type) => type.name === name);
const unitOfWork = new MemoryUnitOfWork();
const secret = (id: string) => ({ id, name: id, slug: id, provider: 'x', parameters: {} });
const slot = (id: string, group: string, of: string) => ({
  id,
  secrets_group: group,
  access_type: 'SSH',
  secret_type: id,
  secret: of,
});

beforeAll(() =>
  unitOfWork.run(async (tx) => {
    for (const id of ['s1', 's2', 'alone']) await tx.insert(secretType, secret(id) as never);
    for (const id of ['g1', 'g2']) await tx.insert(secretsGroupType, { id, name: id, slug: id } as never);
    await tx.insert(associationType, slot('a1', 'g1', 's1') as never);
    await tx.insert(associationType, slot('a2', 'g1', 's1') as never);
    await tx.insert(associationType, slot('a3', 'g2', 's1') as never);
    await tx.insert(associationType, slot('a4', 'g2', 's2') as never);
  }),
);

const load = (row: object, paths: string[][], type = secretType as Parameters<typeof loadRelated>[1]['type']) =>
  loadRelated(unitOfWork.rows, { type, row: row as AnyRow, paths });
const ids = (rows: readonly { readonly row: AnyRow }[] | undefined) => rows?.map(({ row }) => row.id);

test('every row at the far end is there once, along two relations too', async () => {
  const related = await load(secret('s1'), [['secrets_groups', 'secrets'], ['secrets_group_associations']]);
  expect(ids(related.secrets_groups)).toEqual(['g1', 'g2']);
  expect(related.secrets_groups?.map((group) => ids(group.related?.secrets))).toEqual([['s1'], ['s1', 's2']]);
  expect(ids(related.secrets_group_associations)).toEqual(['a1', 'a2', 'a3']);
});

test('no related row is an empty list, so that what was not loaded is told apart', async () => {
  expect(await load(secret('alone'), [['secrets_groups']])).toEqual({ secrets_groups: [] });
  expect(await load(secret('alone'), [])).toEqual({});
});

test('a reference leads to its row, and null to none', async () => {
  const related = await load(slot('a1', 'g1', 's1'), [['secret', 'secrets_groups']], associationType);
  expect(ids(related.secret)).toEqual(['s1']);
  expect(ids(related.secret?.[0]?.related?.secrets_groups)).toEqual(['g1', 'g2']);
  expect(await load({ id: 'x', secret: null }, [['secret']], associationType)).toEqual({ secret: [] });
});

test('references lead to each of their rows', async () => {
  await unitOfWork.run((tx) => tx.insert(groupType, { id: 'staff', name: 'staff' } as never));
  const related = await load({ id: 'u', groups: ['staff', 'gone'] }, [['groups']], userType);
  expect(ids(related.groups)).toEqual(['staff']);
  expect(await load({ id: 'u', groups: [] }, [['groups']], userType)).toEqual({ groups: [] });
});

test('a relation that the type does not have is an error', async () => {
  await expect(load(secret('s1'), [['constructor']])).rejects.toThrow('no relation "constructor"');
});

test('more related rows than a page are all there', async () => {
  await unitOfWork.run(async (tx) => {
    await tx.insert(secretType, secret('many') as never);
    for (let i = 0; i < 1001; i++) await tx.insert(associationType, slot(`m${i}`, 'g1', 'many') as never);
  });
  const related = await load(secret('many'), [['secrets_group_associations'], ['secrets_groups']]);
  expect(related.secrets_group_associations).toHaveLength(1001);
  expect(ids(related.secrets_groups)).toEqual(['g1']);
});

test('a decision is made with the related rows that its permissions ask for', async () => {
  const permission = { id: 'p', name: 'grouped', enabled: true, object_types: [secretType.name], actions: ['view'] };
  const grants = compileGrants([{ ...permission, constraints: { secrets_groups__name: 'g2' } }], types);
  const policy = createObjectPolicy(() => grants);
  const principal = { id: undefined, name: 'ann', isSuperuser: false, mayWrite: true };
  const request = (before: AnyRow) => ({ principal, action: 'view', type: secretType, before }) as const;
  const decided = async (id: string) =>
    policy.decide(await withRelated(policy, unitOfWork.rows, request(secret(id)))).allowed;
  expect(await decided('s2')).toBe(true);
  expect(await decided('alone')).toBe(false);
  const known = {
    ...request(secret('alone')),
    related: { before: { secrets_groups: [{ row: { id: 'x', name: 'g2' } }] } },
  };
  expect(policy.decide(await withRelated(policy, unitOfWork.rows, known)).allowed).toBe(true);
  const free = { ...request(secret('s1')), action: 'use' } as const;
  expect(await withRelated(policy, unitOfWork.rows, free)).toBe(free);
});
