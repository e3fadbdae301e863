import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig, shippedPlugins } from '../../host/src/config';
import { environmentNames, settingsSchema } from '../../host/src/config/schema';
import { codeIn, readPage, tableUnder } from './page';

const page = readPage('docs/reference/configuration.md');
const settings = tableUnder(page, 'Settings');
const plugins = tableUnder(page, 'Plugins');
const defaults: Readonly<Record<string, unknown>> = settingsSchema.parse({});
const names = Object.keys(settingsSchema.shape);
const [, example = ''] = /```json\n(.*?)```/s.exec(page) ?? [];

const written = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** How the page names the variable of a setting: none for what stands in the file alone. */
function variableOf(name: string): string {
  if (!Object.hasOwn(environmentNames, name)) return '';
  const variable = `\`LATCHKEY_${name.toUpperCase()}\``;
  return environmentNames[name as keyof typeof environmentNames] ? `${variable}, \`_FILE\`` : variable;
}

test('the settings are those of the host, with their variables, both ways', () => {
  const rows = settings.map(([name, variable]) => [codeIn(name), variable]);
  expect(rows).toEqual(names.map((name) => [name, variableOf(name)]));
});

test('a default that the host knows is told as it is', () => {
  const rows = settings.filter(([name]) => codeIn(name) !== 'plugins' && defaults[codeIn(name)] !== undefined);
  expect(rows.map(([name, , value]) => [codeIn(name), codeIn(value)])).toEqual(
    rows.map(([name]) => [codeIn(name), written(defaults[codeIn(name)])]),
  );
  expect(rows.length).toBeGreaterThan(7);
});

test('the settings of plugins are those of the host, with their defaults, both ways', () => {
  const known = settingsSchema.shape.plugins.parse({ enabled: [] });
  expect(plugins.map(([name]) => codeIn(name))).toEqual(Object.keys(known).map((name) => `plugins.${name}`));
  const { enabled: _, ...others } = known;
  expect(plugins.slice(1).map(([, value]) => codeIn(value))).toEqual(Object.values(others).map(written));
});

test('the shipped plugins are those of the host', () => {
  expect([...page.matchAll(/^- `(@latchkey\/\S+)`$/gm)].map(([, name]) => name)).toEqual([...shippedPlugins]);
});

test('each variable that may be a file is named in full', () => {
  const files = [...page.matchAll(/`LATCHKEY_(\w+)_FILE`/g)].map(([, name]) => name?.toLowerCase() ?? '');
  const expected = Object.entries(environmentNames).flatMap(([name, hasFile]) => (hasFile ? [name] : []));
  expect(files.filter((name) => !Object.hasOwn(environmentNames, `${name}_file`)).toSorted()).toEqual(
    expected.toSorted(),
  );
});

test('the whole file is a configuration, and leaves out only what had better be kept elsewhere', () => {
  const apart = new Set(['tls_key_passphrase', 'superuser_password', 'superuser_api_token']);
  const content = JSON.parse(example) as Record<string, unknown>;
  expect(Object.keys(content)).toEqual(names.filter((name) => !apart.has(name)));
  const folder = mkdtempSync(path.join(tmpdir(), 'configuration-page-'));
  try {
    const file = path.join(folder, 'latchkey.json');
    writeFileSync(file, example);
    const config = readConfig({ LATCHKEY_CONFIG: file });
    expect(config.plugins.enabled).toContain('@acme/latchkey-plugin');
    expect(config.plugins.enabled).not.toContain('@latchkey/provider-aws-secrets-manager');
    expect(config.plugins.folders).toEqual(['/srv/latchkey/my-backend']);
    expect(config.settingFiles).toContain('/etc/latchkey/vault-lab-token');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
