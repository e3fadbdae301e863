import { inspect } from 'node:util';
import { defineProvider, secretsProviders, type SecretsProvider } from '../contracts/secrets-provider';
import { ProviderFailure, SecretError } from '../errors';
import { createKernel } from '../kernel';
import { parameter } from '../parameters';
import { definePlugin } from '../plugin';
import { createResolver, type ResolverOptions } from './create-resolver';

const canary = 'canary-41c9';

async function resolverOf(provider: SecretsProvider, options: Partial<ResolverOptions> = {}) {
  const plugin = definePlugin({ register: (context) => context.contribute(secretsProviders, provider) });
  const kernel = createKernel({ plugins: [{ id: 'fake', plugin }] });
  await kernel.start();
  return { kernel, resolver: createResolver({ kernel, ...options }) };
}

const echo = defineProvider({
  slug: 'echo',
  name: 'Echo',
  parameters: { variable: parameter.text('A name', { slot: 'env-name' }) },
  notFound: 'Undefined environment variable "{variable}"!',
  fetch: ({ parameters }) => (parameters.variable.startsWith('GONE') ? undefined : `value of ${parameters.variable}`),
});
const secret = (variable: unknown) => ({ name: 'S', provider: 'echo', parameters: { variable } });
const failureOf = (read: Promise<unknown>): Promise<SecretError> =>
  read.then(
    () => Promise.reject(new Error('it resolved')),
    (error: SecretError) => error,
  );

test('renders, validates, fetches and wraps', async () => {
  const { resolver } = await resolverOf(echo);
  const value = await resolver.resolve(secret("GIT_TOKEN_{{ obj.slug | replace('-', '_') | upper }}"), {
    obj: { slug: 'golden-config' },
  });
  expect(String(value)).toBe('[REDACTED]');
  expect(value.reveal()).toBe('value of GIT_TOKEN_GOLDEN_CONFIG');
});

test.each([
  [
    'an unknown provider',
    { name: 'S', provider: 'it-is-a-mystery', parameters: {} },
    {},
    'SecretProviderError: Secret "S" (provider "it-is-a-mystery"): No registered provider "it-is-a-mystery" is available',
  ],
  [
    'a missing parameter',
    secret(undefined),
    {},
    'SecretParametersError: Secret "S" (provider "EchoSecretsProvider"): The "variable" parameter is mandatory!',
  ],
  [
    'an absent value',
    secret('GONE'),
    {},
    'SecretValueNotFoundError: Secret "S" (provider "EchoSecretsProvider"): Undefined environment variable "GONE"!',
  ],
  [
    'a rendered value that the slot refuses',
    secret('A_{{ obj.name }}'),
    { obj: { name: canary } },
    expect.stringMatching(/^SecretParametersError: .*Must be a variable name/),
  ],
  [
    'an undefined attribute',
    secret('A_{{ obj.site.slug }}'),
    { obj: {} },
    expect.stringMatching(/^SecretParametersError: .*obj\.site/),
  ],
])('%s is refused as Nautobot does, without a value', async (_case, definition, options, text) => {
  const { resolver } = await resolverOf(echo);
  const error = await failureOf(resolver.resolve(definition, options));
  expect(String(error)).toEqual(text);
  expect(inspect(error)).not.toContain(canary);
});

test('an error shows the stored template, and what it became only where that is asked for', async () => {
  const { resolver } = await resolverOf(echo);
  const definition = secret('GONE_{{ obj.name }}');
  const obj = { name: 'hidden' };
  expect((await failureOf(resolver.resolve(definition, { obj }))).detail).toBe(
    'Undefined environment variable "GONE_{{ obj.name }}"!',
  );
  const disclosed = await failureOf(resolver.resolve(definition, { obj, disclose: 'rendered' }));
  expect(disclosed.detail).toBe('Undefined environment variable "GONE_hidden"!');
});

test('the guard sees the rendered parameters and stops the read before the fetch', async () => {
  const fetch = jest.fn(() => canary);
  const { resolver } = await resolverOf({ ...echo, fetch });
  const refusal = new SecretError({ secret: 'S', provider: 'P', detail: 'no', code: 'forbidden' });
  const guard = jest.fn(() => {
    throw refusal;
  });
  await expect(resolver.resolve(secret('A_{{ obj.n }}'), { obj: { n: 1 }, guard })).rejects.toBe(refusal);
  expect(guard).toHaveBeenCalledWith({ variable: 'A_1' });
  expect(fetch).not.toHaveBeenCalled();
});

test('what a provider found a parameter to mean is guarded too, and no provider can swallow the refusal', async () => {
  const refusal = new Error('outside');
  const guard = jest.fn((seen: Readonly<Record<string, unknown>>) => {
    if (seen['variable'] === 'REAL') throw refusal;
  });
  const fetch: SecretsProvider['fetch'] = ({ confirm }) => {
    try {
      confirm({ variable: 'REAL' });
    } catch {
      return canary;
    }
    return canary;
  };
  const { resolver } = await resolverOf({ ...echo, fetch: (request) => fetch(request as never) });
  await expect(resolver.resolve(secret('A'), { guard })).rejects.toBe(refusal);
  expect(guard.mock.calls).toEqual([[{ variable: 'A' }], [{ variable: 'REAL' }]]);
});

test('what a provider throws is told by class and code alone', async () => {
  const fetch = () =>
    Promise.reject(Object.assign(new TypeError(`cannot parse ${canary}`), { code: 'ERR_X', input: canary }));
  const { resolver } = await resolverOf({ ...echo, fetch });
  const error = await failureOf(resolver.resolve(secret('A')));
  expect(error.detail).toBe('The provider failed (TypeError ERR_X).');
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(canary);
});

test.each(['denied', 'throttled', 'unavailable', 'timeout', 'malformed', 'misconfigured', 'not-found'] as const)(
  'a failure with code %s keeps it',
  async (code) => {
    const fetch = () => {
      throw new ProviderFailure(code, 'About "{variable}".');
    };
    const { resolver } = await resolverOf({ ...echo, fetch });
    expect(await failureOf(resolver.resolve(secret('A')))).toMatchObject({ code, detail: 'About "A".' });
  },
);

test.each([[7], [null], [{ value: canary }], [true]])('%p is no value', async (given) => {
  const { resolver } = await resolverOf({ ...echo, fetch: () => given as never });
  const error = await failureOf(resolver.resolve(secret('A')));
  expect(error.code).toBe('malformed');
  expect(inspect(error)).not.toContain(canary);
});

test('a fetch that hangs ends at the time limit, and its signal says so', async () => {
  let seen: AbortSignal | undefined;
  const fetch = ({ signal }: { signal: AbortSignal }) => {
    seen = signal;
    return new Promise<string>(() => {});
  };
  const { resolver } = await resolverOf({ ...echo, fetch }, { timeout: 20 });
  expect(await failureOf(resolver.resolve(secret('A')))).toMatchObject({ code: 'timeout', retriable: true });
  expect(seen?.aborted).toBe(true);
});

test('the caller can give up, before and during the fetch', async () => {
  const { resolver } = await resolverOf({ ...echo, fetch: () => new Promise<string>(() => {}) });
  const controller = new AbortController();
  const reading = failureOf(resolver.resolve(secret('A'), { signal: controller.signal }));
  controller.abort();
  expect((await reading).detail).toBe('The read was cancelled.');
  const late = failureOf(resolver.resolve(secret('A'), { signal: AbortSignal.abort() }));
  expect((await late).detail).toBe('The read was cancelled.');
});

describe('stores', () => {
  const opened: string[] = [];
  const closed: string[] = [];
  const backend = defineProvider({
    slug: 'backend',
    name: 'Backend',
    parameters: { path: parameter.text('A path'), vault: parameter.text('A store', { default: 'default' }) },
    storeParameter: 'vault',
    store: {
      url: parameter.text('An address'),
      token: parameter.text('A token', { sensitive: true, required: false }),
    },
    open: ({ url }) => {
      opened.push(url);
      if (url === 'down') throw new ProviderFailure('unavailable');
      return { url };
    },
    close: ({ url }) => void closed.push(url),
    fetch: ({ parameters, store }) => `${store.url}/${parameters.path}`,
  });
  const stores = {
    backend: {
      default: { url: 'a' },
      other: { url: 'b' },
      broken: {},
      down: { url: 'down' },
      filed: { url: 'f', token_file: '/nowhere' },
    },
  };
  const at = (path: string, vault?: string) => ({
    name: 'S',
    provider: 'backend',
    parameters: { path, ...(vault && { vault }) },
  });

  test('are opened once each, on first use, and closed with their plugin', async () => {
    const { resolver, kernel } = await resolverOf(backend as never, { stores });
    expect(opened).toEqual([]);
    const values = await Promise.all(
      [at('x'), at('y'), at('z', 'other')].map((definition) => resolver.resolve(definition)),
    );
    expect(values.map((value) => value.reveal())).toEqual(['a/x', 'a/y', 'b/z']);
    expect(opened).toEqual(['a', 'b']);
    await kernel.unload('fake');
    expect(closed.toSorted()).toEqual(['a', 'b']);
    expect(await failureOf(resolver.resolve(at('x')))).toMatchObject({
      code: 'unavailable',
      name: 'SecretProviderError',
    });
  });

  test.each([
    ['nowhere', 'misconfigured', 'There is no store "nowhere" for this provider.'],
    ['constructor', 'misconfigured', 'There is no store "constructor" for this provider.'],
    ['toString', 'misconfigured', 'There is no store "toString" for this provider.'],
    ['__proto__', 'misconfigured', 'There is no store "__proto__" for this provider.'],
    ['broken', 'misconfigured', 'Store "broken": The "url" parameter is mandatory!'],
    ['filed', 'misconfigured', 'The file of the setting "token" of store "filed" cannot be read.'],
    ['down', 'unavailable', 'The backend cannot be reached.'],
  ])('the store "%s" fails with %s', async (name, code, detail) => {
    const { resolver } = await resolverOf(backend as never, { stores });
    expect(await failureOf(resolver.resolve(at('x', name)))).toMatchObject({ code, detail });
    expect(await failureOf(resolver.resolve(at('x', name)))).toMatchObject({ code, detail });
  });
});

test('an error about a store shows the template of its name to who may not see more', async () => {
  const backend = defineProvider({
    slug: 'backend',
    name: 'Backend',
    parameters: { vault: parameter.text('A store') },
    storeParameter: 'vault',
    store: { url: parameter.text('An address') },
    fetch: () => canary,
  });
  const { resolver } = await resolverOf(backend as never, { stores: { backend: { half: {} } } });
  const definition = { name: 'S', provider: 'backend', parameters: { vault: '{{ obj.vault }}' } };
  for (const vault of ['hidden-name', 'half']) {
    const error = await failureOf(resolver.resolve(definition, { obj: { vault } }));
    expect(error.detail).toContain('"{{ obj.vault }}"');
    expect(inspect(error)).not.toContain(vault);
  }
});

test('an opening that hangs ends at the time limit, and the next read tries again', async () => {
  let opened = 0;
  const backend = defineProvider({
    slug: 'backend',
    name: 'Backend',
    parameters: {},
    store: {},
    open: () => ((opened += 1) === 1 ? new Promise<string>(() => {}) : 'client'),
    fetch: ({ store }) => store,
  });
  const { resolver } = await resolverOf(backend as never, { timeout: 30 });
  const definition = { name: 'S', provider: 'backend', parameters: {} };
  expect(await failureOf(resolver.resolve(definition))).toMatchObject({ code: 'timeout' });
  expect((await resolver.resolve(definition)).reveal()).toBe('client');
});

test('a caller that has given up gets nothing, even of a provider that answers at once', async () => {
  const { resolver } = await resolverOf(echo);
  const late = failureOf(resolver.resolve(secret('A'), { signal: AbortSignal.abort() }));
  expect(await late).toMatchObject({ code: 'unavailable', detail: 'The read was cancelled.' });
});

test('says what is wrong with a definition before it is saved', async () => {
  const { resolver } = await resolverOf(echo);
  const faults = (provider: string, parameters: unknown) =>
    resolver.faults({ provider, parameters: parameters as never }).map(({ field, message }) => `${field}: ${message}`);
  expect(faults('echo', { variable: 'A_{{ obj.name }}' })).toEqual([]);
  expect(faults('nobody', {})).toEqual(['provider: No registered provider "nobody" is available']);
  expect(faults('echo', {})).toEqual(['parameters: The "variable" parameter is mandatory!']);
  expect(faults('echo', { variable: '{{ obj.' })).toEqual([expect.stringMatching(/^parameters: .*line 1/i)]);
  expect(faults('echo', { variable: '{% for a in obj %}{% endfor %}' })).toEqual([
    expect.stringMatching(/^parameters: /),
  ]);
  expect(faults('echo', 'text')).toContain('parameters: A JSON object is required.');
});
