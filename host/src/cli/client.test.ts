import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder';
import { socketClient } from './client';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});
afterAll(removeTemporaryFolders);

async function clientOf(listener: RequestListener) {
  const socket = join(temporaryFolder(), 's');
  server = createServer(listener).listen(socket);
  await once(server, 'listening');
  return socketClient(socket);
}

test('a request carries JSON, and gives the JSON of the answer', async () => {
  const client = await clientOf((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, type: headers['content-type'], body }));
    });
  });
  expect(await client.request('POST', '/a/', { b: 'ü' })).toEqual({
    method: 'POST',
    url: '/a/',
    type: 'application/json',
    body: '{"b":"ü"}',
  });
});

test('an empty answer is undefined', async () => {
  const client = await clientOf((_, response) => response.writeHead(204).end());
  expect(await client.request('DELETE', '/a/')).toBeUndefined();
});

test('a refusal is thrown with its words', async () => {
  const client = await clientOf((_, response) => response.writeHead(409).end('{"detail":"In use."}'));
  await expect(client.request('DELETE', '/a/')).rejects.toMatchObject({ ending: 'conflict', message: 'In use.' });
});

test('an answer that is not JSON is a failure that does not quote it', async () => {
  const client = await clientOf((_, response) => response.end('canary-value'));
  const failure = await client.request('GET', '/a/').catch((error: Error) => error);
  expect(failure).toMatchObject({ ending: 'host' });
  expect(String((failure as Error).message)).not.toContain('canary');
});

test.each([
  ['before', (response: { destroy(): void }) => response.destroy()],
  [
    'within',
    (response: { write(text: string, then: () => void): void; destroy(): void }) =>
      response.write('{"a":', () => response.destroy()),
  ],
])('a host that goes %s its answer is a failure', async (_, go) => {
  const client = await clientOf((__, response) => go(response));
  await expect(client.request('GET', '/a/')).rejects.toMatchObject({ ending: 'host' });
});
