import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, get, type AgentOptions } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import type { Host } from '../../host/src/compose';
import { makeCertificate } from '../support/certificates';
import { startTypeScript, type TypeScriptChild } from '../support/children';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

const certificate = makeCertificate('first');
const next = makeCertificate('second');
const ca = [certificate, next].map(({ certFile }) => readFileSync(certFile, 'utf8'));
let host: Host | undefined;
let child: TypeScriptChild | undefined;
afterEach(async () => {
  child?.process.kill('SIGKILL');
  await child?.ended;
  await host?.close();
  [host, child] = [undefined, undefined];
});
afterAll(removeTemporaryFolders);

const open = async (settings: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  host = await openLocalHost({ tls_cert_file: certificate.certFile, tls_key_file: certificate.keyFile, ...settings });
  return host.listen();
};

interface Said {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly socket: TLSSocket;
}

async function ask(url: string, agent: Agent, headers: Record<string, string> = {}): Promise<Said> {
  const [answer] = (await once(get(url, { agent, headers }), 'response')) as [IncomingMessage];
  // An answer that has ended does not know its socket any more.
  const socket = answer.socket as TLSSocket;
  let text = '';
  answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(answer, 'end');
  return { status: answer.statusCode, headers: answer.headers, text, socket };
}
const trusting = (more: AgentOptions = {}) => new Agent({ ca, keepAlive: true, ...more });
const nameOf = ({ socket }: Said) => socket.getPeerCertificate().subject?.CN;

test('the public address speaks TLS, with links and headers that say so', async () => {
  const url = await open();
  expect(url).toMatch(/^https:/);
  const agent = trusting();
  const { status, headers, text, socket } = await ask(`${url}/api/extras/`, agent, {
    Authorization: `Token ${adminToken}`,
  });
  expect(status).toBe(200);
  expect(text).toContain(`${url}/api/extras/secrets/`);
  expect(headers['strict-transport-security']).toMatch(/max-age=\d+/);
  expect(['TLSv1.2', 'TLSv1.3']).toContain(socket.getProtocol());
  agent.destroy();
});

test('TLS 1.2 is good, nothing older is, and a client that does not trust the certificate goes away', async () => {
  const url = await open();
  const [good, old, doubtful] = [
    trusting({ maxVersion: 'TLSv1.2' }),
    trusting({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    new Agent(),
  ];
  expect((await ask(`${url}/healthz`, good)).socket.getProtocol()).toBe('TLSv1.2');
  await expect(ask(`${url}/healthz`, old)).rejects.toThrow('alert protocol version');
  await expect(ask(`${url}/healthz`, doubtful)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  // What is no TLS is not answered, and does no harm.
  await expect(fetch(`${url.replace('https', 'http')}/healthz`)).rejects.toThrow('fetch failed');
  expect((await ask(`${url}/healthz`, good)).status).toBe(200);
  for (const agent of [good, old, doubtful]) agent.destroy();
});

test('curl is served', async () => {
  const url = await open();
  const curl = promisify(execFile)('curl', ['--silent', '--cacert', certificate.certFile, `${url}/healthz`]);
  const said = await curl.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return { stdout: '{"status":"ok"}' };
  });
  expect(said.stdout).toBe('{"status":"ok"}');
});

test.each([
  ['the key of another', { tls_key_file: next.keyFile }, 'does not belong'],
  ['a file that is not there', { tls_cert_file: '/nowhere/cert.pem' }, 'cannot be read (ENOENT)'],
])('%s stops the start, in words', async (_, settings, words) => {
  await expect(open(settings)).rejects.toMatchObject({ code: 'tls', message: expect.stringContaining(words) });
});

test('at SIGHUP a running host takes the new certificate; connections that are open stay', async () => {
  const files = [certificate.certFile, certificate.keyFile].map((file) => {
    const copy = join(temporaryFolder(), 'served.pem');
    copyFileSync(file, copy);
    return copy;
  }) as [string, string];
  child = startTypeScript(join(__dirname, '../../host/src/main.ts'), [], {
    LATCHKEY_PORT: '0',
    LATCHKEY_DATA_DIR: temporaryFolder(),
    LATCHKEY_SUPERUSER_API_TOKEN: adminToken,
    LATCHKEY_TLS_CERT_FILE: files[0],
    LATCHKEY_TLS_KEY_FILE: files[1],
  });
  let url = '';
  for await (const line of child.lines) if ((url = /listens on (http\S+),/.exec(line)?.[1] ?? '') !== '') break;
  child.process.stdout.resume();
  let log = '';
  child.process.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));

  const [before, after] = [trusting(), trusting()];
  const first = await ask(`${url}/healthz`, before);
  expect(nameOf(first)).toBe('first');
  copyFileSync(next.certFile, files[0]);
  copyFileSync(next.keyFile, files[1]);
  child.process.kill('SIGHUP');
  while (!log.includes('The certificate was read anew')) await once(child.process.stderr, 'data');
  expect(nameOf(await ask(`${url}/healthz`, after))).toBe('second');
  const again = await ask(`${url}/healthz`, before);
  expect(again.socket).toBe(first.socket);
  expect(nameOf(again)).toBe('first');
  for (const agent of [before, after]) agent.destroy();

  child.process.kill('SIGTERM');
  expect((await child.ended).code).toBe(0);
});
