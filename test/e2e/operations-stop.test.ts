import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { startTypeScript, type TypeScriptChild } from '../support/children';
import { baseAddress } from '../../host/src/http/listening';
import { startHeldBackend, type HeldBackend } from '../support/held-backend';
import { adminToken } from '../support/host-process';
import { restClient } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

let backend: HeldBackend;
let child: TypeScriptChild | undefined;
beforeEach(async () => {
  backend = await startHeldBackend('value');
});
afterEach(async () => {
  child?.process.kill('SIGKILL');
  await child?.ended;
  await backend.stop();
});
afterAll(removeTemporaryFolders);

/** A host in a process of its own, over a backend that does not answer yet. */
async function start(env: Readonly<Record<string, string>> = {}) {
  const config = join(temporaryFolder(), 'latchkey.json');
  const stores = { 'hashicorp-vault': { default: { url: backend.url, token: 'any' } } };
  writeFileSync(config, JSON.stringify({ plugins: { enabled: ['@latchkey/provider-hashicorp-vault'] }, stores }));
  const operations = await baseAddress('http', '127.0.0.1', 0);
  const started = startTypeScript(join(__dirname, '../../host/src/main.ts'), [], {
    LATCHKEY_PORT: '0',
    LATCHKEY_DATA_DIR: temporaryFolder(),
    LATCHKEY_SUPERUSER_API_TOKEN: adminToken,
    LATCHKEY_CONFIG: config,
    LATCHKEY_METRICS_PORT: new URL(operations).port,
    ...env,
  });
  child = started;
  let url = '';
  for await (const line of started.lines) if ((url = /listens on (http\S+),/.exec(line)?.[1] ?? '') !== '') break;
  started.process.stdout.resume();
  const rest = restClient(url, adminToken);
  const parameters = { path: 'app', key: 'password', mount_point: 'secret', kv_version: 'v2' };
  const { id } = await create(rest, 'extras/secrets', { name: 'S', provider: 'hashicorp-vault', parameters });
  const check = () => rest('GET', `/api/extras/secrets/${id}/check/`);
  const stop = () => started.process.kill('SIGTERM');
  const hangUp = () => started.process.kill('SIGHUP');
  return { url, rest, operations, check, stop, hangUp, ended: started.ended };
}

/** Asks again and again until the answer is as wanted. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
  }
}

const readyOf = async (operations: string) =>
  (await (await fetch(`${operations}/readyz`)).json()) as { readonly status: string };

test('what is in flight finishes, nothing new is taken, and the process ends with 0', async () => {
  const { url, operations, check, stop, ended } = await start();
  const reading = check();
  await backend.asked();
  stop();
  // The operator sees it coming while the public address takes nobody any more.
  const told = await until(
    () => readyOf(operations),
    ({ status }) => status !== 'ready',
  );
  expect(told).toMatchObject({ status: 'not ready', faults: ['host: is stopping'] });
  await until(
    () =>
      fetch(`${url}/healthz`).then(
        () => 'taken',
        () => 'refused',
      ),
    (answer) => answer === 'refused',
  );
  backend.release();
  const { status, body, headers } = await reading;
  expect([status, body]).toEqual([200, { result: true, message: 'Passed' }]);
  expect(headers.get('connection')).toBe('close');
  expect((await ended).code).toBe(0);
});

test('a hang-up is an orderly end, too, where there is no certificate to read anew', async () => {
  const { check, hangUp, operations, ended } = await start();
  const reading = check();
  await backend.asked();
  hangUp();
  await until(
    () => readyOf(operations),
    ({ status }) => status !== 'ready',
  );
  backend.release();
  expect((await reading).status).toBe(200);
  expect((await ended).code).toBe(0);
});

test('a second signal ends the process at once', async () => {
  const { operations, check, stop, ended } = await start();
  const reading = check().catch(() => 'cut');
  await backend.asked();
  stop();
  await until(
    () => readyOf(operations),
    ({ status }) => status !== 'ready',
  );
  stop();
  expect((await ended).code).toBe(130);
  expect(await reading).toBe('cut');
});

test('with a delay the host goes on serving, says that it is not ready, and keeps no connection', async () => {
  const { url, rest, stop, ended } = await start({ LATCHKEY_STOP_DELAY: '600000' });
  const agent = new Agent({ keepAlive: true });
  const answerOf = async (path: string): Promise<IncomingMessage> => {
    const [answer] = (await once(get(url + path, { agent }), 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    return answer;
  };
  expect((await answerOf('/readyz')).headers.connection).toBe('keep-alive');
  stop();
  const { statusCode, headers } = await until(
    () => answerOf('/readyz'),
    (answer) => answer.statusCode !== 200,
  );
  expect([statusCode, headers.connection]).toEqual([503, 'close']);
  expect((await rest('GET', '/api/extras/secrets/')).status).toBe(200);
  stop();
  expect((await ended).code).toBe(130);
  agent.destroy();
});
