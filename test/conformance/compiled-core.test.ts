import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerRequirements } from '@latchkey/core/testing';
import { folderWithCompiledCore, runNode } from './support/compiled-core';
import { writeFiles } from './support/temporary-package';

const template = join(__dirname, '../../plugin-template');
let folder: string;

beforeAll(async () => {
  folder = await folderWithCompiledCore();
  cpSync(template, join(folder, 'my-backend'), { recursive: true });
}, 60_000);

const esm = `
import { definePlugin, defineProvider, secretsProviders } from '@latchkey/core';
const provider = defineProvider({ slug: 'modern', name: 'Modern', parameters: {}, fetch: () => 'value' });
await Promise.resolve();
export default definePlugin({ register: (context) => context.contribute(secretsProviders, provider) });
`;

const script = `
const { secretsProviders } = require('@latchkey/core');
const { createKernel } = require('@latchkey/core/kernel');
const kernel = createKernel({ plugins: ['modern', { folder: './my-backend' }] });
kernel.start().then(async (report) => {
  console.log(JSON.stringify(kernel.contributions(secretsProviders)));
  await kernel.unload('modern');
  console.log((await kernel.load('modern')).status);
}, (error) => console.log(String(error)));
`;

test('plugins in both kinds of module are loaded, an ES module that awaits among them', async () => {
  const json = { type: 'module', exports: { import: './index.js' }, latchkey: { id: 'modern', core: '^0.1.0' } };
  writeFiles(join(folder, 'node_modules/modern'), {
    'package.json': { name: 'modern', version: '1.0.0', ...json },
    'index.js': esm,
  });
  writeFiles(folder, { 'run.js': script });
  const { code, output } = await runNode(folder, '--disallow-code-generation-from-strings', 'run.js');
  const [contributions = '', again] = output.trim().split('\n');
  expect({ code, again }).toEqual({ code: 0, again: 'loaded' });
  const found = JSON.parse(contributions) as { value: { slug: string } }[];
  expect(found.map(({ value }) => value.slug)).toEqual(['modern', 'my-backend']);
});

test('the template passes the conformance kit where it is copied to', async () => {
  const { scripts } = JSON.parse(readFileSync(join(template, 'package.json'), 'utf8')) as { scripts: { test: string } };
  const [, ...parameters] = scripts.test.split(' ');
  const { code, output } = await runNode(join(folder, 'my-backend'), '--test-reporter=tap', ...parameters);
  const numbers = Object.keys(providerRequirements);
  expect(output).toContain(`# pass ${numbers.length - 2}`);
  expect(numbers.filter((number) => !new RegExp(`^ *ok \\d+ - ${number} `, 'm').test(output))).toEqual([]);
  expect(code).toBe(0);
});
