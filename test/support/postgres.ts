import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** What a cluster is started with. */
export interface PostgresOptions {
  /** Whether a commit waits for the disk; false by default, which is quicker, and safe unless the machine itself ends. */
  readonly durable?: boolean;
}

/** A private PostgreSQL, with nothing in it; on 127.0.0.1 and a port of its own. */
export interface Postgres {
  /** The address of one of its databases. */
  url(database?: string): string;
  /** Makes a database, empty or a copy of the one at an address, and gives its address. */
  newDatabase(options?: { readonly like?: string | undefined; readonly name?: string }): Promise<string>;
  /** Starts it again after {@link halt}. */
  start(): Promise<void>;
  /** Ends it at once, its connections with it; what was committed stays. */
  halt(): Promise<void>;
  /** Ends it for good and removes it. */
  stop(): Promise<void>;
}

const debian = '/usr/lib/postgresql';

/** The folder of the server's programs: the one that the variable names, Debian's newest, or the one that PATH leads to. */
function findPrograms(): string | undefined {
  const named = process.env['LATCHKEY_TEST_POSTGRES_BIN'];
  if (named !== undefined) return named;
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

const programs = findPrograms();

/** Describes what needs PostgreSQL. Where there is none the tests are skipped and say so, except under CI, where they fail. */
export function describePostgres(name: string, tests: () => void): void {
  if (programs !== undefined || process.env['CI']) describe(name, tests);
  else describe.skip(`${name} (skipped: PostgreSQL is not installed)`, tests);
}

// PostgreSQL refuses to run as root.
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => void child.kill('SIGQUIT')));

/** Makes a cluster and starts it. Its own order of texts is that of a language, so that a test notices who relies on it. */
export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<Postgres> {
  if (programs === undefined) throw new Error('PostgreSQL is not installed.');
  const as = owner();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-pg-'));
  const [data, sockets] = [join(folder, 'data'), join(folder, 'run')];
  mkdirSync(sockets);
  if (as) for (const path of [folder, sockets]) chownSync(path, as.uid, as.gid);
  const quiet = { ...as, cwd: folder, stdio: 'pipe' } as const;
  const initdb = join(programs, 'initdb');
  const version = Number(/\d+/.exec(execFileSync(initdb, ['--version'], { encoding: 'utf8' }))?.[0]);
  const order = version >= 15 ? ['--locale-provider=icu', '--icu-locale=en-US'] : [];
  const given = ['-D', data, '-U', 'latchkey', '-A', 'trust', '-N', '--encoding=UTF8', '--locale=C.UTF-8', ...order];
  execFileSync(initdb, given, quiet);
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: sockets,
    max_connections: '200',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = (database = 'postgres') => `postgres://latchkey@127.0.0.1:${port}/${database}`;

  let server: ChildProcess | undefined;
  const start = async () => {
    const child = spawn(join(programs, 'postgres'), ['-D', data, ...flags], { ...as, cwd: folder, stdio: 'ignore' });
    server = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    for (let tries = 0; ; tries += 1) {
      if (await answers(url())) return;
      if (child.exitCode !== null || tries > 400) throw new Error('PostgreSQL does not start.');
      await pause(25);
    }
  };
  const halt = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
  };
  await start();
  let databases = 0;
  return {
    url,
    start,
    halt,
    newDatabase: async ({ like, name = `test_${(databases += 1)}` } = {}) => {
      const template = like === undefined ? '' : ` TEMPLATE ${new URL(like).pathname.slice(1)}`;
      await query(url(), `CREATE DATABASE ${name}${template}`);
      return url(name);
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await query(url, 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}

/** Asks a database one thing, as somebody beside the host would. */
export async function query<Row>(url: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(sql, [...values])).rows as Row[];
  } finally {
    await client.end().catch(() => undefined);
  }
}
