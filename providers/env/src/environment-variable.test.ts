import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parameter, silentLogger, type PluginContext, type SecretsProvider } from '@latchkey/core';
import plugin, { environmentVariable, type EnvironmentVariableOptions } from './index';

const environment = {
  GIT_TOKEN: 'g1',
  EMPTY: '',
  SPACED: '  a \n',
  LATCHKEY_SUPERUSER_PASSWORD: 'host',
  latchkey_lower: 'host',
  PGPASSWORD: 'host',
  DEVICE_A: 'a',
  DEVICE_B: 'b',
  DEVICE: 'c',
};

const read = (variable: string, options: EnvironmentVariableOptions = {}) =>
  environmentVariable({ environment, ...options }).fetch({
    parameters: { variable },
    store: undefined,
    signal: new AbortController().signal,
    logger: silentLogger,
    confirm: () => {},
  });

describe('environment-variable', () => {
  test.each([
    ['GIT_TOKEN', 'g1'],
    ['EMPTY', ''],
    ['SPACED', '  a \n'],
  ])('gives the exact value of %s', (variable, value) => expect(read(variable)).toBe(value));

  test.each(['ABSENT', 'constructor', 'toString', '__proto__', 'git_token'])('has no value for %s', (variable) =>
    expect(read(variable)).toBeUndefined(),
  );

  test('reads the environment of the process as it is at the time of the read', () => {
    const request = {
      parameters: { variable: 'PROVIDER_TEST_LATE' },
      store: undefined,
      signal: new AbortController().signal,
      logger: silentLogger,
      confirm: () => {},
    };
    const provider = environmentVariable();
    expect(provider.fetch(request)).toBeUndefined();
    process.env.PROVIDER_TEST_LATE = 'late';
    try {
      expect(provider.fetch(request)).toBe('late');
    } finally {
      delete process.env.PROVIDER_TEST_LATE;
    }
    for (const inherited of ['constructor', '__proto__', 'hasOwnProperty'])
      expect(provider.fetch({ ...request, parameters: { variable: inherited } })).toBeUndefined();
  });

  test("never gives the host's own settings, whatever is allowed, and answers as for an undefined one", () => {
    const boundary = { environment: ['PGPASSWORD', 'DEVICE_*'] };
    for (const names of [undefined, ['*'], ['LATCHKEY_*', 'PGPASSWORD', 'DEVICE_A']]) {
      for (const variable of ['LATCHKEY_SUPERUSER_PASSWORD', 'latchkey_lower', 'PGPASSWORD', 'DEVICE_A', 'ABSENT'])
        expect(read(variable, { names, boundary })).toBeUndefined();
    }
    expect(read('DEVICE', { boundary })).toBe('c');
  });

  test.each([
    [['DEVICE_*'], { DEVICE_A: 'a', DEVICE_B: 'b', DEVICE: undefined, GIT_TOKEN: undefined }],
    [['DEVICE'], { DEVICE: 'c', DEVICE_A: undefined }],
    [['*'], { DEVICE: 'c', GIT_TOKEN: 'g1' }],
    [[], { DEVICE: undefined, GIT_TOKEN: undefined }],
  ])('with names %j only those are readable', (names, expected) => {
    for (const [variable, value] of Object.entries(expected)) expect(read(variable, { names })).toBe(value);
  });

  test('declares its parameter and its not-found text as Nautobot does', () => {
    const { slug, className, notFound, parameters } = environmentVariable();
    expect({ slug, className, notFound }).toEqual({
      slug: 'environment-variable',
      className: 'EnvironmentVariableSecretsProvider',
      notFound: 'Undefined environment variable "{variable}"!',
    });
    expect(parameters.variable).toMatchObject({ help: 'Environment variable name', required: true, slot: 'env-name' });
  });
});

const register = (config: Record<string, unknown>) => {
  const contributed: SecretsProvider[] = [];
  plugin.register({
    id: 'environment-variable',
    config,
    logger: silentLogger,
    boundary: { environment: ['GIT_*'], paths: [] },
    contribute: (_point, contribution) => void contributed.push(contribution as SecretsProvider),
    provide: () => {},
  } satisfies PluginContext);
  const [provider] = contributed;
  return (variable: string) =>
    provider?.fetch({
      parameters: { variable } as never,
      store: undefined,
      signal: new AbortController().signal,
      logger: silentLogger,
      confirm: () => {},
    });
};

describe('the plugin', () => {
  beforeAll(() => Object.assign(process.env, { GIT_PROVIDER_TEST: 'no', PROVIDER_TEST_A: 'a', PROVIDER_TEST_B: 'b' }));
  afterAll(() => {
    for (const name of ['GIT_PROVIDER_TEST', 'PROVIDER_TEST_A', 'PROVIDER_TEST_B']) delete process.env[name];
  });

  test("obeys the operator's names and the host's boundary", () => {
    const fetch = register({ names: 'GIT_*,  PROVIDER_TEST_A' });
    expect(['PROVIDER_TEST_A', 'PROVIDER_TEST_B', 'GIT_PROVIDER_TEST'].map(fetch)).toEqual(['a', undefined, undefined]);
    expect(register({})('PROVIDER_TEST_B')).toBe('b');
    expect(register({ names: '' })('PROVIDER_TEST_B')).toBeUndefined();
  });

  test.each(['A-B', '*_TOKEN', 'A**', '1A', 'A;B'])('refuses the pattern %s', (names) =>
    expect(() => register({ names })).toThrow('is neither a variable name nor a PREFIX* pattern.'),
  );

  test('declares its configuration in the manifest as parameters would', () => {
    const { latchkey } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
    const names = parameter.text(latchkey.config.properties.names.description, { required: false });
    expect(latchkey.config).toMatchObject({ properties: { names: { type: 'string', description: names.help } } });
    expect(latchkey.config).toMatchObject({ required: [], additionalProperties: false });
  });
});
