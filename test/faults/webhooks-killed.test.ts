import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { startHost, type HostProcess } from '../support/host-process';
import { create } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

const dataDir = temporaryFolder();
const came: { readonly delivery: string; readonly name: string }[] = [];
let arriving = true;
let receiver: Server;
let host: HostProcess;

const start = () =>
  startHost({
    dataDir,
    config: {
      plugins: {
        enabled: ['@latchkey/provider-environment-variable', '@latchkey/plugin-webhooks'],
        config: {
          webhooks: { allow: '127.0.0.1', allow_insecure: true, timeout: 1, retry_after: 1, attempts: 100 },
        },
      },
    },
  });

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (!arriving) return request.socket.destroy();
      const { name } = (JSON.parse(body) as { data: { name: string } }).data;
      came.push({ delivery: String(request.headers['x-latchkey-delivery']), name });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  host = await start();
  const payload_url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const body = { name: 'all', content_types: ['extras.tag'], type_create: true, payload_url };
  await create(host.rest, 'extras/webhooks', body);
});
afterAll(async () => {
  await host?.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  removeTemporaryFolders();
});

const tag = (name: string) =>
  host.rest('POST', '/api/extras/tags/', { body: { name, content_types: ['extras.secret'] } }).catch(() => undefined);
const everyTag = async (): Promise<string[]> => {
  const { body } = await host.rest('GET', '/api/extras/tags/?limit=1000');
  return body.results.map(({ name }: { name: string }) => name).toSorted();
};
const allArrived = async (): Promise<void> => {
  for (let i = 0; i < 1000; i += 1) {
    if ((await host.rest('GET', '/api/webhooks/deliveries/')).body.count === 0) return;
    await pause(50);
  }
  throw new Error('Not everything arrived.');
};

test('what was committed before kill -9 arrives after it', async () => {
  arriving = false;
  for (const name of ['one', 'two', 'three']) expect((await tag(name))?.status).toBe(201);
  expect((await host.kill9()).code).toBe('SIGKILL');
  expect(came).toEqual([]);
  arriving = true;
  host = await start();
  await allArrived();
  expect([...new Set(came.map(({ name }) => name))].toSorted()).toEqual(['one', 'three', 'two']);
});

test('kill -9 in the middle of writes and deliveries: each change is told, and nothing that was not made', async () => {
  for (let round = 0; round < 5; round += 1) {
    const killed = new AbortController();
    const write = async (worker: number): Promise<void> => {
      for (let i = 0; !killed.signal.aborted; i += 1) await tag(`r${round}w${worker}n${i}`);
    };
    const writing = [write(0), write(1)];
    // A moment of its own in each round, so that the end comes at another step.
    await pause(400 + round * 331);
    await host.kill9();
    killed.abort();
    await Promise.all(writing);
    host = await start();
  }
  await allArrived();
  const tags = await everyTag();
  expect(tags.length).toBeGreaterThan(20);
  expect([...new Set(came.map(({ name }) => name))].toSorted()).toEqual(tags);
  // A repetition is known by its id: one delivery is always about the same row.
  const ids = new Map(came.map(({ delivery, name }) => [delivery, name]));
  expect([...ids.values()].toSorted()).toEqual(tags);
});
