import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startHost, type HostProcess } from '../support/host-process';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

// Each command of the tour loads a client; on a busy machine half a dozen of them take their time.
jest.setTimeout(120_000);

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const tour = readme.slice(readme.indexOf('## The tour'), readme.indexOf('## For the author'));
const [arrange = '', commands = '', answer = '', more = ''] = [...tour.matchAll(/```(?:sh)?\n([^]*?)```/g)].map(
  ([, block]) => block,
);

let host: HostProcess;
let home: string;

/** Runs lines of the README in a shell, with the command in npx' place and the tour's folders in a temporary one. */
async function run(lines: string): Promise<string> {
  const script = lines
    .replaceAll('npx latchkey', 'latchkey')
    .replaceAll('/tmp/tour', join(home, 'tour'))
    .replaceAll('.latchkey/', `${host?.dataDir ?? ''}/`);
  const env = { PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, LATCHKEY_DATA_DIR: host?.dataDir };
  const { stdout } = await promisify(execFile)('sh', ['-ec', script], { env, cwd: home });
  return stdout;
}

beforeAll(async () => {
  home = temporaryFolder();
  mkdirSync(join(home, 'bin'));
  const command = join(home, 'bin/latchkey');
  const bin = join(root, 'host/bin/latchkey.js');
  const line = `exec '${process.execPath}' --disallow-code-generation-from-strings '${bin}' "$@"`;
  writeFileSync(command, `#!/bin/sh\n${line}\n`);
  chmodSync(command, 0o755);
  const [files = '', start = ''] = arrange.trim().split('\n');
  await run(files);
  const [, name = '', value] = /^(\w+)=(\S+) npm start$/.exec(start) ?? [];
  host = await startHost({ env: { [name]: value } });
});

afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

test('three commands fetch two values for a device, and show neither', async () => {
  expect(commands.trim().split('\n')).toHaveLength(3);
  const said = await run(commands);
  expect(said.endsWith(answer)).toBe(true);
  expect(said).not.toMatch(/let-me-in|enable-me/);
});

test('the rest of the tour explains, shows the records and runs a program', async () => {
  const said = await run(more);
  expect(said).toContain('permission');
  const entries = JSON.parse(/\{"count".*\]\}/.exec(said)?.[0] ?? '{}') as {
    results: { action: string; object: string }[];
  };
  expect(entries.results.map(({ action, object }) => `${action} ${object}`)).toEqual(['check csr1', 'check csr1']);
  expect(said).toContain(`${'let-me-in'.length} characters`);
  expect(said).not.toMatch(/let-me-in|enable-me/);
});
