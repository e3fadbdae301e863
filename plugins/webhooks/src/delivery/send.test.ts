import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../../../test/support/certificates';
import { removeTemporaryFolders } from '../../../../test/support/temporary-folder';
import { addressRules } from './addresses';
import type { Resolve } from './guarded-lookup';
import { createSender } from './send';

afterAll(removeTemporaryFolders);

const go = new AbortController().signal;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const settings = (allow: readonly string[], more = {}) => ({
  addresses: addressRules(allow),
  allowInsecure: true,
  timeout: 5_000,
  ...more,
});
const outgoing = (payload_url: string, more = {}) => ({
  payload_url,
  ssl_verification: true,
  headers: { 'x-source': 'test' },
  body: '{"a":"ä"}',
  ...more,
});
const answering = (...addresses: string[]): Resolve => {
  return (_name, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
};

/** A receiver that notes what came to it. */
async function receiver(answer: RequestListener = (_, response) => void response.end()) {
  const came: { method?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const connections = { count: 0 };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      came.push({ method: request.method ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  }).on('connection', () => (connections.count += 1));
  return { came, connections, port: await listen(server) };
}

test('what is sent arrives as it is, at an address that the operator allows', async () => {
  const { came, port } = await receiver();
  const outcome = await createSender({ settings: settings(['127.0.0.1']) })(outgoing(`http://127.0.0.1:${port}/a`), go);
  expect(outcome).toEqual({ kind: 'arrived', status: 200 });
  expect(came).toEqual([
    {
      method: 'POST',
      headers: {
        host: `127.0.0.1:${port}`,
        connection: 'close',
        'content-type': 'application/json',
        'content-length': '10',
        'x-source': 'test',
      },
      body: '{"a":"ä"}',
    },
  ]);
});

describe('an address that is not allowed is not connected to', () => {
  test('as the URL says it', async () => {
    const { port, connections } = await receiver();
    const send = createSender({ settings: settings([]) });
    expect(await send(outgoing(`http://127.0.0.1:${port}/`), go)).toEqual({ kind: 'failed', failure: 'url' });
    expect(connections.count).toBe(0);
  });

  test('as the name resolves, all of it or one of its addresses', async () => {
    const { port, connections } = await receiver();
    for (const addresses of [['127.0.0.1'], ['::ffff:127.0.0.1'], ['1.1.1.1', '127.0.0.1'], []]) {
      const send = createSender({ settings: settings([]), resolve: answering(...addresses) });
      expect(await send(outgoing(`http://hook.example.net:${port}/`), go)).toEqual({
        kind: 'failed',
        failure: 'address',
      });
    }
    expect(connections.count).toBe(0);
  });

  test('by the resolver of the system, for localhost', async () => {
    const { port, connections } = await receiver();
    const send = createSender({ settings: settings([]) });
    for (const name of ['localhost', 'localhost.'])
      expect(await send(outgoing(`http://${name}:${port}/`), go)).toMatchObject({ kind: 'failed' });
    expect(connections.count).toBe(0);
  });

  test('by a name that means another address the second time it is asked for', async () => {
    const { port, came, connections } = await receiver();
    const asked: string[] = [];
    const rebinding: Resolve = (name, options, done) => {
      asked.push(name);
      answering(asked.length === 1 ? '127.0.0.1' : '127.0.0.2')(name, options, done);
    };
    const send = createSender({ settings: settings(['127.0.0.1']), resolve: rebinding });
    const url = `http://hook.example.net:${port}/`;
    // One resolution a try: the address that was checked is the one that was connected to.
    expect(await send(outgoing(url), go)).toMatchObject({ kind: 'arrived' });
    expect([asked.length, connections.count]).toEqual([1, 1]);
    expect(await send(outgoing(url), go)).toEqual({ kind: 'failed', failure: 'address' });
    expect([asked.length, connections.count, came.length]).toEqual([2, 1, 1]);
  });
});

test('a redirect is a failure and is not followed', async () => {
  const inside = await receiver();
  const { port } = await receiver((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
  );
  const send = createSender({ settings: settings(['127.0.0.1']) });
  expect(await send(outgoing(`http://127.0.0.1:${port}/`), go)).toEqual({
    kind: 'failed',
    failure: 'status',
    status: 307,
  });
  expect(inside.connections.count).toBe(0);
});

test('http:// and unverified certificates are sent to only where the operator says so', async () => {
  const { port } = await receiver();
  const send = createSender({ settings: settings(['127.0.0.1'], { allowInsecure: false }) });
  expect(await send(outgoing(`http://127.0.0.1:${port}/`), go)).toEqual({ kind: 'failed', failure: 'url' });
  expect(await send(outgoing('https://127.0.0.1:9/', { ssl_verification: false }), go)).toEqual({
    kind: 'failed',
    failure: 'url',
  });
});

test('a certificate that nobody vouches for is refused before anything is said', async () => {
  const { keyFile, certFile } = makeCertificate('receiver');
  let requests = 0;
  const server = createTlsServer(
    { key: readFileSync(keyFile), cert: readFileSync(certFile) },
    (_, response) => void response.end(String((requests += 1))),
  );
  const url = `https://127.0.0.1:${await listen(server)}/`;
  const send = createSender({ settings: settings(['127.0.0.1']) });
  expect(await send(outgoing(url), go)).toEqual({ kind: 'failed', failure: 'certificate' });
  expect(requests).toBe(0);
  expect(await send(outgoing(url, { ssl_verification: false }), go)).toEqual({ kind: 'arrived', status: 200 });
});

test('a receiver that says nothing is given up, and a closed port is told apart', async () => {
  const { port } = await receiver(() => undefined);
  const send = createSender({ settings: settings(['127.0.0.1'], { timeout: 100 }) });
  expect(await send(outgoing(`http://127.0.0.1:${port}/`), go)).toEqual({ kind: 'failed', failure: 'timeout' });
  for (const close of closing.splice(0)) await close();
  expect(await send(outgoing(`http://127.0.0.1:${port}/`), go)).toEqual({ kind: 'failed', failure: 'connection' });
});

test('a stop ends a try that is under way, and counts for nothing', async () => {
  const stop = new AbortController();
  const { port } = await receiver(() => stop.abort());
  const send = createSender({ settings: settings(['127.0.0.1']) });
  expect(await send(outgoing(`http://127.0.0.1:${port}/`), stop.signal)).toEqual({ kind: 'stopped' });
});

test('an answer without an end is cut off', async () => {
  let cut: () => void;
  const ended = new Promise<void>((resolve) => (cut = resolve));
  const { port } = await receiver((_, response) => {
    response.on('close', () => cut());
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
      response.once('drain', more);
    };
    more();
  });
  const send = createSender({ settings: settings(['127.0.0.1'], { timeout: 60_000 }) });
  expect(await send(outgoing(`http://127.0.0.1:${port}/`), go)).toEqual({ kind: 'arrived', status: 200 });
  await ended;
});
