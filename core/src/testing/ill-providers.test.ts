import { inspect } from 'node:util';
import { defineProvider, type SecretsProvider } from '../contracts/secrets-provider';
import { ProviderFailure } from '../errors';
import { parameter } from '../parameters';
import { describeProvider, providerRequirements, type RequirementNumber } from '../testing';

const value = 'correct horse battery';
const healthy = defineProvider({
  slug: 'in-memory',
  name: 'In Memory',
  parameters: { key: parameter.text('Name of the value') },
  store: { mode: parameter.text('How it behaves', { required: false }) },
  open: ({ mode }) => ({ mode }),
  close: () => {},
  check: async () => {},
  metadata: async () => ({ version: '1' }),
  async fetch({ parameters, store, signal }): Promise<string | undefined> {
    if (store.mode === 'broken') throw new ProviderFailure('unavailable');
    if (store.mode === 'hanging') {
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    }
    return parameters.key === 'present' ? value : undefined;
  },
  fetchMany: async (requests) => requests.map(({ parameters: { key } }) => (key === 'present' ? value : undefined)),
}) as SecretsProvider;

let count = 0;
const ill = (change: Partial<SecretsProvider>): SecretsProvider => ({ ...healthy, ...change });
const shape = (name: string, declared: object) => ({ ...healthy.parameters, [name]: declared }) as never;
const optional = parameter.text('Extra', { required: false });

const illnesses: readonly (readonly [RequirementNumber, string, SecretsProvider])[] = [
  ['P1', 'a slug with capitals', ill({ slug: 'InMemory' })],
  ['P1', 'a slug that changes', Object.defineProperty(ill({}), 'slug', { get: () => `slug-${(count += 1)}` })],
  ['P2', 'no name', ill({ name: ' ' })],
  ['P2', 'a className with a space', ill({ className: 'In Memory' })],
  ['P2', 'a storeParameter that is not declared', ill({ storeParameter: 'nowhere' })],
  ['P3', 'a parameter without help', ill({ parameters: shape('extra', { ...optional, help: '' }) })],
  ['P3', 'a parameter in camelCase', ill({ parameters: shape('extraKey', optional) })],
  ['P4', 'a sensitive parameter', ill({ parameters: shape('extra', { ...optional, sensitive: true }) })],
  ['P7', 'another value', ill({ fetch: () => 'correct horse' })],
  ['P7', 'bytes for text', ill({ fetch: () => Buffer.from(value) })],
  ['P8', 'a value for what is absent', ill({ fetch: () => '' })],
  ['P8', 'an error for what is absent', ill({ fetch: () => Promise.reject(new Error('none')) })],
  ['P9', 'undefined for a broken backend', ill({ fetch: () => undefined })],
  ['P10', 'an answer in spite of the abort', ill({ fetch: () => value })],
  ['P11', 'a value that differs by call', ill({ fetch: () => `${value}${(count += 1)}` })],
  [
    'P12',
    'a change of the declaration',
    ill({
      fetch() {
        Object.assign(this, { name: `changed ${(count += 1)}` });
        return value;
      },
    }),
  ],
  [
    'P12',
    'a change of the parameters',
    ill({ fetch: ({ parameters }) => String(Object.assign(parameters, { key: 'changed' })) }),
  ],
  ['P13', 'values in another order', ill({ fetchMany: async () => [undefined, value, value] })],
  ['P13', 'too few values', ill({ fetchMany: async () => [value] })],
  [
    'P14',
    'a close that works once',
    ill({ close: () => ((count += 1) % 2 ? undefined : Promise.reject(new Error())) }),
  ],
  ['P15', 'a check that fails', ill({ check: () => Promise.reject(new ProviderFailure('denied')) })],
  [
    'P16',
    'a value in the log',
    ill({
      fetch({ logger }) {
        logger.debug('got', { value });
        return value;
      },
    }),
  ],
  ['P16', 'a value in an error, as base64', ill({ fetch: () => Promise.reject(new Error(btoa(value))) })],
  ['P16', 'a value in the metadata', ill({ metadata: async () => ({ version: value }) })],
  ['P16', 'a value in the client', ill({ open: () => ({ [inspect.custom]: () => value }) })],
];

/** The tests that the kit registers, not run. */
function testsOf(provider: SecretsProvider): ReadonlyMap<string, () => Promise<void>> {
  const bodies = new Map<string, () => Promise<void>>();
  const collect = Object.assign((name: string, body: () => Promise<void>) => void bodies.set(name, body), {
    skip: () => {},
  });
  const { describe: ownDescribe, test: ownTest } = globalThis;
  Object.assign(globalThis, { describe: (_name: string, body: () => void) => body(), test: collect });
  try {
    describeProvider(provider, {
      present: { parameters: { key: 'present' }, value },
      absent: { parameters: { key: 'absent' } },
      failing: { parameters: { key: 'present' }, store: { mode: 'broken' } },
      hanging: () => ({ parameters: { key: 'present' }, store: { mode: 'hanging' } }),
    });
  } finally {
    Object.assign(globalThis, { describe: ownDescribe, test: ownTest });
  }
  return bodies;
}

const run = (number: RequirementNumber, provider: SecretsProvider) =>
  testsOf(provider).get(`${number} ${providerRequirements[number]}`)?.();

test.each(illnesses)('%s is not fulfilled by %s', async (number, _what, provider) => {
  await expect(run(number, healthy)).resolves.toBeUndefined();
  await expect(run(number, provider)).rejects.toHaveProperty('message');
});

test('what a provider does not have is skipped', () => {
  const { fetchMany, check, store, ...least } = healthy;
  expect([fetchMany, check, store].every(Boolean)).toBe(true);
  const registered = [...testsOf(least).keys()].map((name) => name.split(' ')[0]);
  expect(registered).not.toEqual(expect.arrayContaining(['P13']));
  expect(registered).toHaveLength(Object.keys(providerRequirements).length - 3);
});
