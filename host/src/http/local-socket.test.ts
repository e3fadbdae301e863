import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answers, listenLocally, socketPath } from './local-socket';

const servers: Server[] = [];
let folder: string;

const server = (): Server => {
  const made = createServer((_request, response) => response.end());
  servers.push(made);
  return made;
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latchkey-socket-'));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => new Promise((resolve) => one.close(resolve))));
  rmSync(folder, { recursive: true });
});

test('the socket is for its owner alone', async () => {
  const file = socketPath(folder);
  expect(await listenLocally(server(), file)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await answers(file)).toBe(true);
});

test('a second host leaves the first one its socket; a dead one is replaced', async () => {
  const file = socketPath(folder);
  writeFileSync(file, '');
  expect(await answers(file)).toBe(false);
  expect(await listenLocally(server(), file)).toBe(true);
  expect(await listenLocally(server(), file)).toBe(false);
});

test('a folder that others may write to is refused', async () => {
  chmodSync(folder, 0o777);
  await expect(listenLocally(server(), socketPath(folder))).rejects.toMatchObject({ code: 'listen' });
});

test('a data folder too deep for a socket gets one in a folder of the user', () => {
  const deep = `/data/${'x'.repeat(200)}`;
  expect(Buffer.byteLength(socketPath(deep))).toBeLessThanOrEqual(107);
  expect(socketPath(deep)).not.toBe(socketPath(`${deep}y`));
  expect(socketPath('/data')).toBe('/data/latchkey.sock');
});
