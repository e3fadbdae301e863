import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretsProviders } from '@latchkey/core';
import { createKernel } from '@latchkey/core/kernel';
import { provide, temporaryFolder, writeFiles } from './support/temporary-package';

const manifest = (name: string, more: object = {}, latchkey: object = {}) => ({
  name,
  version: '1.0.0',
  latchkey: { id: name, core: '^0.1.0', ...latchkey },
  ...more,
});

const entry = (slug: string, name = slug) => `
const { definePlugin, defineProvider, secretsProviders } = require('@latchkey/core');
const provider = defineProvider({ slug: '${slug}', name: '${name}', parameters: {}, fetch: () => 'value' });
exports.default = definePlugin({ register: (context) => context.contribute(secretsProviders, provider) });
`;

/** An application with core and a few packages installed. */
function application(packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string {
  const root = temporaryFolder();
  provide(root, '@latchkey/core');
  for (const [name, files] of Object.entries(packages)) writeFiles(join(root, 'node_modules', name), files);
  return root;
}

const namesOf = (kernel: ReturnType<typeof createKernel>) =>
  kernel.contributions(secretsProviders).map(({ value }) => value.name);

async function load(root: string, ...plugins: string[]) {
  const kernel = createKernel({ root, plugins });
  await kernel.start();
  return kernel;
}

describe('a package is found and loaded', () => {
  test('by name, in the node_modules of a folder above', async () => {
    const root = application({
      '@some/backend': { 'package.json': manifest('backend'), 'index.js': entry('backend') },
    });
    const deep = join(root, 'apps/one');
    mkdirSync(deep, { recursive: true });
    expect(namesOf(await load(deep, '@some/backend'))).toEqual(['backend']);
  });

  test('not when it is not installed', async () => {
    await expect(load(application({}), 'nowhere')).rejects.toThrow('nowhere: no package.json can be read.');
  });

  const files = { 'a.js': entry('backend', 'a'), 'b.js': entry('backend', 'b'), 'c/index.js': entry('backend', 'c') };
  test.each([
    ['the entry of its manifest', { main: './b.js' }, { entry: './a.js' }, 'a'],
    ['its main', { main: './b.js' }, {}, 'b'],
    ['its main without extension', { main: 'b' }, {}, 'b'],
    ['its main that is a folder', { main: './c' }, {}, 'c'],
    ['exports before main', { main: './b.js', exports: './a.js' }, {}, 'a'],
    ['exports with a dot', { exports: { '.': './a.js', './b': './b.js' } }, {}, 'a'],
    [
      'conditions in their order',
      { exports: { '.': { types: './a.d.ts', browser: './b.js', default: './a.js' } } },
      {},
      'a',
    ],
    ['conditions without a dot', { exports: { node: './a.js', default: './b.js' } }, {}, 'a'],
    [
      'nested conditions',
      { exports: { '.': { node: { browser: './b.js' }, require: [{ default: './a.js' }] } } },
      {},
      'a',
    ],
  ])('by %s', async (_what, json, latchkey, expected) => {
    const root = application({ backend: { 'package.json': manifest('backend', json, latchkey), ...files } });
    expect(namesOf(await load(root, 'backend'))).toEqual([expected]);
  });

  test('with a module.exports that is the plugin', async () => {
    const code = `module.exports = require('@latchkey/core').definePlugin({ register() {} });`;
    const root = application({ backend: { 'package.json': manifest('backend'), 'index.js': code } });
    expect((await load(root, 'backend')).report.lines[0]?.status).toBe('loaded');
  });

  test('through the importer of the application', async () => {
    const root = application({ backend: { 'package.json': manifest('backend'), 'index.js': 'syntax error' } });
    const seen: string[] = [];
    const importModule = async (file: string): Promise<unknown> => {
      seen.push(file);
      return { default: undefined };
    };
    const kernel = createKernel({ root, plugins: ['backend'], importModule });
    await expect(kernel.start()).rejects.toThrow('has no plugin as its default export');
    expect(seen).toEqual([join(root, 'node_modules/backend/index.js')]);
  });
});

test('installed plugins that nobody named are listed, and none of their code runs', async () => {
  const root = application({
    backend: { 'package.json': manifest('backend'), 'index.js': entry('backend') },
    lurking: { 'package.json': manifest('lurking'), 'index.js': 'globalThis.lurkingRan = true;' },
    library: { 'package.json': { name: 'library', version: '1.0.0' } },
  });
  const dependencies = { backend: '*', lurking: '*', library: '*', missing: '*' };
  writeFiles(root, { 'package.json': { name: 'application', dependencies } });
  const kernel = createKernel({ root, plugins: ['backend'], discover: true });
  const report = await kernel.start();
  const [loaded, listed, ...others] = report.lines;
  expect(loaded).toMatchObject({ id: 'backend', status: 'loaded' });
  expect(listed).toMatchObject({ id: 'lurking', status: 'skipped', reason: 'found, not approved' });
  expect(others).toEqual([]);
  expect(globalThis).not.toHaveProperty('lurkingRan');
});

describe('code that changed on disk', () => {
  const files = {
    'package.json': manifest('backend'),
    'index.js': `exports.default = require('./inner.js').default;`,
    'inner.js': entry('backend'),
  };
  const twice = async (between: (folder: string) => void) => {
    const root = application({ backend: files });
    const kernel = await load(root, 'backend');
    await kernel.unload('backend');
    between(join(root, 'node_modules/backend'));
    return kernel.load('backend');
  };

  test('is loaded again when it is as it was', async () => {
    const line = await twice((folder) => {
      writeFileSync(join(folder, 'inner.js'), files['inner.js']);
      writeFiles(folder, { 'README.md': 'new', 'node_modules/other/index.js': 'new' });
    });
    expect(line.status).toBe('loaded');
  });

  test.each([
    ['a changed file', (folder: string) => writeFileSync(join(folder, 'inner.js'), entry('backend', 'changed'))],
    ['a new file', (folder: string) => writeFileSync(join(folder, 'more.js'), '')],
    [
      'a changed version',
      (folder: string) => writeFiles(folder, { 'package.json': manifest('backend', { version: '1.0.1' }) }),
    ],
    ['a file less', (folder: string) => rmSync(join(folder, 'inner.js'))],
  ])('is refused for %s', async (_what, change) => {
    expect(await twice(change)).toMatchObject({ status: 'failed', code: 'plugin-changed' });
  });
});

test('a class that was decorated by another copy of tsyringe is built, with what it asks for', async () => {
  const code = `
require('reflect-metadata');
const { injectable, inject } = require('tsyringe');
const { definePlugin, pluginConfig, secretsProviders } = require('@latchkey/core');
exports.tsyringe = require('tsyringe');
class Backend {
  constructor(config, clock) {
    Object.assign(this, { slug: 'backend', name: config.name + clock.time(), className: 'Backend', parameters: {} });
  }
  fetch() {}
}
class Clock {
  constructor(config) {
    this.config = config;
  }
  time() {
    return ' at noon for ' + this.config.name;
  }
}
injectable()(Backend);
inject(pluginConfig)(Backend, undefined, 0);
inject('clock')(Backend, undefined, 1);
injectable()(Clock);
inject(pluginConfig)(Clock, undefined, 0);
exports.default = definePlugin({
  register(context) {
    context.provide('clock', { useClass: Clock });
    context.contribute(secretsProviders, { useClass: Backend });
  },
});`;
  const config = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
  const root = application({ backend: { 'package.json': manifest('backend', {}, { config }), 'index.js': code } });
  const own = join(root, 'node_modules/backend');
  for (const name of ['tsyringe', 'reflect-metadata', 'tslib']) provide(own, name, 'copy');
  const modules: { tsyringe?: unknown }[] = [];
  const kernel = createKernel({
    root,
    plugins: ['backend'],
    config: { backend: { name: 'own copy' } },
    importModule: async (file) => {
      modules.push(require(file));
      return modules[0];
    },
  });
  await kernel.start();
  expect(namesOf(kernel)).toEqual(['own copy at noon for own copy']);
  expect(modules[0]?.tsyringe).not.toBe(require('tsyringe'));
});
