import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminToken } from '../support/host-process';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(60_000);

const dist = join(__dirname, '../../host/dist');
const started: ChildProcess[] = [];

afterEach(() => started.splice(0).forEach((child) => void child.kill('SIGKILL')));
afterAll(removeTemporaryFolders);

/** Starts node without the flag. */
function start(parameters: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const dataDir = temporaryFolder();
  const env = {
    PATH: process.env.PATH,
    LATCHKEY_PORT: '0',
    LATCHKEY_DATA_DIR: dataDir,
    LATCHKEY_SUPERUSER_API_TOKEN: adminToken,
    ...more,
  };
  const child = spawn(process.execPath, parameters, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  // The pipes close when the last process that has them is gone.
  const ended = once(child, 'close').then(async () => ({ code: await exited, ...said }));
  const listens = async () => {
    while (!said.stdout.includes('Latchkey listens on')) {
      if (child.exitCode !== null) throw new Error(said.stderr);
      await Promise.race([once(child.stdout, 'data'), ended]);
    }
    return String(/listens on (http\S+),/.exec(said.stdout)?.[1]);
  };
  return { child, said, ended, listens };
}

const main = join(dist, 'main.js');

/** The processes that a process started, by their ids; as Linux tells them. */
const childrenOf = ({ pid }: ChildProcess) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);

(process.platform === 'linux' ? describe : describe.skip)('the production start', () => {
  test('a host that is started without the flag runs under it, in one process more', async () => {
    const { child, ended, listens } = start([main]);
    await listens();
    const [host, ...others] = childrenOf(child);
    expect(others).toEqual([]);
    expect(readFileSync(`/proc/${host}/cmdline`, 'utf8').split('\0')).toContain(
      '--disallow-code-generation-from-strings',
    );
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stderr: '', stdout: expect.not.stringContaining('warning') });
  });

  test('a host that is started with the flag is one process', async () => {
    const { child, ended, listens } = start(['--disallow-code-generation-from-strings', main]);
    await listens();
    expect(childrenOf(child)).toEqual([]);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('a signal to both processes, as of a terminal, is one signal', async () => {
    const { child, ended, listens } = start([main]);
    await listens();
    process.kill(Number(childrenOf(child)[0]), 'SIGINT');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('the exit code of the host is that of the process that started it', async () => {
    const { code, stderr } = await start([main], { LATCHKEY_PORT: '70000' }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('latchkey: port: ') });
    const { child, ended, listens } = start([main]);
    await listens();
    process.kill(Number(childrenOf(child)[0]), 'SIGKILL');
    expect(await ended).toMatchObject({ code: 137 });
  });
});

test('the host stops in order when the process that started it is killed', async () => {
  const { child, ended, listens } = start([main]);
  const address = await listens();
  child.kill('SIGKILL');
  expect(await ended).toMatchObject({ code: 'SIGKILL', stderr: '' });
  await expect(fetch(`${address}/livez`)).rejects.toThrow('fetch failed');
});

const script = `
  const { createHost } = require(${JSON.stringify(join(dist, 'index.js'))});
  createHost().then(async (host) => {
    process.stdout.write(JSON.stringify(host.report.warnings) + String(host.report));
    await host.close();
  });
`;

test('a host of an application without the flag runs, and its report warns', async () => {
  const { code, stdout } = await start(['-e', script]).ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\["this process may compile/);
  expect(stdout).toMatch(/^warning this process .*--disallow-code-generation-from-strings$/m);
  const { stdout: safe } = await start(['--disallow-code-generation-from-strings', '-e', script]).ended;
  expect(safe).toMatch(/^\[\]loaded/);
  expect(safe).not.toContain('warning');
});
