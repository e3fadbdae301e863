import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHost, readConfig } from '@latchkey/host';
import { readPage } from './page';

const folder = mkdtempSync(path.join(tmpdir(), 'plugin-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

const template = path.resolve(__dirname, '../../plugin-template');

/** The configuration that a page shows, about the template in this tree and a file of this test. */
function configurationOf(page: string, name: string): string {
  const shown = [...readPage(page).matchAll(/```json\n(.*?)```/gs)].map(([, json]) => json ?? '');
  const found = shown.find((json) => json.includes('plugins')) ?? '';
  return found
    .replace(/\/srv\/(latchkey\/)?my-(backend|vault)"/, `${template}"`)
    .replace('@acme/latchkey-plugin', '@latchkey/provider-aws-secrets-manager')
    .replace('/srv/values.json', path.join(folder, 'values.json'))
    .replaceAll(`"${name}"`, '"my-backend"');
}

test.each([
  ['plugin-template/README.md', 'my-backend'],
  ['docs/guide/command.md', 'my-vault'],
  ['docs/reference/configuration.md', 'my-backend'],
])('what %s says loads the plugin beside the shipped ones, which take their stores', async (page, name) => {
  const dataDir = path.join(folder, path.basename(page));
  const file = `${dataDir}.json`;
  writeFileSync(file, configurationOf(page, name));
  const settings = {
    database_url: undefined,
    token_key_file: undefined,
    root: undefined,
    data_dir: dataDir,
    log_level: 'silent',
    superuser_api_token: 'a-token-for-this-test',
  };
  await using host = await createHost(readConfig({ LATCHKEY_CONFIG: file }, settings));
  const loaded = host.report.lines.filter(({ status }) => status === 'loaded').map(({ id }) => id);
  expect(loaded).toEqual(
    expect.arrayContaining([
      'aws-secrets-manager',
      'environment-variable',
      'hashicorp-vault',
      'my-backend',
      'text-file',
    ]),
  );
});
