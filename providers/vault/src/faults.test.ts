import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { silentLogger } from '@latchkey/core';
import { openVault, type VaultClient } from './client';
import { hashicorpVault } from './index';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

const token = 'canary-token-4711';
const settings = {
  url: '',
  token,
  namespace: undefined,
  ca_cert: undefined,
  default_mount_point: 'secret',
  kv_version: 'v2',
} as const;
const parameters = { path: 'a/b', key: 'k', vault: 'default', mount_point: undefined, kv_version: undefined };
const value = JSON.stringify({ data: { data: { k: 'v' }, metadata: {} } });

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).toReversed()) step();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(url: string): Promise<VaultClient> {
  const client = await openVault({ ...settings, url });
  undo.push(() => client.close());
  return client;
}

const fetchFrom = async (store: VaultClient, signal = new AbortController().signal) =>
  hashicorpVault.fetch({ parameters, store, signal, logger: silentLogger, confirm: () => {} });

const answering = (status: number, body: string, headers: Record<string, string> = {}) =>
  serve((_request, response) => void response.writeHead(status, headers).end(body));

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    (got) => ({ got }),
    (error: unknown) => error,
  );

describe('a status means', () => {
  test.each([
    [200, value.replace('"v"', '1'), '1'],
    [404, '{"errors":[]}', undefined],
    [404, '{"data":{"data":null,"metadata":{"destroyed":true}}}', undefined],
    [200, '{"data":{"data":null,"metadata":{}}}', undefined],
  ])('%s %s: the value %j', async (status, body, expected) =>
    expect(await fetchFrom(await open(await answering(status, body)))).toBe(expected),
  );

  test.each([
    [200, value.replace('"k"', '"other"'), 'not-found'],
    [200, value.replace('"v"', 'null'), 'not-found'],
    [200, '', 'malformed'],
    [200, '<html>', 'malformed'],
    [200, '{"data":{"k":"v"}}', 'malformed'],
    [200, '{"data":{"data":["k"]}}', 'malformed'],
    [200, '[]', 'malformed'],
    [204, '', 'malformed'],
    [301, '', 'misconfigured'],
    [307, '', 'misconfigured'],
    [400, '{"errors":["bad"]}', 'misconfigured'],
    [403, '{"errors":["permission denied"]}', 'denied'],
    [404, '{"errors":["no handler for route"]}', 'not-found'],
    [404, '{"data":null,"warnings":["Invalid path for a versioned K/V secrets engine."]}', 'misconfigured'],
    [404, '<html>Not found</html>', 'malformed'],
    [405, '{"errors":[]}', 'misconfigured'],
    [412, '{"errors":[]}', 'unavailable'],
    [418, '', 'malformed'],
    [429, '{"errors":["quota"]}', 'throttled'],
    [500, '{"errors":["internal"]}', 'unavailable'],
    [502, '<html>', 'unavailable'],
    [503, '{"errors":["Vault is sealed"]}', 'unavailable'],
  ])('%s %s: the failure %s', async (status, body, code) =>
    expect(await failureOf(fetchFrom(await open(await answering(status, body))))).toMatchObject({
      name: 'ProviderFailure',
      code,
    }),
  );
});

test('a store that echoes the token leaves nothing of it in a failure', async () => {
  for (const status of [200, 400, 403, 404, 500]) {
    const url = await serve((request, response) => {
      const given = String(request.headers['x-vault-token']);
      response
        .writeHead(status, given, { 'x-echo': given })
        .end(JSON.stringify({ errors: [given], warnings: [given] }));
    });
    const failure = await failureOf(fetchFrom(await open(url)));
    expect(failure).toBeInstanceOf(Error);
    expect(inspect(failure, { depth: 9, showHidden: true }) + JSON.stringify(failure)).not.toContain(token);
  }
});

test('a redirect is not followed, and the token goes nowhere else', async () => {
  const seen: unknown[] = [];
  const elsewhere = await serve((request, response) => {
    seen.push(request.headers);
    response.end(value);
  });
  const url = await answering(307, '', { location: `${elsewhere}/v1/secret/data/a/b` });
  expect(await failureOf(fetchFrom(await open(url)))).toMatchObject({ code: 'misconfigured' });
  expect(seen).toEqual([]);
});

test('a proxy of the environment is not asked', async () => {
  const seen: unknown[] = [];
  const proxy = await serve((request, response) => {
    seen.push(request.url);
    response.end(value);
  });
  for (const name of ['http_proxy', 'HTTP_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
    const before = process.env[name];
    process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy;
    undo.push(() => (before === undefined ? delete process.env[name] : (process.env[name] = before)));
  }
  expect(await fetchFrom(await open(await answering(200, value)))).toBe('v');
  expect(seen).toEqual([]);
});

test('an endless answer is cut off', async () => {
  let sent = 0;
  const url = await serve((_request, response: ServerResponse) => {
    const chunk = Buffer.alloc(65_536, ' ');
    const more = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.on('drain', more);
    more();
  });
  expect(await failureOf(fetchFrom(await open(url)))).toMatchObject({ code: 'malformed' });
  expect(sent).toBeLessThan(64 * 1_048_576);
});

test('JSON nested a hundred thousand deep comes as it was written', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const url = await answering(200, `{"data":{"data":{"k":${deep}}}}`);
  const got = await fetchFrom(await open(url));
  expect(got === deep).toBe(true);
});

test.each([
  ['before the answer begins', () => undefined],
  ['while the answer drips', (response: ServerResponse) => void response.write('{')],
])('ends when the signal aborts %s', async (_when, begin) => {
  const controller = new AbortController();
  const reason = new Error('the caller gave up');
  let closed: Promise<unknown> | undefined;
  const url = await serve((_request, response) => {
    begin(response);
    closed = once(response, 'close');
    setImmediate(() => controller.abort(reason));
  });
  expect(await failureOf(fetchFrom(await open(url), controller.signal))).toBe(reason);
  await closed;
});

test('sends nothing when the signal has aborted', async () => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    response.end(value);
  });
  const signal = AbortSignal.abort();
  expect(await failureOf(fetchFrom(await open(url), signal))).toBe(signal.reason);
  expect(requests).toBe(0);
});

describe('a broken connection', () => {
  const socketServer = async (listener: (socket: Socket) => void) => {
    const server = createSocketServer(listener).listen(0, '127.0.0.1');
    undo.push(() => server.close());
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test('is unavailable when nobody listens', async () => {
    const url = await serve(() => {});
    undo.pop()?.();
    expect(await failureOf(fetchFrom(await open(url)))).toMatchObject({ code: 'unavailable' });
  });

  test.each([
    ['unavailable when it is cut before an answer', (socket: Socket) => void socket.destroy(), 'unavailable'],
    [
      'unavailable when it is cut within an answer',
      (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'),
      'unavailable',
    ],
    [
      'unavailable when it is reset within an answer',
      (socket: Socket) =>
        void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{', () =>
          setTimeout(() => socket.resetAndDestroy(), 50),
        ),
      'unavailable',
    ],
    ['malformed when HTTP is not spoken', (socket: Socket) => void socket.end('SSH-2.0-x\r\n\r\n'), 'malformed'],
  ])('is %s', async (_case, answer, code) => {
    const url = await socketServer((socket) => socket.once('data', () => answer(socket)));
    expect(await failureOf(fetchFrom(await open(url)))).toMatchObject({ code });
  });

  test('that was kept and then closed by the store is replaced', async () => {
    const sockets = new Set<Socket>();
    const url = await socketServer((socket) => {
      const isFirst = sockets.size === 0;
      sockets.add(socket);
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (isFirst && requests === 2) socket.resetAndDestroy();
        else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${value.length}\r\n\r\n${value}`);
      });
      socket.on('error', () => socket.destroy());
      undo.push(() => socket.destroy());
    });
    const store = await open(url);
    expect([await fetchFrom(store), await fetchFrom(store)]).toEqual(['v', 'v']);
    expect(sockets.size).toBe(2);
  });
});

test('the path is encoded and the base path of the address is kept', async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    seen.push(request.url, request.headers['x-vault-namespace'], request.headers['x-vault-request']);
    response.end(value);
  });
  const store = await openVault({ ...settings, url: `${url}/proxied/`, namespace: 'team-a' });
  undo.push(() => store.close());
  await store.get(['kv/', 'data', '/a b/%2e%2e/é:@'], new AbortController().signal);
  expect(seen).toEqual(['/proxied/v1/kv/data/a%20b/%252e%252e/%C3%A9%3A%40', 'team-a', 'true']);
  for (const path of ['..', 'a/../../sys/health', './a'])
    expect(await failureOf((async () => store.get([path], new AbortController().signal))())).toMatchObject({
      code: 'misconfigured',
    });
  expect(seen).toHaveLength(3);
});

test.each([
  [{ url: 'vault.example.net' }, 'not an http or https address'],
  [{ url: 'file:///etc/passwd' }, 'not an http or https address'],
  [{ url: 'https://user:canary-pw@vault.example.net' }, 'a user, a query or a fragment'],
  [{ url: 'https://vault.example.net/?x=1' }, 'a user, a query or a fragment'],
  [{ url: 'http://127.0.0.1', token: '' }, 'The token'],
  [{ url: 'http://127.0.0.1', token: 'canary-pw\r\nx: y' }, 'The token'],
  [{ url: 'http://127.0.0.1', namespace: 'a\r\nx: y' }, 'The namespace'],
  [{ url: 'https://127.0.0.1', ca_cert: '/nowhere/ca.pem' }, 'The ca_cert of the store cannot be read'],
])('a store is refused when it is opened with %j', async (wrong, message) => {
  const failure = await failureOf((async () => openVault({ ...settings, ...wrong }))());
  expect(failure).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(message) });
  expect(String(failure)).not.toContain('canary');
});
