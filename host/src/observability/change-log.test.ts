import { MemoryUnitOfWork } from '../../../test/support/memory-unit-of-work';
import { systemPrincipal, tokenType, userType, type Principal } from '../domain/access';
import { objectChangeType, type Change } from '../domain/changes';
import type { AnyRow } from '../domain/descriptor';
import { associationType, secretsGroupType, secretType } from '../domain/secrets';
import { createChangeLog } from './change-log';

const admin: Principal = { id: 'u1', name: 'admin', isSuperuser: true, mayWrite: true };
const time = new Date('2026-01-02T03:04:05.678Z');
const origin = { requestId: 'r1' };
const row = (more: Record<string, unknown>): AnyRow => ({ id: 'i1', ...more });

async function keep(...changes: readonly Change[]) {
  const unitOfWork = new MemoryUnitOfWork();
  const log = createChangeLog({ now: () => time });
  await unitOfWork.run(async (tx) => {
    for (const change of changes) await log(change, tx);
  });
  const query = { scope: { kind: 'all' }, limit: 100, offset: 0, order: ['id'] } as const;
  return (await unitOfWork.rows.list(objectChangeType, query)).rows;
}

test('copies in who, when, which request and what', async () => {
  const after = row({ name: 'one', parameters: { variable: 'A' } });
  const [entry, ...more] = await keep({ principal: admin, type: secretType, before: undefined, after, origin });
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    time: time.toISOString(),
    user: 'u1',
    user_name: 'admin',
    request_id: 'r1',
    action: 'create',
    changed_object_type: 'extras.secret',
    changed_object_id: 'i1',
    related_object_type: null,
    change_context: 'web',
    change_context_detail: 'extras-api:secret-list',
    object_repr: 'one',
    before: null,
    after: { id: 'i1', name: 'one', parameters: { variable: 'A' } },
  });
});

test('tells a change of the host itself from one over REST', async () => {
  const [entry] = await keep({
    principal: systemPrincipal,
    type: secretType,
    before: row({ name: 'one' }),
    after: undefined,
    origin: {},
  });
  expect(entry).toMatchObject({
    user: null,
    user_name: 'system',
    request_id: null,
    action: 'delete',
    change_context: 'orm',
    after: null,
  });
});

test.each([
  [userType, 'password', { username: 'u' }],
  [tokenType, 'key_hash', { user: 'u1' }],
])('keeps no secret field of %o, and says that it changed', async (type, field, others) => {
  const [was, is] = ['canary-hash-before', 'canary-hash-after'];
  const entries = await keep(
    { principal: admin, type, before: undefined, after: row({ ...others, [field]: was }), origin },
    {
      principal: admin,
      type,
      before: row({ ...others, [field]: was }),
      after: row({ ...others, [field]: is }),
      origin,
    },
    { principal: admin, type, before: row({ ...others, [field]: is }), after: row({ ...others, [field]: is }), origin },
    { principal: admin, type, before: row({ ...others, [field]: is }), after: undefined, origin },
  );
  expect(entries.map(({ secrets_changed: changed }) => changed)).toEqual([[field], [field], [], [field]]);
  expect(
    entries.map(({ before, after }) => [before, after].flatMap((one) => Object.keys(one ?? {}))),
  ).not.toContainEqual(expect.arrayContaining([field]));
  expect(JSON.stringify(entries)).not.toContain('canary');
});

test('drops what is no field of the type', async () => {
  const after = row({ name: 'one', stray: 'canary' });
  const [entry] = await keep({ principal: admin, type: secretType, before: undefined, after, origin });
  expect(JSON.stringify(entry)).not.toContain('canary');
});

test('calls a slot by its group, place and secret, and tells of those too when it is filled', async () => {
  const unitOfWork = new MemoryUnitOfWork();
  const log = createChangeLog({ now: () => time });
  await unitOfWork.run(async (tx) => {
    const stamps = { created: time.toISOString(), last_updated: time.toISOString(), slug: 'x' };
    await tx.insert(secretType, { id: 's', name: 'sec', provider: 'p', parameters: { a: '1' }, ...stamps });
    await tx.insert(secretsGroupType, { id: 'g', name: 'grp', ...stamps });
    const slot = row({ secrets_group: 'g', access_type: 'SSH', secret_type: 'password', secret: 's' });
    await log({ principal: admin, type: associationType, before: undefined, after: slot, origin }, tx);
    await log({ principal: admin, type: associationType, before: slot, after: undefined, origin }, tx);
  });
  const query = { scope: { kind: 'all' }, limit: 100, offset: 0, order: ['id'] } as const;
  const { rows } = await unitOfWork.rows.list(objectChangeType, query);
  expect(rows.map(({ action, object_repr: repr, related_object_id: related }) => [action, repr, related])).toEqual([
    ['create', 'grp: SSH password: sec', 'g'],
    ['update', 'sec', null],
    ['update', 'grp', null],
    ['delete', 'grp: SSH password: sec', 'g'],
  ]);
  expect(new Set(rows.map((one) => one.change_context_detail))).toEqual(
    new Set(['extras-api:secretsgroupassociation-list', 'extras-api:secretsgroupassociation-detail']),
  );
});
