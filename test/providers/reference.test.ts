import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretsProviders, type ParameterShape, type SecretsProvider } from '@latchkey/core';
import { bootTestKernel, type TestKernel } from '@latchkey/core/testing';

const root = join(__dirname, '../..');
const reference = readFileSync(join(root, 'docs/reference/providers.md'), 'utf8');
const slugs = ['environment-variable', 'text-file', 'hashicorp-vault', 'aws-secrets-manager'];

/** The rows of a section's table whose first heading is `heading`. */
function documented(slug: string, heading: string): string[] {
  const section = reference.split(/^## /m).find((text) => text.startsWith(`${slug}\n`)) ?? '';
  const [, ...rows] = section.split(`| ${heading} | kind |`)[1]?.split('\n\n')[0]?.split('\n') ?? [];
  return rows.slice(1);
}

const rowsOf = (shape: ParameterShape = {}) =>
  Object.entries(shape).map(([name, { kind, required, default: value, help }]) => {
    const shown = value === undefined ? '' : `\`${String(value)}\` `;
    return `| \`${name}\` | ${kind} | ${required ? 'yes' : 'no'} | ${shown}| ${help} |`;
  });

interface ConfigSchema {
  readonly properties?: Record<string, { type: string; description: string; default?: unknown }>;
}

describe('the shipped providers', () => {
  let booted: TestKernel;
  beforeAll(async () => {
    booted = await bootTestKernel({
      root,
      plugins: slugs.map((slug) => `@latchkey/provider-${slug}`),
      config: { 'environment-variable': { names: 'A, B_*' }, 'text-file': { roots: '/run/secrets', max_bytes: 1000 } },
    });
  });
  afterAll(() => booted.kernel.stop());

  const providerOf = (slug: string): SecretsProvider | undefined =>
    booted.kernel.contributions(secretsProviders).find(({ value }) => value.slug === slug)?.value;

  test('are loaded as plugins, by name, with their configuration', () => {
    const loaded = booted.report.lines.map(({ id, package: name, status }) => [id, name, status]);
    expect(loaded).toEqual(slugs.map((slug) => [slug, `@latchkey/provider-${slug}`, 'loaded']));
    expect(slugs.map((slug) => providerOf(slug)?.slug)).toEqual(slugs);
  });

  test.each(slugs)('%s: the reference lists its parameters, stores and configuration as they are', (slug) => {
    const provider = providerOf(slug);
    expect(documented(slug, 'parameter')).toEqual(rowsOf(provider?.parameters));
    expect(documented(slug, 'store setting')).toEqual(rowsOf(provider?.store));
    const manifest = require.resolve(`@latchkey/provider-${slug}`).replace(/(src|dist)\/index\.\w+$/, 'package.json');
    const { config = {} } = JSON.parse(readFileSync(manifest, 'utf8')).latchkey as { config?: ConfigSchema };
    const kinds: Record<string, string> = { string: 'text', integer: 'integer' };
    const settings = Object.entries(config.properties ?? {}).map(([name, property]) => {
      const value = property.default === undefined ? '' : `\`${String(property.default)}\` `;
      return `| \`${name}\` | ${kinds[property.type]} | no | ${value}| ${property.description} |`;
    });
    expect(documented(slug, 'configuration')).toEqual(settings);
  });
});
