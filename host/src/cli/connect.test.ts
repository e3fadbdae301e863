import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { localConfig } from '../../../test/support/local-host';
import { removeTemporaryFolders } from '../../../test/support/temporary-folder';
import { socketPath } from '../http/local-socket';
import { connect, type Notes } from './connect';

afterEach(() => jest.restoreAllMocks());
afterAll(removeTemporaryFolders);

const recorder = () => {
  const said: string[] = [];
  const notes: Notes = { note: (text) => void said.push(text), progress: () => () => void said.push('[opened]') };
  return { said, notes };
};

async function standIn(dataDir: string) {
  const server = createServer((_, response) => response.end('"stand-in"')).listen(socketPath(dataDir));
  await once(server, 'listening');
  return server;
}

test('a host that runs on the data folder is used, and nothing is opened', async () => {
  const config = localConfig();
  const server = await standIn(config.dataDir);
  const connection = await connect(config, recorder().notes);
  expect(await connection.client.request('GET', '/')).toBe('stand-in');
  await connection.close();
  server.close();
  expect(existsSync(config.databaseFile)).toBe(false);
});

test('a socket of another user is not spoken to', async () => {
  const config = localConfig();
  const server = await standIn(config.dataDir);
  jest.spyOn(process, 'getuid').mockReturnValue((process.getuid?.() ?? 0) + 1000);
  await expect(connect(config, recorder().notes)).rejects.toMatchObject({ ending: 'refused' });
  server.close();
});

test('where none runs, one is opened for the time of the command, on no socket that stays', async () => {
  const before = readdirSync(tmpdir());
  const { said, notes } = recorder();
  const config = localConfig();
  const { client, close } = await connect(config, notes);
  expect(await client.request('GET', '/api/extras/secrets/')).toMatchObject({ count: 0 });
  expect(existsSync(socketPath(config.dataDir))).toBe(false);
  await close();
  const left = readdirSync(tmpdir()).filter(
    (name) => !before.includes(name) && existsSync(`${tmpdir()}/${name}/host.sock`),
  );
  expect(left).toEqual([]);
  // The token was given, so there is none to show.
  expect(said).toEqual(['[opened]']);
});

test('the first token that a command makes is shown, below no line of progress, since it can be shown only then', async () => {
  const { said, notes } = recorder();
  const { close } = await connect(localConfig({ superuser_api_token: undefined }), notes);
  await close();
  expect(said.join('\n')).toMatch(/^\[opened\]\n[^]*^ {4}[0-9a-f]{40}$/m);
});
