import { readFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, type PluginContext, type SecretsProvider } from '@latchkey/core';
import plugin, { textFile } from './index';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-text-file-plugin-')));
  writeFileSync(join(folder, 'f'), 'value');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const register = (config: Record<string, unknown>, paths: readonly string[] = []) => {
  const contributed: SecretsProvider[] = [];
  plugin.register({
    id: 'text-file',
    config,
    logger: silentLogger,
    boundary: { environment: [], paths },
    contribute: (_point, contribution) => void contributed.push(contribution as SecretsProvider),
    provide: () => {},
  } satisfies PluginContext);
  const [provider] = contributed;
  return () =>
    provider?.fetch({
      parameters: { path: join(folder, 'f'), raw: false } as never,
      store: undefined,
      signal: new AbortController().signal,
      logger: silentLogger,
      confirm: () => {},
    });
};

test("obeys the operator's roots and size and the host's boundary", async () => {
  expect(await register({})()).toBe('value');
  expect(await register({ roots: `/nowhere:${folder}`, max_bytes: 5 })()).toBe('value');
  expect(await register({ roots: '/nowhere' })()).toBeUndefined();
  expect(await register({ roots: '' })()).toBeUndefined();
  expect(await register({ roots: folder }, [folder])()).toBeUndefined();
  await expect(register({ max_bytes: 4 })()).rejects.toMatchObject({ code: 'malformed' });
});

test.each([
  [{ roots: 'relative' }, 'roots: "relative" is not an absolute path.'],
  [{ roots: '/a:/b/../c' }, 'roots: "/b/../c" is not an absolute path.'],
  [{ max_bytes: 0 }, 'max_bytes: not between 1 and 1048576.'],
  [{ max_bytes: 1_048_577 }, 'max_bytes: not between 1 and 1048576.'],
])('refuses the configuration %j', (config, message) => expect(() => register(config)).toThrow(message));

test('declares its parameters, its texts and its configuration', () => {
  const { slug, className, notFound, parameters } = textFile();
  expect({ slug, className, notFound }).toEqual({
    slug: 'text-file',
    className: 'TextFileSecretsProvider',
    notFound: 'File "{path}" not found!',
  });
  expect(parameters).toMatchObject({
    path: { help: 'Absolute filesystem path to the file', required: true, slot: 'path' },
    raw: { kind: 'flag', required: false, default: false },
  });
  const { latchkey } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  expect(latchkey.config).toMatchObject({
    properties: { roots: { type: 'string' }, max_bytes: { type: 'integer', default: 65_536 } },
    required: [],
    additionalProperties: false,
  });
});
