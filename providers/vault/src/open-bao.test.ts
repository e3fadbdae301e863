import { silentLogger, type ParameterValues } from '@latchkey/core';
import { pythonEnvironment } from '../../../test/support/python-env';
import { startOpenBao, type OpenBao } from '../../../test/support/real-servers';
import { openVault, type VaultClient } from './client';
import { hashicorpVault } from './index';
import type { storeSettings } from './store-settings';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

const python = pythonEnvironment();
const withPython = python === undefined ? describe.skip : describe;
const alive = () => new AbortController().signal;

type Parameters = ParameterValues<typeof hashicorpVault.parameters>;
type Settings = ParameterValues<typeof storeSettings>;

const admin = async (
  bao: OpenBao,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) => {
  const answer = await fetch(`${bao.url}/v1/${path}`, {
    method,
    headers: { 'x-vault-token': bao.token, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  const text = await answer.text();
  return text === '' ? undefined : JSON.parse(text);
};

const storeOf = ({ url, token }: OpenBao, settings: Partial<Settings> = {}) =>
  openVault({
    url,
    token,
    namespace: undefined,
    ca_cert: undefined,
    default_mount_point: 'secret',
    kv_version: 'v2',
    ...settings,
  });

const read = async (store: VaultClient, parameters: Partial<Parameters>) =>
  hashicorpVault.fetch({
    parameters: {
      path: 'app',
      key: undefined,
      vault: 'default',
      mount_point: undefined,
      kv_version: undefined,
      ...parameters,
    },
    store,
    signal: alive(),
    logger: silentLogger,
    confirm: () => {},
  });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error: { code: unknown }) => error.code,
  );

withPython('against a real OpenBao', () => {
  let bao: OpenBao;
  const stores: VaultClient[] = [];
  const opened = async (settings: Partial<Settings> = {}) => {
    const store = await storeOf(bao, settings);
    stores.push(store);
    return store;
  };
  const stored = { password: 'p\u00e4ss"\n', number: 5, nested: { a: [1, 'x'] }, empty: '', nothing: null, yes: true };

  beforeAll(async () => {
    bao = await startOpenBao(String(python));
    await admin(bao, 'POST', 'sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
    await admin(bao, 'POST', 'sys/mounts/team/kv2', { type: 'kv', options: { version: '2' } });
    await admin(bao, 'POST', 'secret/data/app', { data: stored });
    await admin(bao, 'POST', 'secret/data/a%20b/%C3%A9%25', { data: { k: 'odd' } });
    await admin(bao, 'POST', 'team/kv2/data/x/y', { data: { k: 'deep mount' } });
    await admin(bao, 'POST', 'kv1/app', { password: 'one', n: 1 });
  }, 60_000);
  afterAll(async () => {
    for (const store of stores) store.close();
    await bao?.stop();
  });

  test.each([
    [{ key: 'password' }, stored.password],
    [{ key: 'number' }, '5'],
    [{ key: 'nested' }, '{"a":[1,"x"]}'],
    [{ key: 'empty' }, ''],
    [{ key: 'yes' }, 'true'],
    [{ path: '/app/', key: 'password' }, stored.password],
    [{ path: 'a b/é%', key: 'k' }, 'odd'],
    [{ mount_point: 'team/kv2', path: 'x/y', key: 'k' }, 'deep mount'],
    [{ mount_point: 'kv1', kv_version: 'v1', key: 'password' }, 'one'],
    [{ mount_point: 'kv1', kv_version: 'v1' }, '{"n":1,"password":"one"}'],
    [{ path: 'absent' }, undefined],
    [{ path: 'absent', key: 'password' }, undefined],
    [{ mount_point: 'kv1', kv_version: 'v1', path: 'absent' }, undefined],
    [{ mount_point: 'kv1', kv_version: 'v2' }, undefined],
  ] as const)('%j gives %j', async (parameters, value) => expect(await read(await opened(), parameters)).toBe(value));

  test('without a key the whole secret comes as JSON', async () =>
    expect(JSON.parse(String(await read(await opened(), {})))).toEqual(stored));

  test('a number that JavaScript would round comes as the server has it', async () => {
    // KV v2 rounds it itself when it is stored; v1 does not.
    const body = '{"n":12345678901234567890123}';
    await fetch(`${bao.url}/v1/kv1/long`, { method: 'POST', headers: { 'x-vault-token': bao.token }, body });
    const parameters = { path: 'long', mount_point: 'kv1', kv_version: 'v1' } as const;
    expect(await read(await opened(), { ...parameters, key: 'n' })).toBe('12345678901234567890123');
    expect(await read(await opened(), parameters)).toBe(body);
  });

  test("the store's mount and version are used where the secret names none, and overruled where it does", async () => {
    const store = await opened({ default_mount_point: 'kv1', kv_version: 'v1' });
    expect(await read(store, { key: 'password' })).toBe('one');
    expect(await read(store, { mount_point: 'secret', kv_version: 'v2', key: 'number' })).toBe('5');
  });

  test.each([
    [{ key: 'absent' }, 'not-found'],
    [{ key: 'nothing' }, 'not-found'],
    [{ key: '__proto__' }, 'not-found'],
    [{ mount_point: 'nowhere' }, 'not-found'],
    [{ kv_version: 'v1' }, 'misconfigured'],
  ] as const)('%j fails with %s', async (parameters, code) =>
    expect(await codeOf(read(await opened(), parameters))).toBe(code),
  );

  test('a deleted and a destroyed version are not there', async () => {
    for (const [path, ...steps] of [
      ['deleted', ['DELETE', 'secret/data/deleted', undefined]],
      ['destroyed', ['PUT', 'secret/destroy/destroyed', { versions: [1] }]],
    ] as const) {
      await admin(bao, 'POST', `secret/data/${path}`, { data: { k: 'v' } });
      expect(await read(await opened(), { path, key: 'k' })).toBe('v');
      for (const [method, address, body] of steps) await admin(bao, method, address, body);
      expect(await read(await opened(), { path, key: 'k' })).toBeUndefined();
    }
  });

  test('a wrong token and a token whose policies do not reach the path are denied', async () => {
    await admin(bao, 'PUT', 'sys/policies/acl/narrow', {
      policy: 'path "secret/data/mine" { capabilities = ["read"] }',
    });
    await admin(bao, 'POST', 'secret/data/mine', { data: { k: 'mine' } });
    const { auth } = await admin(bao, 'POST', 'auth/token/create', { policies: ['narrow'] });
    const narrow = await opened({ token: auth.client_token });
    expect(await read(narrow, { path: 'mine', key: 'k' })).toBe('mine');
    expect(await codeOf(read(narrow, { key: 'password' }))).toBe('denied');
    expect(await codeOf(read(await opened({ token: 'wrong' }), { key: 'password' }))).toBe('denied');
  });

  test('a namespace is a world of its own', async () => {
    await admin(bao, 'PUT', 'sys/namespaces/team-a', {});
    const inside = { 'x-vault-namespace': 'team-a' };
    await admin(bao, 'POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } }, inside);
    await admin(bao, 'POST', 'secret/data/app', { data: { k: 'of team-a' } }, inside);
    expect(await read(await opened({ namespace: 'team-a' }), { key: 'k' })).toBe('of team-a');
    expect(await codeOf(read(await opened({ namespace: 'nobody' }), { key: 'k' }))).toBe('not-found');
  });

  test('a quota that is spent is throttling', async () => {
    await admin(bao, 'POST', 'sys/mounts/slow', { type: 'kv', options: { version: '2' } });
    await admin(bao, 'POST', 'slow/data/app', { data: { k: 'v' } });
    await admin(bao, 'POST', 'sys/quotas/rate-limit/slow', { path: 'slow', rate: 1, interval: '60s' });
    const store = await opened({ default_mount_point: 'slow' });
    const outcomes = [await codeOf(read(store, {})), await codeOf(read(store, {})), await codeOf(read(store, {}))];
    expect(outcomes.at(-1)).toBe('throttled');
  });

  test('thirty-two reads at once agree', async () => {
    const store = await opened();
    const values = await Promise.all(Array.from({ length: 32 }, () => read(store, { key: 'password' })));
    expect(new Set(values)).toEqual(new Set([stored.password]));
  });

  test('a check passes while the store is open, and fails once it is sealed, as every read does', async () => {
    const store = await opened();
    await hashicorpVault.check?.(store, alive());
    await admin(bao, 'PUT', 'sys/seal');
    expect(await codeOf(Promise.resolve(hashicorpVault.check?.(store, alive())))).toBe('unavailable');
    expect(await codeOf(read(store, { key: 'password' }))).toBe('unavailable');
  });
});

withPython('against a real OpenBao over https', () => {
  let bao: OpenBao;
  beforeAll(async () => {
    bao = await startOpenBao(String(python), 'https');
  }, 60_000);
  afterAll(() => bao?.stop());

  test('reads with the authority that the store names, and not without it', async () => {
    const trusting = await storeOf(bao, { ca_cert: bao.caFile });
    const doubting = await storeOf(bao);
    await hashicorpVault.check?.(trusting, alive());
    expect(await read(trusting, { path: 'absent' })).toBeUndefined();
    expect(await codeOf(read(doubting, { path: 'absent' }))).toBe('misconfigured');
    for (const store of [trusting, doubting]) store.close();
  });

  test('plain http to it is misconfigured', async () => {
    const store = await storeOf({ ...bao, url: bao.url.replace('https:', 'http:') });
    expect(await codeOf(read(store, { path: 'absent' }))).toBe('misconfigured');
    store.close();
  });
});
