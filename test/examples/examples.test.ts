import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKernel, createResolver } from '@latchkey/core/kernel';
import { openLocalHost } from '../support/local-host';
import { adminToken } from '../support/host-process';
import { restClient } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import providerPlugin from './provider-plugin';
import { signIn } from './with-a-database';
import { readToken } from './without-a-database';

const variables = { ...process.env };
afterEach(() => {
  process.env = { ...variables };
  removeTemporaryFolders();
});

/** What stands between the marks, moved to the left; the parts are joined by an empty line. */
function exampleOf(file: string): string {
  const text = readFileSync(join(__dirname, file), 'utf8');
  const parts = [...text.matchAll(/^ *\/\/ example\n(.*?)^ *\/\/ end$/gms)].map(([, part = '']) => {
    const indent = /^ */.exec(part)?.[0] ?? '';
    const lines = part.split('\n').filter((line) => !line.includes('// oxfmt-ignore'));
    return lines.map((line) => line.replace(indent, '')).join('\n');
  });
  return parts.join('\n');
}

const codeLines = (text: string) => text.split('\n').filter((line) => /^\s*[^\s/]/.test(line));

/** The blocks of TypeScript in the README. */
function readmeBlocks(): string[] {
  const text = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, block = '']) => block);
}

test.each([
  ['provider-plugin.ts', 15],
  ['with-a-database.ts', 15],
  ['without-a-database.ts', 8],
])('%s is under %d lines, and the README quotes it as it is', (file, lines) => {
  const example = exampleOf(file);
  expect(codeLines(example).length).toBeGreaterThan(3);
  expect(codeLines(example).length).toBeLessThan(lines);
  const [first = ''] = codeLines(example);
  expect(readmeBlocks().find((block) => block.startsWith(first))).toBe(example);
});

test('every TypeScript block of the README is one that runs here', () => expect(readmeBlocks()).toHaveLength(3));

test('a plugin of a few lines gives its value, and its own text where there is none', async () => {
  const kernel = createKernel({ plugins: [{ id: 'my-backend', plugin: providerPlugin }] });
  await kernel.start();
  try {
    const secret = (key: string) => ({ name: 'S', provider: 'my-backend', parameters: { key } });
    const { resolve } = createResolver({ kernel });
    expect((await resolve(secret('routers/{{ obj.name }}'), { obj: { name: 'csr1' } })).reveal()).toBe('value-of-csr1');
    await expect(resolve(secret('absent'))).rejects.toThrow('There is no entry "absent"!');
  } finally {
    await kernel.stop();
  }
});

test('an application reads a value without a database', async () => {
  process.env.GIT_MAIN = 'token-of-main';
  const token = await readToken();
  expect(`${token}`).toBe('[REDACTED]');
  expect(token.reveal()).toBe('token-of-main');
});

test('an application reads a value through a group, with a database', async () => {
  const dataDir = temporaryFolder();
  const host = await openLocalHost({ data_dir: dataDir });
  const rest = restClient(await host.listen(), adminToken);
  const parameters = { variable: 'SSH_{{ obj.name | upper }}' };
  const secret = await create(rest, 'extras/secrets', { name: 'SSH', provider: 'environment-variable', parameters });
  const group = await create(rest, 'extras/secrets-groups', { name: 'Core switches' });
  const slot = { access_type: 'SSH', secret_type: 'password', secret: secret.id, secrets_group: group.id };
  await create(rest, 'extras/secrets-groups-associations', slot);
  await create(rest, 'inventory/objects', { object_type: 'dcim.device', name: 'csr1' });
  await host.close();

  Object.assign(process.env, {
    SSH_CSR1: 'password-of-csr1',
    LATCHKEY_DATA_DIR: dataDir,
    LATCHKEY_LOG_LEVEL: 'silent',
  });
  const passwords: string[] = [];
  await signIn({ login: (password) => void passwords.push(password) });
  expect(passwords).toEqual(['password-of-csr1']);
});
