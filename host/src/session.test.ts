import { inspect } from 'node:util';
import type { Principal } from './domain/access';
import { objectType } from './domain/inventory';
import type { TypeDescriptor } from './domain/descriptor';
import type { Rows } from './domain/ports';
import { secretsGroupType, secretType } from './domain/secrets';
import type { Resolution } from './resolution/create-resolution';
import { createDefinitions } from './resolution/definitions';
import type { ReadContext, Target } from './resolution/target';
import { createSession } from './session';

const principal: Principal = { id: 'u1', name: 'ada', isSuperuser: true, mayWrite: true };
const device = { id: 'o1', object_type: 'dcim.device', name: 'csr1', slug: 'csr1', attributes: {} };

function arrange(mayView = true) {
  const calls: { readonly verb: string; readonly target: Target; readonly context: ReadContext | undefined }[] = [];
  const state = { version: 1 };
  const rows = new Map<TypeDescriptor, Record<string, unknown>[]>([
    [secretType, [{ id: 's1', name: 'S', slug: 's', description: '', provider: 'p', parameters: { path: '/hidden' } }]],
    [secretsGroupType, [{ id: 'g1', name: 'G', slug: 'g', description: '' }]],
    [objectType, [device]],
  ]);
  const get = jest.fn((type: TypeDescriptor, by: object) =>
    Promise.resolve(rows.get(type)?.find((row) => Object.entries(by).every(([field, value]) => row[field] === value))),
  );
  const verb =
    (name: string) =>
    (_acting: unknown, target: Target, context?: ReadContext): Promise<never> => {
      calls.push({ verb: name, target, context });
      return Promise.resolve({ result: true } as never);
    };
  const resolution: Resolution = { use: verb('use'), check: verb('check'), explain: verb('explain') };
  const definitions = createDefinitions({
    rows: { get } as unknown as Rows,
    version: () => Promise.resolve(state.version),
  });
  const policy = {
    scope: () => ({ kind: 'all' }) as const,
    decide: () => ({ allowed: mayView, rule: '' }),
  };
  const session = createSession({ definitions, policy, resolution }, () => Promise.resolve(principal));
  return { session, calls, rows, state, get, definitions };
}

test.each([{ id: 's1' }, { slug: 's' }, { name: 'S' }])('a secret is got by %j', async (by) => {
  const { session, calls } = arrange();
  const secret = await session.secrets.get(by);
  expect(secret).toMatchObject({ id: 's1', name: 'S', slug: 's', provider: 'p' });
  await secret.getValue();
  await secret.check();
  await secret.explain();
  expect(calls.map(({ verb, target }) => [verb, target])).toEqual(
    ['use', 'check', 'explain'].map((verb) => [verb, { secret: 's1' }]),
  );
});

test('what was made while it was looked for is found, whoever told of it first', async () => {
  const { session, state, get, definitions } = arrange();
  await definitions.refresh();
  get.mockImplementationOnce(() => {
    state.version = 2;
    definitions.observe(2);
    return Promise.resolve(undefined);
  });
  expect((await session.secrets.get({ name: 'S' })).id).toBe('s1');
});

test('a group asks for its slot', async () => {
  const { session, calls } = arrange();
  const group = await session.groups.get({ slug: 'g' });
  const slot = { accessType: 'SSH', secretType: 'password' };
  await group.getSecretValue(slot);
  await group.check(slot);
  await group.explain(slot);
  for (const { target } of calls) expect(target).toEqual({ group: 'g1', slot });
});

test('what is not there and what may not be seen are one error', async () => {
  const failureOf = (mayView: boolean, name: string) =>
    arrange(mayView)
      .session.secrets.get({ name })
      .catch(({ code, message }) => ({ code, message: message.replace(name, '') }));
  expect(await failureOf(true, 'absent')).toEqual(await failureOf(false, 'S'));
  expect(await failureOf(false, 'S')).toMatchObject({ code: 'no-such-row' });
});

test('what another process has just made is found', async () => {
  const { session, rows, state } = arrange();
  await expect(session.secrets.get({ name: 'New' })).rejects.toMatchObject({ code: 'no-such-row' });
  rows.get(secretType)?.push({ id: 's2', name: 'New' });
  state.version = 2;
  expect((await session.secrets.get({ name: 'New' })).id).toBe('s2');
});

describe('the object that asks', () => {
  test('is looked up anew when it came out of a session, whatever became of the copy', async () => {
    const { session, calls } = arrange();
    const object = await session.objects.get({ object_type: 'dcim.device', name: 'csr1' });
    await (await session.secrets.get({ id: 's1' })).getValue({ obj: object });
    expect(calls.at(-1)?.context).toEqual({ object: { id: 'o1' }, obj: undefined, signal: undefined });
  });

  test('is data of the caller when it only looks like one', async () => {
    const { session, calls } = arrange();
    const secret = await session.secrets.get({ id: 's1' });
    for (const obj of [{ ...device }, Object.create(await session.objects.get({ id: 'o1' })) as object, null, 'text']) {
      await secret.getValue({ obj });
      expect(calls.at(-1)?.context).toEqual({ object: undefined, obj, signal: undefined });
    }
  });

  test('may be an address, and a signal goes along', async () => {
    const { session, calls } = arrange();
    const { signal } = new AbortController();
    const object = { object_type: 'dcim.device', name: 'csr1' };
    await (await session.secrets.get({ id: 's1' })).getValue({ object, signal });
    expect(calls.at(-1)?.context).toEqual({ object, obj: undefined, signal });
  });
});

test('a handle is frozen, and shows neither parameters nor what it holds on to', async () => {
  const { session } = arrange();
  const secret = await session.secrets.get({ id: 's1' });
  expect(Object.isFrozen(secret)).toBe(true);
  expect(inspect(secret, { depth: 9, showHidden: true })).not.toContain('hidden');
  expect(JSON.parse(JSON.stringify(secret))).toEqual({
    id: 's1',
    name: 'S',
    slug: 's',
    description: '',
    provider: 'p',
  });
});
