import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restClient, type Rest } from './rest-client';
import { temporaryFolder } from './temporary-folder';
import { testDatabaseUrl } from './test-database';

const root = join(__dirname, '../..');
const entry = join(root, 'host/dist/main.js');

/** The token of the superuser that a host of a test makes at its first start. */
export const adminToken = 'admin-token-0123456789-of-the-tests';

/** What a host is started with. */
export interface HostProcessOptions {
  /** Variables beside PATH; `LATCHKEY_*` among them win over what a test host has. Undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to a file that `LATCHKEY_CONFIG` names. */
  readonly config?: unknown;
  /** Kept from an earlier start; a new one otherwise. */
  readonly dataDir?: string;
}

/** A process that ended: how, and what it said. */
export interface EndedProcess {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host in a process of its own, as in production, that answered `/readyz`. */
export interface HostProcess {
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  readonly rest: Rest;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** What it says on standard output, once it does. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it in order. */
  stop(): Promise<EndedProcess>;
  kill9(): Promise<EndedProcess>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => void child.kill('SIGKILL')));

function launch({ env = {}, config, dataDir = temporaryFolder() }: HostProcessOptions) {
  if (!existsSync(entry)) throw new Error('The host is not built: npm run build');
  const file = join(temporaryFolder(), 'latchkey.json');
  if (config !== undefined) writeFileSync(file, JSON.stringify(config));
  const given = {
    PATH: process.env.PATH,
    HOME: dataDir,
    LATCHKEY_PORT: '0',
    LATCHKEY_DATA_DIR: dataDir,
    // Without a line for each request, so that a test sees what went wrong.
    LATCHKEY_LOG_LEVEL: 'warn',
    LATCHKEY_SUPERUSER_API_TOKEN: adminToken,
    LATCHKEY_DATABASE_URL: testDatabaseUrl(dataDir),
    ...(config !== undefined && { LATCHKEY_CONFIG: file }),
    ...env,
  };
  const child = spawn(process.execPath, ['--disallow-code-generation-from-strings', entry], {
    cwd: root,
    env: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]): EndedProcess => {
    running.delete(child);
    return { code: (code ?? signal) as number | string, ...said };
  });
  return { child, said, ended, dataDir };
}

/** Starts a host that is expected to give up, and waits for its end. */
export async function runHost(options: HostProcessOptions = {}): Promise<EndedProcess & { readonly dataDir: string }> {
  const { ended, dataDir, child } = launch(options);
  const limit = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const end = await ended;
  clearTimeout(limit);
  return { ...end, dataDir };
}

/** Starts a host and waits until it is ready. */
export async function startHost(options: HostProcessOptions = {}): Promise<HostProcess> {
  const { child, said, ended, dataDir } = launch(options);
  const token = options.env?.['LATCHKEY_SUPERUSER_API_TOKEN'] ?? adminToken;
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(said.stdout);
      if (found) return found;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`The host ended without saying ${pattern}: ${said.stdout}${said.stderr}`);
      await Promise.race([once(child.stdout, 'data'), ended]);
    }
  };
  const [, address] = await says(/^Latchkey listens on (http\S+),/m);
  const url = options.env?.['LATCHKEY_PUBLIC_URL']
    ? `http://127.0.0.1:${options.env['LATCHKEY_PORT']}`
    : String(address);
  const rest = restClient(url, token);
  const { status, text } = await rest('GET', '/readyz', { token: null });
  if (status !== 200) {
    child.kill('SIGKILL');
    throw new Error(`The host is not ready: ${text} ${(await ended).stderr}`);
  }
  const end = (signal: 'SIGTERM' | 'SIGKILL') => () => {
    child.kill(signal);
    return ended;
  };
  return {
    url,
    token,
    dataDir,
    rest,
    pid: child.pid as number,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    says,
    stop: end('SIGTERM'),
    kill9: end('SIGKILL'),
  };
}
