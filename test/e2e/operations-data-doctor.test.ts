import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Finding } from '../../host/src/cli/doctor/finding';
import type { Host } from '../../host/src/compose';
import { openAccessLog } from '../../host/src/persistence/open-access-log';
import { entryAt } from '../support/access-entries';
import { runCommand } from '../support/command';
import { localConfig, openLocalHost } from '../support/local-host';
import { describePostgres, startPostgres, type Postgres } from '../support/postgres';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

const library = join(__dirname, '../fixtures/extensions/library');
let dataDir: string;
let host: Host | undefined;
beforeEach(() => {
  dataDir = temporaryFolder();
});
afterEach(() => stop());
afterAll(removeTemporaryFolders);

async function start(): Promise<void> {
  host = await openLocalHost({ data_dir: dataDir });
  await host.listen();
}
async function stop(): Promise<void> {
  await host?.close();
  host = undefined;
}

async function doctor(env: Readonly<Record<string, string>> = {}, folder = dataDir) {
  const given = { LATCHKEY_PORT: '0', ...env };
  const { code, stdout, stderr } = await runCommand(['doctor', '--data-dir', folder, '--output', 'json'], given);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  return {
    code,
    findings,
    of: (check: string) => findings.filter((finding) => finding.check === check),
    not: (result: string) => findings.filter((finding) => finding.result !== result).map(({ check }) => check),
  };
}

/** Every file of a folder with its mode, its time and its content. */
const everything = (folder: string) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => {
      const { mode, mtimeMs, size } = statSync(join(folder, name));
      return [name, mode, mtimeMs, size, readFileSync(join(folder, name)).toString('base64')];
    });

function configFile(content: unknown): string {
  const file = join(temporaryFolder(), 'latchkey.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('latchkey doctor', () => {
  test('finds nothing wrong with a host that runs, nor with its data when it has stopped, and leaves no trace', async () => {
    await start();
    const same = { LATCHKEY_CONFIG: configFile({ plugins: { enabled: localConfig().plugins.enabled } }) };
    const running = await doctor(same);
    expect(running.findings.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(running.of('host')).toEqual([{ check: 'host', result: 'ok', detail: 'runs, and is ready' }]);
    await stop();
    const before = everything(dataDir);
    const stopped = await doctor(same);
    expect({ code: stopped.code, wrong: stopped.not('ok') }).toEqual({ code: 0, wrong: [] });
    expect(everything(dataDir)).toEqual(before);
  });

  test('makes no data folder', async () => {
    const folder = join(dataDir, 'none');
    const { code, not } = await doctor({}, folder);
    expect({ code, not: not('ok') }).toEqual({ code: 0, not: ['data folder', 'database', 'access records'] });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('says what is open to others, and that the key is lost or another one', async () => {
    await start();
    await stop();
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'latchkey.sqlite'), 0o644);
    chmodSync(join(dataDir, 'token.key'), 0o640);
    const open = await doctor();
    expect(open.code).toBe(1);
    expect(open.of('data folder')).toMatchObject([{ result: 'warn', remedy: `chmod 700 ${dataDir}` }]);
    expect(open.of('data files')).toMatchObject([{ result: 'warn' }]);
    expect(open.of('token key')).toMatchObject([{ result: 'bad', detail: expect.stringContaining('640') }]);
    chmodSync(join(dataDir, 'token.key'), 0o600);
    writeFileSync(join(dataDir, 'token.key'), `${'cd'.repeat(32)}\n`);
    const other = await doctor();
    expect(other.of('token key')).toMatchObject([{ result: 'bad', detail: expect.stringContaining('not the key of') }]);
    rmSync(join(dataDir, 'token.key'));
    expect((await doctor()).of('token key')).toMatchObject([{ result: 'bad' }]);
  });

  test('finds pages that are broken, a clock that is behind, and a port that is taken', async () => {
    await start();
    await stop();
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const log = await openAccessLog({ file: join(dataDir, 'access-records.sqlite'), version: async () => 1 });
    await log.append(entryAt(tomorrow));
    await log.close();
    const file = join(dataDir, 'latchkey.sqlite');
    writeFileSync(file, readFileSync(file).fill(0x5a, 8192, 16_384));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, of } = await doctor({ LATCHKEY_PORT: String(port) });
    server.close();
    expect(code).toBe(1);
    expect(of('database')[0]).toMatchObject({ result: 'bad', remedy: expect.stringContaining('restore a backup') });
    expect(of('clock')).toMatchObject([{ result: 'warn', detail: expect.stringContaining(tomorrow) }]);
    expect(of('host')).toMatchObject([{ result: 'bad', detail: expect.stringContaining('EADDRINUSE') }]);
  });

  test('finds a plugin that fails, a store that nobody takes, a certificate that is not there, plain HTTP for all', async () => {
    const broken = join(temporaryFolder(), 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'package.json'), '{"name": "broken", "version": "1.0.0"}');
    const plugins = { enabled: ['@latchkey/provider-environment-variable'], folders: [broken] };
    const failing = await doctor({ LATCHKEY_CONFIG: configFile({ plugins }) });
    expect(failing.code).toBe(1);
    expect(failing.of('plugins')).toMatchObject([{ result: 'bad' }]);
    const stores = { 'no-such': { default: { token: 'canary-of-a-store' } } };
    const files = { LATCHKEY_TLS_CERT_FILE: join(dataDir, 'none.pem'), LATCHKEY_TLS_KEY_FILE: join(dataDir, 'no.key') };
    const odd = await doctor({ LATCHKEY_CONFIG: configFile({ stores }), ...files });
    expect(odd.of('stores')).toMatchObject([{ result: 'bad', detail: expect.stringContaining('no-such') }]);
    expect(odd.of('TLS')).toMatchObject([{ result: 'bad', detail: expect.stringContaining('none.pem') }]);
    expect(JSON.stringify(odd.findings)).not.toContain('canary-of-a-store');
    expect((await doctor({ LATCHKEY_HOST: '0.0.0.0' })).of('TLS')).toMatchObject([{ result: 'warn' }]);
  });

  test('of a configuration that is not valid says that alone', async () => {
    const { code, findings } = await doctor({ LATCHKEY_FETCH_TIMEOUT: 'soon' });
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ check: 'configuration', result: 'bad' }]);
  });
});

describe('latchkey migrate --plan', () => {
  const plan = async (env: Readonly<Record<string, string>> = {}, ...more: string[]) => {
    const { code, stdout } = await runCommand(['migrate', '--data-dir', dataDir, '--output', 'json', ...more], env);
    return { code, files: JSON.parse(stdout) as { pending: string[]; newer: string[]; applied: string[] }[] };
  };

  test('lists what a start would apply, those of plugins too, and changes nothing; migrate applies them', async () => {
    const withLibrary = { LATCHKEY_CONFIG: configFile({ plugins: { folders: [library] } }) };
    const fresh = await plan(withLibrary, '--plan');
    expect(readdirSync(dataDir)).toEqual([]);
    expect(fresh.files[0]?.pending).toEqual(expect.arrayContaining([expect.stringMatching(/^Plugin_Library/)]));
    expect(fresh.files[1]?.pending).toContain('AccessEntries1795500000000');
    const applied = await plan(withLibrary);
    expect(applied.files.map((file) => file.applied)).toEqual(fresh.files.map(({ pending }) => pending));
    // A database without a start has no key yet, and the first start makes one.
    await start();
    await stop();
    expect(readdirSync(dataDir)).toContain('token.key');
    const none = await plan(withLibrary, '--plan');
    expect(none).toMatchObject({
      code: 0,
      files: [
        { pending: [], newer: [] },
        { pending: [], newer: [] },
      ],
    });
  });

  test('a plugin that comes later is pending, one that has gone is not of a newer version', async () => {
    await start();
    await stop();
    const before = everything(dataDir);
    const withLibrary = { LATCHKEY_CONFIG: configFile({ plugins: { folders: [library] } }) };
    const { files } = await plan(withLibrary, '--plan');
    expect(files[0]?.pending.filter((name) => !name.startsWith('Plugin_'))).toEqual([]);
    expect(files[0]?.pending.length).toBeGreaterThan(0);
    expect(everything(dataDir)).toEqual(before);
    await plan(withLibrary);
    expect(await plan({}, '--plan')).toMatchObject({ code: 0, files: [{ newer: [] }, { newer: [] }] });
  });
});

describePostgres('on PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.stop());

  test('the doctor and the plan look at its tables and its key; records are exported', async () => {
    const url = await postgres.newDatabase();
    const env = { LATCHKEY_DATABASE_URL: url };
    const migrate = async () => (await runCommand(['migrate', '--plan', '--data-dir', dataDir], env)).stdout;
    expect(await migrate()).toContain('PostgresAccessEntries');
    const empty = await doctor(env);
    expect({ code: empty.code, not: empty.not('ok') }).toEqual({ code: 0, not: ['database', 'access records'] });
    expect((await runCommand(['migrate', '--data-dir', dataDir], env)).code).toBe(0);
    host = await openLocalHost({ data_dir: dataDir, database_url: url });
    await stop();
    expect(await migrate()).not.toContain('to apply\n ');
    expect((await doctor(env)).not('ok')).toEqual([]);
    const log = await openAccessLog({ url, version: async () => 1 });
    await Promise.all(Array.from({ length: 1100 }, () => log.append(entryAt('2026-01-01T00:00:00.000Z'))));
    await log.close();
    const exported = await runCommand(['audit', 'export', '--data-dir', dataDir], env);
    expect(exported.stdout.split('\n').filter(Boolean)).toHaveLength(1100);
    writeFileSync(join(dataDir, 'token.key'), `${'ef'.repeat(32)}\n`);
    expect((await doctor(env)).of('token key')).toMatchObject([{ result: 'bad' }]);
    const gone = await doctor({ LATCHKEY_DATABASE_URL: 'postgres://nobody:canary-password@127.0.0.1:1/none' });
    expect(gone.of('database')).toMatchObject([
      { result: 'bad', detail: expect.stringContaining('cannot be reached') },
    ]);
    expect(JSON.stringify(gone.findings)).not.toContain('canary-password');
  });
});
