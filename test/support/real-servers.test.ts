import { pythonEnvironment } from './python-env';
import { startMoto, startOpenBao } from './real-servers';

const python = pythonEnvironment();
const withPython = python === undefined ? describe.skip : describe;

withPython('a server for tests', () => {
  test.each([
    ['OpenBao', startOpenBao, '/v1/sys/health'],
    ['moto', startMoto, '/moto-api/'],
  ] as const)(
    '%s answers until it is stopped',
    async (_name, start, path) => {
      const server = await start(String(python));
      expect((await fetch(server.url + path)).status).toBe(200);
      await server.stop();
      await server.stop();
      await expect(fetch(server.url + path)).rejects.toThrow('fetch failed');
    },
    60_000,
  );
});
