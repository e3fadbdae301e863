import { definePlugin, defineProvider, parameter, ProviderFailure, secretsProviders } from '@latchkey/core';
import type { Fetched, FetchRequest, SecretsProvider } from '@latchkey/core';
import { createKernel, createResolver, type ResolveOptions } from '@latchkey/core/kernel';
import type { Principal } from '../domain/access';
import type { NewAccessEntry } from '../domain/audit';
import type { TypeDescriptor } from '../domain/descriptor';
import type { Rows } from '../domain/ports';
import { secretType } from '../domain/secrets';
import { createResolution } from './create-resolution';
import { createDefinitions } from './definitions';
import { shareFetches } from './single-flight';

/** A fetch that a test ends when it likes. */
interface Call {
  readonly request: FetchRequest;
  readonly answer: (value: Fetched) => void;
  readonly fail: (failure: Error) => void;
}

const shape = { path: parameter.text('A path'), at: parameter.text('A store', { required: false }) };

/** A resolver over one provider that counts its calls. `begin` runs in each fetch before it waits. */
async function arrange(begin: (request: FetchRequest) => void = () => undefined, more: Partial<SecretsProvider> = {}) {
  const calls: Call[] = [];
  const provider = defineProvider({
    slug: 'slow',
    name: 'Slow',
    parameters: shape,
    fetch: async (request) => {
      const answered = new Promise<Fetched>((answer, fail) => calls.push({ request, answer, fail }));
      begin(request);
      return answered;
    },
    ...(more as object),
  }) as unknown as SecretsProvider;
  const plugin = definePlugin({ register: ({ contribute }) => contribute(secretsProviders, provider) });
  const kernel = createKernel({ plugins: [{ id: 'slow', plugin }] });
  await kernel.start();
  const shared = shareFetches(kernel);
  const stores = { slow: { default: {}, other: {} } };
  const resolver = createResolver({ kernel: shared, timeout: 60_000, ...(more.store && { stores }) });
  const read = (path: string, how: ResolveOptions = {}, at?: string) =>
    resolver
      .resolve({ name: path, provider: 'slow', parameters: { path, ...(at !== undefined && { at }) } }, how)
      .then((value) => value.reveal());
  return { calls, read, kernel, shared, resolver };
}

/** Lets everything that is under way come to where it waits. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const refusing = (refused: string) => (rendered: Readonly<Record<string, unknown>>) => {
  if (rendered['path'] === refused) throw new Error(`not ${refused}`);
};

test('those who ask for the same at the same time share one fetch, and the next one is fetched anew', async () => {
  const { calls, read, shared } = await arrange();
  const reads = Array.from({ length: 100 }, () => read('/a'));
  const other = read('/b');
  await settle();
  expect(calls.map(({ request }) => request.parameters)).toEqual([{ path: '/a' }, { path: '/b' }]);
  calls[0]?.answer('A');
  calls[1]?.answer('B');
  expect(await Promise.all(reads)).toEqual(Array(100).fill('A'));
  expect(await other).toBe('B');
  expect(shared.stats()).toEqual({ fetches: 2, joined: 99 });

  const later = read('/a');
  await settle();
  calls[2]?.answer('A2');
  expect(await later).toBe('A2');
});

test('each caller of a host is decided on before, and has a record of its own; who is denied never joins', async () => {
  const { calls, resolver } = await arrange();
  const entries: NewAccessEntry[] = [];
  const secret = { id: 's1', name: 'S', provider: 'slow', parameters: { path: '/a' } };
  const get = (type: TypeDescriptor) => Promise.resolve(type === secretType ? secret : undefined);
  const definitions = createDefinitions({ rows: { get } as unknown as Rows, version: () => Promise.resolve(1) });
  await definitions.refresh();
  const resolution = createResolution({
    definitions,
    policy: {
      scope: () => ({ kind: 'all' }),
      decide: ({ principal }) => ({ allowed: principal.name !== 'eve', rule: 'r' }),
    },
    resolver,
    accessLog: { append: async (entry) => (entries.push(entry), 1) },
  });
  const acting = (name: string) => () =>
    Promise.resolve<Principal>({ id: name, name, isSuperuser: false, mayWrite: false });
  const reads = Array.from({ length: 100 }, (_, n) => resolution.use(acting(`u${n}`), { secret: 's1' }));
  await settle();
  await expect(resolution.use(acting('eve'), { secret: 's1' })).rejects.toThrow('Not found.');
  expect(entries).toMatchObject([{ user: 'eve', decision: 'denied' }]);
  expect(calls).toHaveLength(1);
  calls[0]?.answer('value');
  expect(new Set((await Promise.all(reads)).map((value) => value.reveal()))).toEqual(new Set(['value']));
  const users = new Set(entries.filter(({ outcome }) => outcome === 'ok').map(({ user }) => user));
  expect(users.size).toBe(100);
});

test('who gives up leaves the others their fetch, which is aborted when the last one goes', async () => {
  const { calls, read } = await arrange();
  const [first, second] = [new AbortController(), new AbortController()];
  const reads = [read('/a', { signal: first.signal }), read('/a', { signal: second.signal }), read('/a')];
  await settle();
  const [{ request, answer }] = calls as [Call];
  first.abort();
  await expect(reads[0]).rejects.toThrow('The read was cancelled.');
  expect(request.signal.aborted).toBe(false);
  answer('A');
  expect(await Promise.all(reads.slice(1))).toEqual(['A', 'A']);

  const alone = new AbortController();
  const last = read('/c', { signal: alone.signal });
  await settle();
  alone.abort();
  await expect(last).rejects.toThrow('The read was cancelled.');
  expect(calls[1]?.request.signal.aborted).toBe(true);
});

test('a fetch that its first caller has given up takes no more callers', async () => {
  const { calls, read } = await arrange();
  const first = new AbortController();
  const reads = [read('/a', { signal: first.signal }).catch(() => 'gone'), read('/a')];
  await settle();
  first.abort();
  reads.push(read('/a'));
  await settle();
  expect(calls).toHaveLength(2);
  calls[0]?.answer('first');
  calls[1]?.answer('second');
  expect(await Promise.all(reads)).toEqual(['gone', 'first', 'second']);
});

test('a failure is shared and not kept; each error shows what its own reader may see', async () => {
  const { calls, read } = await arrange();
  const obj = { name: 'a' };
  const failing = [read('/{{ obj.name }}', { obj }), read('/{{ obj.name }}', { obj, disclose: 'rendered' })].map(
    (one) => one.catch((error: Error) => error.message),
  );
  await settle();
  calls[0]?.fail(new ProviderFailure('denied', 'No entry "{path}".'));
  expect((await Promise.all(failing)).map((text) => text.slice(text.indexOf('No entry')))).toEqual([
    'No entry "/{{ obj.name }}".',
    'No entry "/a".',
  ]);
  expect(calls).toHaveLength(1);
  const again = read('/a');
  await settle();
  calls[1]?.answer('A');
  expect(await again).toBe('A');
});

test.each([
  ['the first caller', 0],
  ['one that joined', 1],
])('what a parameter means is put to each caller: %s is refused, the other has the value', async (_, refused) => {
  const { calls, read } = await arrange();
  const reads = [0, 1].map((n) => read('/link', n === refused ? { guard: refusing('/real') } : {}));
  const outcomes = Promise.allSettled(reads);
  await settle();
  expect(calls).toHaveLength(1);
  calls[0]?.request.confirm({ path: '/real' });
  calls[0]?.answer('A');
  const settled = await outcomes;
  expect(settled[refused]).toMatchObject({ status: 'rejected', reason: { message: 'not /real' } });
  expect(settled[1 - refused]).toEqual({ status: 'fulfilled', value: 'A' });
});

test('who comes after a meaning was told is asked about it before it joins', async () => {
  const { calls, read } = await arrange(({ confirm }) => confirm({ path: '/real' }));
  const first = read('/link');
  await settle();
  await expect(read('/link', { guard: refusing('/real') })).rejects.toThrow('not /real');
  const second = read('/link', { guard: refusing('/elsewhere') });
  await settle();
  calls[0]?.answer('A');
  expect(await Promise.all([first, second])).toEqual(['A', 'A']);
  expect(calls).toHaveLength(1);
});

test('a provider whose every caller is refused reads nothing', async () => {
  const read: string[] = [];
  const arranged = await arrange(({ confirm }) => {
    confirm({ path: '/real' });
    read.push('/real');
  });
  const guard = refusing('/real');
  await expect(arranged.read('/link', { guard })).rejects.toThrow('not /real');
  expect(read).toEqual([]);
});

test('two stores share nothing, and each is opened and closed once', async () => {
  const [open, close] = [jest.fn((): object => ({})), jest.fn()];
  const { calls, read, kernel } = await arrange(undefined, { store: {}, storeParameter: 'at', open, close });
  const reads = [read('/a', {}, 'default'), read('/a', {}, 'other'), read('/a', {}, 'other')];
  await settle();
  expect(calls.map(({ request }) => request.parameters)).toEqual([
    { path: '/a', at: 'default' },
    { path: '/a', at: 'other' },
  ]);
  for (const { answer } of calls) answer('A');
  await Promise.all(reads);
  await kernel.unload('slow');
  expect([open.mock.calls.length, close.mock.calls.length]).toEqual([2, 2]);
});

test('a provider that is a class keeps its private fields', async () => {
  class Private {
    readonly slug = 'private';
    readonly name = 'Private';
    readonly className = 'PrivateSecretsProvider';
    readonly parameters = {};
    readonly store = {};
    readonly #value = 'kept';
    open(): string {
      return this.#value;
    }
    fetch({ store }: FetchRequest): string {
      return `${this.#value} ${String(store)}`;
    }
  }
  const plugin = definePlugin({
    register: ({ contribute }) => contribute(secretsProviders, new Private() as unknown as SecretsProvider),
  });
  const kernel = createKernel({ plugins: [{ id: 'private', plugin }] });
  await kernel.start();
  const resolver = createResolver({ kernel: shareFetches(kernel) });
  const value = await resolver.resolve({ name: 'S', provider: 'private', parameters: {} });
  expect(value.reveal()).toBe('kept kept');
});
