import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import * as sqlite3 from 'sqlite3';
import { describeEmbedded } from '../support/describe-embedded';
import { adminToken, runHost, startHost } from '../support/host-process';
import { restClient } from '../support/rest-client';
import { enableFile, makeSpine } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(60_000);

afterAll(removeTemporaryFolders);

/** Runs one statement in a database of a host that does not run. */
function run(file: string, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (failure) => failure && reject(failure));
    database.exec(sql, (failure) => database.close(() => (failure ? reject(failure) : resolve())));
  });
}

const withoutToken = { LATCHKEY_SUPERUSER_API_TOKEN: undefined };
const printed = (text: string) => /^ {4}([0-9a-f]{40})$/m.exec(text)?.[1];

test('a second start on the same folder keeps everything, even after kill -9', async () => {
  const files = temporaryFolder();
  mkdirSync(join(files, 'iad'));
  writeFileSync(join(files, enableFile), 'enable');
  const env = { SSH_CSR1: 'ssh' };
  const first = await startHost({ env });
  const { group } = await makeSpine(first.rest, files);
  const check = {
    body: { access_type: 'SSH', secret_type: 'secret', object: { object_type: 'dcim.device', name: 'csr1' } },
  };
  const address = `/api/extras/secrets-groups/${group.id}/check/`;
  expect((await first.rest('POST', address, check)).body.result).toBe(true);
  const shown = async ({ rest }: Pick<typeof first, 'rest'>) =>
    Promise.all(
      ['extras/secrets', 'extras/secrets-groups', 'extras/secrets-groups-associations', 'inventory/objects'].map(
        async (name) =>
          (await rest('GET', `/api/${name}/`)).body.results.map(
            ({
              url: _url,
              notes_url: _notes,
              secret: _secret,
              secrets_group: _group,
              ...row
            }: Record<string, unknown>) => row,
          ),
      ),
    );
  const before = await shown(first);
  expect(before.map(({ length }) => length)).toEqual([2, 1, 2, 1]);
  await first.kill9();

  const second = await startHost({ env, dataDir: first.dataDir });
  expect(await shown(second)).toEqual(before);
  expect((await second.rest('POST', address, check)).body.result).toBe(true);
  expect((await second.rest('GET', '/api/audit/entries/')).body.count).toBe(2);
  expect(await second.stop()).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.not.stringContaining('First start'),
  });
});

test('a first start without a token prints one, once, with what to do next', async () => {
  const first = await startHost({ env: withoutToken });
  const [, key = '', address] = await first.says(/curl -H 'Authorization: Token (\w+)' (\S+)/);
  const token = String(printed(first.stdout()));
  expect(key).toBe(token);
  expect(first.stdout()).toContain("the superuser 'admin' was made. Its token is shown now and never again");
  const headers = { Authorization: `Token ${key}` };
  expect((await fetch(String(address), { headers })).status).toBe(200);
  expect(first.stderr()).not.toContain(token);
  await first.stop();

  const second = await startHost({ env: withoutToken, dataDir: first.dataDir });
  expect((await restClient(second.url, token)('GET', '/api/extras/secrets/')).status).toBe(200);
  const { stdout } = await second.stop();
  expect(printed(stdout)).toBeUndefined();
  expect(stdout).not.toContain(token);
});

test('a first start makes the superuser that is asked for, and does not print what it was given', async () => {
  const file = join(temporaryFolder(), 'token');
  writeFileSync(file, 'token-out-of-a-file-0123456789\n');
  const host = await startHost({
    env: {
      ...withoutToken,
      LATCHKEY_SUPERUSER_API_TOKEN_FILE: file,
      LATCHKEY_SUPERUSER_NAME: 'ada',
      LATCHKEY_SUPERUSER_PASSWORD: 'correct-horse-battery',
    },
  });
  const rest = restClient(host.url, 'token-out-of-a-file-0123456789');
  expect((await rest('GET', '/api/extras/secrets/')).status).toBe(200);
  const { stdout, stderr } = await host.stop();
  expect(stdout).toContain("the superuser 'ada' was made, with the token you gave");
  expect(stdout + stderr).not.toMatch(/token-out-of-a-file|correct-horse/);
});

test('the token of a first start is shown although the host could not listen', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const failed = await runHost({ env: { ...withoutToken, LATCHKEY_PORT: String(port) } });
  other.close();
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(`Cannot listen on http://127.0.0.1:${port}`);
  expect(failed.stderr).toContain('LATCHKEY_PORT');
  const token = String(printed(failed.stdout));
  const host = await startHost({ env: withoutToken, dataDir: failed.dataDir });
  expect((await restClient(host.url, token)('GET', '/api/extras/secrets/')).status).toBe(200);
  await host.stop();
});

test('a plugin that fails at the first start does not cost the token', async () => {
  const broken = join(__dirname, '../fixtures/plugins/throws-in-start');
  const failed = await runHost({ env: withoutToken, config: { plugins: { folders: [broken] } } });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('failed to start') });
  const host = await startHost({ env: withoutToken, dataDir: failed.dataDir });
  const { stdout } = await host.stop();
  expect(printed(failed.stdout) ?? printed(stdout)).toMatch(/^[0-9a-f]{40}$/);
});

test('a plugin whose failure is allowed is reported, and the host is not ready with it alone', async () => {
  const broken = join(__dirname, '../fixtures/plugins/throws-in-start');
  const { id } = (JSON.parse(readFileSync(join(broken, 'package.json'), 'utf8')) as { latchkey: { id: string } })
    .latchkey;
  const config = { plugins: { folders: [broken], allow_failure: [id] } };
  await expect(startHost({ config })).rejects.toThrow(`plugins: failed: ${id}`);
});

describeEmbedded('with the embedded database', () => {
  test('a database of a newer version is refused, and left as it is', async () => {
    const first = await startHost();
    await first.stop();
    const file = join(first.dataDir, 'latchkey.sqlite');
    await run(file, `INSERT INTO "migrations" ("timestamp", "name") VALUES (2795500000000, 'Future2795500000000')`);
    const refused = await runHost({ dataDir: first.dataDir });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      'latchkey: The database holds the migration "Future2795500000000", which this version does not know.\n' +
        '  Start the version that wrote it, or a newer one, or restore a backup.\n',
    );
    await run(file, `DELETE FROM "migrations" WHERE "timestamp" = 2795500000000`);
    const again = await startHost({ dataDir: first.dataDir });
    await again.stop();
  });
});

test('a token key of another database is refused', async () => {
  const [one, other] = [await startHost(), await startHost()];
  await Promise.all([one.stop(), other.stop()]);
  const file = join(one.dataDir, 'token.key');
  const own = readFileSync(file);
  writeFileSync(file, readFileSync(join(other.dataDir, 'token.key')));
  expect(await runHost({ dataDir: one.dataDir })).toMatchObject({
    code: 1,
    stderr:
      `latchkey: The token key in ${file} is not the one that this database was made with.\n` +
      '  Restore the key file that belongs to the database.\n',
  });
  writeFileSync(file, own);
  const again = await startHost({ dataDir: one.dataDir });
  expect((await again.rest('GET', '/api/extras/secrets/')).status).toBe(200);
  await again.stop();
});

describeEmbedded('with the embedded database', () => {
  test('what a host keeps is for its owner alone', async () => {
    const host = await startHost({ dataDir: join(temporaryFolder(), 'made') });
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(host.dataDir)).toBe('700');
    const names = readdirSync(host.dataDir);
    expect(names).toEqual(expect.arrayContaining(['latchkey.sqlite', 'access-records.sqlite', 'token.key']));
    expect(names.map((name) => `${name} ${mode(join(host.dataDir, name))}`)).toEqual(
      names.map((name) => `${name} 600`),
    );
    await host.stop();
  });
});

test('two hosts that start at once on one empty folder agree on the superuser', async () => {
  const dataDir = temporaryFolder();
  const hosts = await Promise.all([startHost({ dataDir }), startHost({ dataDir })]);
  for (const { rest } of hosts) expect((await rest('GET', '/api/extras/secrets/')).status).toBe(200);
  const ends = await Promise.all(hosts.map((host) => host.stop()));
  expect(ends.filter(({ stdout }) => stdout.includes('First start'))).toHaveLength(1);
});

describe('settings', () => {
  test.each([
    [{ LATCHKEY_PROT: '1' }, 'LATCHKEY_PROT: there is no such setting'],
    [{ LATCHKEY_PORT: '70000' }, 'port: '],
    [{ LATCHKEY_PORT_FILE: '/x' }, 'LATCHKEY_PORT_FILE: there is no such setting'],
    [{ LATCHKEY_SUPERUSER_API_TOKEN: 'canary-too-short' }, 'superuser_api_token: must have 20 or more characters'],
    [{ LATCHKEY_DATABASE_URL: 'mysql://user:canary@db/x' }, 'database_url: '],
    [{ LATCHKEY_PUBLIC_URL: 'canary' }, 'public_url: '],
    [{ LATCHKEY_CONFIG: '/nowhere/latchkey.json' }, 'LATCHKEY_CONFIG: the file /nowhere/latchkey.json cannot be read'],
  ])('%j is refused by its name, without its value', async (env, message) => {
    const { code, stdout, stderr } = await runHost({ env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`latchkey: ${message}`);
    expect(stderr).not.toContain('canary');
  });

  test('an unknown key of the file is refused', async () => {
    const { code, stderr } = await runHost({ config: { prot: 1 } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('prot') });
  });

  test.each([
    [{ 'hashicorp-vualt': { default: {} } }, 'stores.hashicorp-vualt: no such provider runs'],
    [{ 'text-file': { default: {} } }, 'stores.text-file: this provider has no stores'],
    [{ 'hashicorp-vault': { default: { url: 'https://v', tokn: 'canary' } } }, 'there is no setting "tokn"'],
  ])('the stores %j are refused at the start, before a token is made', async (stores, message) => {
    const { code, stdout, stderr } = await runHost({ env: withoutToken, config: { stores } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('canary');
  });

  test('a store may wait for its backend and its token', async () => {
    const store = { url: 'http://127.0.0.1:9', token_file: '/nowhere/token' };
    const host = await startHost({ config: { stores: { 'hashicorp-vault': { default: store } } } });
    expect(await host.stop()).toMatchObject({ code: 0 });
  });

  test('variables win over the file, and choices come from it', async () => {
    const host = await startHost({
      env: { LATCHKEY_SUPERUSER_NAME: 'ada' },
      config: { superuser_name: 'bob', access_types: ['TACACS'], secret_types: { enable: 'Enable' } },
    });
    const { body } = await host.rest('OPTIONS', '/api/extras/secrets-groups-associations/');
    const { access_type, secret_type } = body.actions.POST;
    expect(access_type.choices).toContainEqual({ value: 'TACACS', display: 'TACACS' });
    expect(access_type.choices).toContainEqual({ value: 'SSH', display: 'SSH' });
    expect(secret_type.choices).toContainEqual({ value: 'enable', display: 'Enable' });
    expect((await host.stop()).stdout).toContain("'ada'");
  });

  test('links carry the public address, whatever the Host header says', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const env = { LATCHKEY_PORT: String(port), LATCHKEY_PUBLIC_URL: 'https://secrets.example.net/' };
    const host = await startHost({ env });
    const { body, headers } = await host.rest('GET', '/api/', { headers: { 'X-Forwarded-Host': 'evil.example' } });
    expect(body.extras).toBe('https://secrets.example.net/api/extras/');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
    await host.stop();
  });
});

test('a signal ends the host in order: the request in flight is answered', async () => {
  const host = await startHost({ env: { A: 'a' } });
  const { body } = await host.rest('POST', '/api/extras/secrets/', {
    body: { name: 'A', provider: 'environment-variable', parameters: { variable: 'A' } },
  });
  const answers = Array.from({ length: 20 }, () => host.rest('GET', `/api/extras/secrets/${body.id}/check/`));
  await Promise.race(answers);
  const end = host.stop();
  const settled = await Promise.allSettled(answers);
  expect(await end).toMatchObject({ code: 0, stderr: '' });
  const answered = settled.filter(({ status }) => status === 'fulfilled').length;
  const again = await startHost({ dataDir: host.dataDir });
  const { count } = (await again.rest('GET', '/api/audit/entries/')).body;
  expect(count).toBeGreaterThanOrEqual(answered);
  await again.stop();
});

test('the token of a test has twenty characters or more', () => expect(adminToken.length).toBeGreaterThanOrEqual(20));
