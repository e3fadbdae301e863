import { defineProvider, parameter, secretsProviders, type ExtensionPoint, type SecretsProvider } from '@latchkey/core';
import type { ReportLine, StoreSettings } from '@latchkey/core/kernel';
import { checkStores } from './store-faults';

const open = jest.fn();
const vault = defineProvider({
  slug: 'vault',
  name: 'Vault',
  parameters: {},
  store: {
    url: parameter.text('Address'),
    token: parameter.text('Token', { sensitive: true }),
    version: parameter.choice('Version', ['v1', 'v2'], { default: 'v2' }),
    retries: parameter.integer('Retries', { required: false }),
    verify: parameter.flag('Whether to verify'),
  },
  open,
  fetch: () => 'x',
});
const plain = defineProvider({ slug: 'plain', name: 'Plain', parameters: {}, fetch: () => 'x' });
const facts = { id: 'p', package: 'p', version: '1.0.0' };

function check(stores: StoreSettings, status: ReportLine['status'] = 'loaded'): void {
  const contributions = <T>(point: ExtensionPoint<T>) => {
    expect(point).toBe(secretsProviders);
    return [vault, plain].map((value) => ({ value: value as SecretsProvider as T, plugin: facts }));
  };
  const lines: ReportLine[] = [{ ...facts, status, milliseconds: 0 }];
  checkStores(stores, { contributions, report: { lines } });
}

const complete = { url: 'https://vault', token: 'canary' };

test.each([
  complete,
  { ...complete, version: 'v1', retries: '3', verify: 'false' },
  { ...complete, retries: 3, verify: true },
  { url: 'https://vault', token_file: '/run/token' },
  { ...complete, token: 'a {{ brace' },
])('%j is a store, and is not opened', (settings) => {
  check({ vault: { default: settings } });
  expect(open).not.toHaveBeenCalled();
});

test.each<[StoreSettings, string]>([
  [{ vualt: { default: complete } }, 'stores.vualt: no such provider runs; running: vault, plain'],
  [{ constructor: { default: complete } }, 'stores.constructor: no such provider runs'],
  [{ plain: { default: {} } }, 'stores.plain: this provider has no stores'],
  [
    { vault: { default: { ...complete, tokn: 'canary' } } },
    'stores.vault.default: there is no setting "tokn"; known: ',
  ],
  [{ vault: { a: complete, b: { url: 'x' } } }, 'stores.vault.b: token is missing'],
  [{ vault: { default: { ...complete, url: '' } } }, 'stores.vault.default: url is missing'],
  [{ vault: { default: { ...complete, url_file: '/x' } } }, 'there is no setting "url_file"'],
  [{ vault: { default: { url: 'x', token_file: 1 } } }, 'token_file is not a path'],
  [{ vault: { default: { ...complete, token: 12 } } }, 'token is not a text'],
  [{ vault: { default: { ...complete, version: 'canary' } } }, 'version is none of v1, v2'],
  [{ vault: { default: { ...complete, version: '' } } }, 'version is none of v1, v2'],
  [{ vault: { default: { ...complete, retries: [3] } } }, 'retries is not a whole number'],
  [{ vault: { default: { ...complete, retries: 'canary' } } }, 'retries is not a whole number'],
  [{ vault: { default: { ...complete, verify: 'canary' } } }, 'verify is not true or false'],
])('%j is refused, and no value is told', (stores, message) => {
  const refusal = expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(message) });
  const refused = (() => {
    try {
      return check(stores);
    } catch (error) {
      return error;
    }
  })();
  expect(refused).toEqual(refusal);
  expect((refused as Error).message).not.toContain('canary');
});

test('the store of a provider whose plugin failed stays, those of running ones are checked all the same', () => {
  expect(() => check({ broken: { default: { any: 1 } } }, 'failed')).not.toThrow();
  expect(() => check({ broken: { default: {} }, vault: { default: {} } }, 'failed')).toThrow('url is missing');
  expect(() => check({ broken: { default: {} } }, 'skipped')).toThrow('no such provider runs');
});
