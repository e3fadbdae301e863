import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCanary } from '../support/canaries';
import { startTypeScript, type TypeScriptChild } from '../support/children';
import { startHost } from '../support/host-process';
import type { Rest } from '../support/rest-client';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { startHostileBackend } from './support/hostile-backend';
import { hostOf, makeCanaries, makeTour, secretsOf, tourObject } from './support/tour';

jest.setTimeout(60_000);

const canaries = makeCanaries();
let child: TypeScriptChild | undefined;
let backend: Awaited<ReturnType<typeof startHostileBackend>>;
beforeAll(async () => {
  backend = await startHostileBackend(canaries.backend);
});
afterAll(async () => {
  child?.process.kill('SIGKILL');
  await backend?.stop();
  removeTemporaryFolders();
});

/** The files of a folder as they lie on the disk at this moment. */
function filesOf(folder: string): Record<string, Buffer> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(folder, name))]));
}

function leaks(places: Readonly<Record<string, string | Uint8Array>>): readonly string[] {
  return Object.entries(canaries).flatMap(([name, value]) =>
    findCanary(places, value).map((found) => `${name} in ${found}`),
  );
}

test('the tour over HTTP leaves no value in answers, output, log, databases and journals', async () => {
  const { folder, env, config } = hostOf(canaries, backend.url);
  const host = await startHost({ env, config });
  const answers: string[] = [];
  const rest: Rest = async (...asked) => {
    const answer = await host.rest(...asked);
    answers.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${answer.text}`);
    return answer;
  };
  const made = await makeTour(rest, folder);
  for (const [name, isThere] of secretsOf(folder)) {
    const { secret = '', group = '' } = made[name] ?? {};
    const slot = { access_type: 'Generic', secret_type: 'secret' };
    const read = await rest('POST', `/api/extras/secrets/${secret}/check/`, { body: { object: tourObject } });
    expect({ name, result: read.body.result }).toEqual({ name, result: isThere });
    const body = { ...slot, object: tourObject };
    expect((await rest('POST', `/api/extras/secrets-groups/${group}/check/`, { body })).body.result).toBe(isThere);
    await rest('POST', `/api/extras/secrets-groups/${group}/explain/`, { body });
    await rest('POST', `/api/extras/secrets/${secret}/explain/`, { body: { object: tourObject } });
    await rest('POST', `/api/extras/secrets/${secret}/explain/`, { body: {} });
    await rest('GET', `/api/extras/secrets/${secret}/check/`);
    await rest('PATCH', `/api/extras/secrets/${secret}/`, { body: { parameters: { unknown: 1 } } });
    await rest('OPTIONS', `/api/extras/secrets/${secret}/`);
  }
  for (const list of ['extras/secrets', 'extras/secrets-groups', 'inventory/objects', 'audit/entries', 'providers'])
    expect((await rest('GET', `/api/${list}/`)).status).toBe(200);

  const alive = filesOf(host.dataDir);
  expect(Object.keys(alive)).toEqual(
    expect.arrayContaining(
      ['latchkey.sqlite', 'access-records.sqlite'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`]),
    ),
  );
  const { stdout, stderr } = await host.stop();
  expect(leaks({ answers: answers.join('\n'), stdout, stderr, ...alive })).toEqual([]);
  expect(leaks(filesOf(host.dataDir))).toEqual([]);

  // No rendered parameter is kept with a record, either: the name of the variable came out of the object.
  const records = Object.entries(alive).filter(([name]) => name.startsWith('access-records'));
  expect(records.some(([, bytes]) => bytes.includes('variable'))).toBe(true);
  expect(
    records.filter(([, bytes]) => bytes.includes('CANARY') || bytes.includes('iad/')).map(([name]) => name),
  ).toEqual([]);
});

test('the tour through the library leaves no value in anything returned or thrown, however it is printed', async () => {
  const { folder, env, config } = hostOf(canaries, backend.url);
  const dataDir = temporaryFolder();
  const file = join(temporaryFolder(), 'latchkey.json');
  writeFileSync(file, JSON.stringify(config));
  child = startTypeScript(join(__dirname, 'support/library-tour.ts'), [folder, dataDir, canaries.token], {
    ...env,
    LATCHKEY_CONFIG: file,
  });
  const said: string[] = [];
  for await (const line of child.lines) said.push(line);
  const { code, errors } = await child.ended;
  expect({ code, last: said.at(-1) }).toEqual({ code: 0, last: 'THE END' });

  const digest = (value: string | Uint8Array) => createHash('sha256').update(value).digest('hex');
  const read = new Set(said.filter((line) => line.startsWith('VALUE ')));
  for (const [name, value] of [
    ['variable', canaries.environment],
    ['file', canaries.file],
    ['file as bytes', canaries.bytes],
    ['vault', canaries.backend],
    ['aws', canaries.backend],
    ['leaky value', canaries.leaky],
  ] as const)
    expect(read).toContain(`VALUE ${name}: ${digest(value)}`);
  expect(leaks({ stdout: said.join('\n'), stderr: errors, ...filesOf(dataDir) })).toEqual([]);
});

test('a value that is planted in any of these places is found', () => {
  for (const [name, value] of Object.entries(canaries)) {
    const places = { answers: `{"message":${JSON.stringify(Buffer.from(value as string).toString('base64'))}}` };
    expect(leaks(places)).toContain(`${name} in answers: base64`);
  }
});
