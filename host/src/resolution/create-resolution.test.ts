import { SecretError, SecretValue } from '@latchkey/core';
import type { Resolver, ResolveOptions } from '@latchkey/core/kernel';
import { objectType } from '../domain/inventory';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { NewAccessEntry } from '../domain/audit';
import type { Principal } from '../domain/access';
import type { Rows } from '../domain/ports';
import { associationType, secretsGroupType, secretType } from '../domain/secrets';
import { hostError } from '../errors';
import type { DecisionRequest, Policy } from '../permissions/policy';
import { createResolution } from './create-resolution';
import { createDefinitions } from './definitions';

const principal: Principal = { id: 'u1', name: 'ada', isSuperuser: false, mayWrite: true };
const acting = () => Promise.resolve(principal);
const secret = { id: 's1', name: 'S', provider: 'p', parameters: { path: '/{{ obj.name }}' } };
const device = {
  id: 'o1',
  object_type: 'dcim.device',
  name: 'csr1',
  slug: 'csr1',
  attributes: { site: 'iad', name: 'a lie' },
};
const slot = { accessType: 'SSH', secretType: 'password' };
const filled = { secrets_group: 'g1', access_type: 'SSH', secret_type: 'password', secret: 's1' };
const inGroup = { group: 'g1', slot };

/** The verbs over rows in memory; `deny` says what the policy refuses, the rest is told by what was called. */
function arrange(deny: (request: DecisionRequest) => boolean = () => false) {
  const events: string[] = [];
  const entries: NewAccessEntry[] = [];
  const options: ResolveOptions[] = [];
  const state = { version: 1, append: undefined as (() => Promise<number>) | undefined };
  const rows = new Map<TypeDescriptor, readonly Record<string, unknown>[]>([
    [secretType, [secret]],
    [secretsGroupType, [{ id: 'g1', name: 'G' }]],
    [associationType, [filled]],
    [objectType, [device]],
  ]);
  const get = jest.fn((type: TypeDescriptor, by: object) =>
    Promise.resolve(
      rows.get(type)?.find((row) => Object.entries(by).every(([field, value]) => row[field] === value)) as
        | AnyRow
        | undefined,
    ),
  );
  const decide = jest.fn((request: DecisionRequest) =>
    deny(request) ? { allowed: false, rule: 'no' } : { allowed: true, rule: 'yes' },
  );
  const policy: Policy = {
    scope: (who, action, type) => ({ kind: deny({ principal: who, action, type }) ? 'none' : 'all' }),
    decide,
  };
  const rendered = { path: '/csr1' };
  const render = jest.fn((): Record<string, unknown> => rendered);
  const resolver = {
    resolve: (_secret: unknown, given: ResolveOptions = {}) => {
      options.push(given);
      given.guard?.(rendered);
      events.push('fetch');
      return Promise.resolve(new SecretValue('value'));
    },
    render,
  } as unknown as Resolver;
  const accessLog = {
    append: (entry: NewAccessEntry) => {
      events.push('record');
      entries.push(entry);
      return state.append?.() ?? Promise.resolve(state.version);
    },
  };
  const definitions = createDefinitions({
    rows: { get } as unknown as Rows,
    version: () => Promise.resolve(state.version),
  });
  const resolution = createResolution({ definitions, policy, resolver, accessLog });
  return { resolution, events, entries, options, state, get, decide, rows, definitions, render };
}

test('a value is recorded before it is given', async () => {
  const { resolution, events, entries, definitions } = arrange();
  await definitions.refresh();
  const reading = resolution.use(acting, inGroup, { object: { id: 'o1' }, requestId: 'r' });
  expect((await reading.then((value) => (events.push('give'), value))).reveal()).toBe('value');
  expect(events).toEqual(['fetch', 'record', 'give']);
  expect(entries).toEqual([
    {
      time: expect.any(String),
      user_id: 'u1',
      user: 'ada',
      action: 'use',
      secret_id: 's1',
      secret: 'S',
      secrets_group_id: 'g1',
      secrets_group: 'G',
      access_type: 'SSH',
      secret_type: 'password',
      object_id: 'o1',
      object_type: 'dcim.device',
      object: 'csr1',
      provider: 'p',
      decision: 'allowed',
      rule: 'yes',
      outcome: 'ok',
      duration_us: expect.any(Number),
      request_id: 'r',
      address: null,
    },
  ]);
});

test('a record tells where the read came from', async () => {
  const { resolution, entries, definitions } = arrange();
  await definitions.refresh();
  await resolution.use(acting, inGroup, { object: { id: 'o1' }, address: '192.0.2.7' });
  await resolution.use(acting, inGroup, { object: { id: 'o1' }, address: '' });
  expect(entries.map(({ address }) => address)).toEqual(['192.0.2.7', null]);
});

test('a warm read touches the database for its record alone', async () => {
  const { resolution, get, entries } = arrange();
  const read = () => resolution.use(acting, inGroup, { object: { object_type: 'dcim.device', name: 'csr1' } });
  await read();
  const [reads, records] = [get.mock.calls.length, entries.length];
  for (let n = 0; n < 5; n += 1) await read();
  expect(get).toHaveBeenCalledTimes(reads);
  expect(entries).toHaveLength(records + 5);
});

test.each(['use', 'check'] as const)('%s gives nothing when the record fails', async (verb) => {
  const { resolution, state } = arrange();
  state.append = () => Promise.reject(hostError('access-record'));
  await expect(resolution[verb](acting, { secret: 's1' })).rejects.toMatchObject({ code: 'access-record' });
});

test('a refusal that cannot be recorded is no answer, either', async () => {
  const { resolution, state } = arrange(({ type }) => type === secretType);
  state.append = () => Promise.reject(hostError('access-record'));
  await expect(resolution.check(acting, inGroup)).rejects.toMatchObject({ code: 'access-record' });
});

test('an empty slot and a secret that may not be used have one answer, and one explanation', async () => {
  const refused = arrange(({ type, action }) => type === secretType && action !== 'view');
  const empty = arrange();
  empty.rows.set(associationType, []);
  const [one, other] = await Promise.all(
    [refused, empty].map(async ({ resolution }) => ({
      used: await resolution.use(acting, inGroup).catch(({ name, code, message }) => ({ name, code, message })),
      checked: await resolution.check(acting, inGroup),
      explained: await resolution.explain(acting, inGroup),
    })),
  );
  expect(one).toEqual(other);
  expect(one?.checked).toEqual({
    result: false,
    message: 'There is no secret for SSH password in the group "G" that you may use.',
  });
  expect(refused.events).not.toContain('fetch');
});

test.each([
  ['secret', secretType, { secret: 's1' }, { secret: 'absent' }],
  ['group', secretsGroupType, inGroup, { group: 'absent', slot }],
])('an absent and a forbidden %s are told apart to nobody', async (_what, type, there, absent) => {
  for (const all of [true, false]) {
    // Either none of the kind may be seen, or this one may not.
    const { resolution } = arrange((request) => request.type === type && (all || request.before !== undefined));
    const failureOf = (target: typeof there | typeof absent) =>
      resolution.use(acting, target).catch(({ name, message }: Error) => ({ name, message }));
    expect(await failureOf(there)).toEqual(await failureOf(absent));
    expect(await failureOf(there)).toMatchObject({ name: all ? 'Forbidden' : 'NotFound' });
  }
});

test('an absent and a forbidden object are told apart to nobody', async () => {
  const failureOf = ({ resolution }: ReturnType<typeof arrange>) =>
    resolution
      .check(acting, { secret: 's1' }, { object: { object_type: 'dcim.device', name: 'csr1' } })
      .catch(({ name, message }: Error) => ({ name, message }));
  const forbidden = arrange(({ type }) => type === objectType);
  const absent = arrange();
  absent.rows.set(objectType, []);
  expect(await failureOf(forbidden)).toEqual(await failureOf(absent));
  expect(await failureOf(absent)).toMatchObject({ name: 'InvalidInput' });
  expect([...forbidden.events, ...absent.events]).not.toContain('fetch');
  expect(forbidden.entries.at(-1)).toMatchObject({ object: null, decision: 'denied' });
});

test('what the parameters became is decided on, before anything is fetched', async () => {
  const { resolution, events, entries, decide } = arrange(({ rendered }) => rendered?.path === '/csr1');
  await expect(resolution.use(acting, { secret: 's1' })).rejects.toMatchObject({
    name: 'SecretAccessDeniedError',
    code: 'forbidden',
  });
  expect(events).not.toContain('fetch');
  expect(entries.at(-1)).toMatchObject({ decision: 'denied', outcome: 'forbidden' });
  expect(decide).toHaveBeenCalledWith(expect.objectContaining({ action: 'use', rendered: { path: '/csr1' } }));
  const explained = await resolution.explain(acting, { secret: 's1' });
  expect(explained.allowed).toBe(false);
  expect(explained.steps.at(-1)).toMatchObject({ step: 'permission on the rendered parameters', result: 'refused' });
});

test('in a group that refusal is the answer of an empty slot', async () => {
  const { resolution } = arrange(({ rendered }) => rendered !== undefined);
  await expect(resolution.use(acting, inGroup)).rejects.toMatchObject({ code: 'no-secret' });
});

test('data in the place of an object takes a right of its own', async () => {
  const obj = { name: 'csr1' };
  const without = arrange(({ action, type }) => action === 'use' && type === objectType);
  await expect(without.resolution.use(acting, { secret: 's1' }, { obj })).rejects.toMatchObject({ name: 'Forbidden' });
  expect(without.events).not.toContain('fetch');
  await expect(without.resolution.explain(acting, { secret: 's1' }, { obj })).rejects.toThrow('You may not stand in');
  expect((await without.resolution.use(acting, { secret: 's1' }, { object: { id: 'o1' } })).reveal()).toBe('value');

  const allowed = arrange();
  expect((await allowed.resolution.use(acting, { secret: 's1' }, { obj })).reveal()).toBe('value');
  expect(allowed.options.at(-1)?.obj).toBe(obj);
});

test('who may not change the secret is shown its templates, in errors and explanations', async () => {
  const may = arrange();
  const mayNot = arrange(({ action }) => action === 'change');
  await may.resolution.use(acting, { secret: 's1' });
  await mayNot.resolution.use(acting, { secret: 's1' });
  expect([may, mayNot].map(({ options }) => options.at(-1)?.disclose)).toEqual(['rendered', 'template']);
  expect((await may.resolution.explain(acting, { secret: 's1' })).parameters).toEqual({ path: '/csr1' });
  expect((await mayNot.resolution.explain(acting, { secret: 's1' })).parameters).toEqual(secret.parameters);
});

test('who may use the secret without viewing it is told no parameters', async () => {
  const unseen = arrange(({ action, type }) => type === secretType && (action === 'view' || action === 'change'));
  const explained = await unseen.resolution.explain(acting, { secret: 's1' });
  expect(explained).toMatchObject({ allowed: true, parameters: undefined });
  expect(JSON.stringify(explained)).not.toContain('csr1');
});

test('who may use the secret without viewing it is told how far the read came, and of a failure its code alone', async () => {
  const hidden = ['name-of-it', 'provider-of-it', 'parameter-of-it', 'template-of-it'] as const;
  const [name, provider, parameter, template] = hidden;
  const about = { secret: name, provider, detail: `unknown filter in ${template} of ${parameter}` };
  const failures: (string | undefined)[] = [];
  for (const code of [undefined, 'parameters', 'template-render'] as const) {
    for (const viewed of [true, false]) {
      const { resolution, rows, render } = arrange(
        ({ action }) => !viewed && (action === 'view' || action === 'change'),
      );
      rows.set(secretType, [{ id: 's1', name, provider, parameters: { [parameter]: template } }]);
      render.mockImplementation(() => {
        if (code) throw new SecretError({ ...about, code });
        return { [parameter]: template };
      });
      const explained = await resolution.explain(acting, { secret: 's1' });
      const text = JSON.stringify(explained);
      expect(explained.allowed).toBe(code === undefined);
      expect(hidden.filter((one) => text.includes(one))).toEqual(viewed ? hidden : []);
      failures.push(explained.steps.find(({ result }) => result === 'failed')?.detail);
    }
  }
  expect(failures).toEqual([undefined, undefined, about.detail, 'parameters', about.detail, 'template-render']);
});

test('explain fetches nothing and records nothing', async () => {
  const { resolution, events, entries } = arrange();
  expect(await resolution.explain(acting, inGroup, { object: { id: 'o1' } })).toMatchObject({ allowed: true });
  expect({ events, entries }).toEqual({ events: [], entries: [] });
});

test('who no longer signs in once a definition moved gets no value, and that is on record', async () => {
  const { resolution, entries, state, definitions } = arrange();
  await definitions.refresh();
  let asked = 0;
  const leaving = () => (asked++ === 0 ? acting() : Promise.reject(new Error('no longer')));
  state.append = () => Promise.resolve(2);
  await expect(resolution.use(leaving, { secret: 's1' })).rejects.toThrow('no longer');
  expect(entries.map(({ decision }) => decision)).toEqual(['allowed', 'denied']);
});
