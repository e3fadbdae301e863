import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { silentLogger } from '@latchkey/core';
import { openSecretsManager, type SecretsManager } from './client';
import { failureOf } from './failures';
import { awsSecretsManager } from './index';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

const keys = { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'canary-4711', session_token: undefined } as const;
const undo: (() => void)[] = [];
const connections = new Set<Socket>();
afterEach(() => {
  for (const step of undo.splice(0).toReversed()) step();
});

async function serve(listener: RequestListener): Promise<SecretsManager> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  connections.clear();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = openSecretsManager({ endpoint, ...keys });
  undo.push(() => store.close());
  return store;
}

const answering = (status: number, body: string, headers: Record<string, string> = {}) =>
  serve((_request, response) => void response.writeHead(status, headers).end(body));

const read = async (store: SecretsManager, region = 'eu-central-1', signal = new AbortController().signal) =>
  awsSecretsManager.fetch({
    parameters: { name: 'app', region, key: undefined, store: 'default' },
    store,
    signal,
    logger: silentLogger,
    confirm: () => {},
  });

const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(
    (got) => ({ got }),
    (error: unknown) => error,
  );

test.each([
  [400, 'AccessDeniedException', 'denied'],
  [400, 'UnrecognizedClientException', 'denied'],
  [400, 'ExpiredTokenException', 'denied'],
  [400, 'InvalidSignatureException', 'denied'],
  [400, 'DecryptionFailure', 'denied'],
  [400, 'InvalidRequestException', 'denied'],
  [400, 'InvalidParameterException', 'misconfigured'],
  [400, 'ValidationException', 'misconfigured'],
  [400, 'ThrottlingException', 'throttled'],
  [400, 'constructor', 'malformed'],
  [429, 'Unheard', 'throttled'],
  [403, 'Unheard', 'denied'],
  [500, 'InternalServiceError', 'unavailable'],
  [503, 'Unheard', 'unavailable'],
])('%s %s is the failure %s, without the text of AWS', async (status, type, code) => {
  const text = 'canary-message';
  const store = await answering(status, JSON.stringify({ __type: type, Message: text, message: text }));
  const failure = await outcomeOf(read(store));
  expect(failure).toMatchObject({ name: 'ProviderFailure', code });
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('canary');
});

test('ResourceNotFoundException is no value', async () =>
  expect(await read(await answering(400, '{"__type":"ResourceNotFoundException"}'))).toBeUndefined());

test.each([
  [403, '<ErrorResponse><Code>InvalidClientTokenId</Code></ErrorResponse>', 'denied'],
  [200, '<html>canary</html>', 'malformed'],
  [307, '', 'misconfigured'],
])('%s %s, which is not what AWS answers, is the failure %s', async (status, body, code) => {
  const failure = await outcomeOf(read(await answering(status, body, { location: 'http://127.0.0.1:1/' })));
  expect(failure).toMatchObject({ name: 'ProviderFailure', code });
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('canary');
});

test('a connection that is cut is unavailable', async () => {
  const store = await serve((request) => void request.socket.destroy());
  expect(await outcomeOf(read(store))).toMatchObject({ code: 'unavailable' });
});

test('a time limit of the SDK is a timeout, missing credentials are misconfigured', () => {
  const named = (name: string) => Object.assign(new Error('canary'), { name });
  expect(failureOf(named('TimeoutError'))).toMatchObject({ code: 'timeout' });
  expect(failureOf(named('CredentialsProviderError'))).toMatchObject({ code: 'misconfigured' });
});

test('an endless answer is cut off', async () => {
  let sent = 0;
  const store = await serve((_request, response) => {
    const chunk = Buffer.alloc(65_536, ' ');
    const more = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.on('drain', more);
    more();
  });
  expect(await outcomeOf(read(store))).toMatchObject({ code: 'malformed' });
  expect(sent).toBeLessThan(64 * 1_048_576);
});

test.each([
  ['before the answer begins', ''],
  ['while the answer drips', '{'],
])('ends when the signal aborts %s', async (_when, begin) => {
  const controller = new AbortController();
  const reason = new Error('the caller gave up');
  const store = await serve((_request, response) => {
    if (begin !== '') response.write(begin);
    setImmediate(() => controller.abort(reason));
  });
  expect(await outcomeOf(read(store, 'eu-central-1', controller.signal))).toBe(reason);
});

test.each(['evil.example.com/x', 'a b', 'EU', '-a', 'a.b', '127.0.0.1', 'a@b', `a${'b'.repeat(63)}`, ''])(
  'the region "%s" is refused before anything is sent',
  async (region) => {
    let requests = 0;
    const store = await serve((_request, response) => {
      requests += 1;
      response.end('{}');
    });
    expect(await outcomeOf(read(store, region))).toMatchObject({ code: 'misconfigured' });
    expect(requests).toBe(0);
  },
);

test('regions beyond any number AWS has are answered, and keep few clients', async () => {
  const seen: string[] = [];
  const store = await serve((request, response) => {
    seen.push(/\/(r-\d+)\/secretsmanager\//.exec(String(request.headers.authorization))?.[1] ?? '');
    response.end('{"SecretString":"v"}');
  });
  for (let region = 0; region < 70; region += 1) expect(await read(store, `r-${region}`)).toBe('v');
  expect(await read(store, 'r-0')).toBe('v');
  expect(seen).toEqual([...Array.from({ length: 70 }, (_, region) => `r-${region}`), 'r-0']);
  await new Promise(setImmediate);
  expect(connections.size).toBeLessThanOrEqual(64);
});

test.each([
  [{ endpoint: 'localhost:4566' }, 'endpoint'],
  [{ endpoint: 'http://user:canary@127.0.0.1' }, 'endpoint'],
  [{ access_key_id: undefined }, 'both access_key_id and secret_access_key'],
  [{ secret_access_key: undefined }, 'both access_key_id and secret_access_key'],
])('a store is refused when it is opened with %j', (wrong, message) => {
  const failure = (() => {
    try {
      return openSecretsManager({ endpoint: undefined, ...keys, ...wrong });
    } catch (error) {
      return error;
    }
  })();
  expect(failure).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(message) });
  expect(String(failure)).not.toContain('canary');
});
