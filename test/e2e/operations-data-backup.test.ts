import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/src/compose';
import { openSource } from '../../host/src/persistence/source';
import { runCommand } from '../support/command';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

let dataDir: string;
let host: Host | undefined;
let rest: Rest;
beforeEach(() => {
  dataDir = temporaryFolder();
});
afterEach(() => stop());
afterAll(removeTemporaryFolders);

async function start(folder = dataDir): Promise<void> {
  host = await openLocalHost({ data_dir: folder });
  rest = restClient(await host.listen(), adminToken);
}
async function stop(): Promise<void> {
  await host?.close();
  host = undefined;
}

const parameters = { variable: 'PATH' };
const add = (name: string) => create(rest, 'extras/secrets', { name, provider: 'environment-variable', parameters });
const names = async () =>
  ((await rest('GET', '/api/extras/secrets/?limit=1000')).body.results as { name: string }[]).map(({ name }) => name);
const backUp = (folder: string) => runCommand(['backup', folder, '--data-dir', dataDir]);
const restore = (folder: string, into: string, ...more: string[]) =>
  runCommand(['restore', folder, '--data-dir', into, ...more]);

/** A folder with a host's database of one secret, its backup, and a new data folder with the key alone. */
async function backedUp() {
  await start();
  await add('kept');
  await stop();
  const folder = join(temporaryFolder(), 'backup');
  expect(await backUp(folder)).toMatchObject({ code: 0 });
  const other = temporaryFolder();
  copyFileSync(join(dataDir, 'token.key'), join(other, 'token.key'));
  return { folder, other };
}

describe('latchkey backup', () => {
  test('of a host that is written to and read from: whole, as of one moment, for its owner, without the key', async () => {
    await start();
    const { id } = await add('first');
    const load = { goes: true };
    const made: string[] = [];
    const write = async () => {
      for (let nth = 0; load.goes; nth++) made.push(String((await add(`later-${nth}`))['name']));
    };
    const check = async () => {
      while (load.goes) await rest('GET', `/api/extras/secrets/${id}/check/`);
    };
    const loaded = Promise.all([write(), check()]);
    const folder = join(temporaryFolder(), 'backup');
    const { code, stdout, stderr } = await backUp(folder);
    load.goes = false;
    await loaded;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('token.key is NOT in it') });
    expect(stdout).toContain('access-records.sqlite');
    expect(readdirSync(folder).toSorted()).toEqual(['access-records.sqlite', 'backup.json', 'latchkey.sqlite']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    const key = readFileSync(join(dataDir, 'token.key'), 'utf8').trim();
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(key)).toBe(false);

    const other = temporaryFolder();
    copyFileSync(join(dataDir, 'token.key'), join(other, 'token.key'));
    expect(await restore(folder, other)).toMatchObject({ code: 0, stderr: '' });
    await stop();
    await start(other);
    const held = await names();
    // What was made first is in it, and nothing between.
    expect(held).toEqual(['first', ...made.toSorted().filter((name) => held.includes(name))]);
    const numbers = held.slice(1).map((name) => Number(name.split('-')[1]));
    expect(numbers.toSorted((one, two) => one - two)).toEqual(numbers.map((_, nth) => nth));
    expect((await rest('GET', '/api/audit/entries/')).body.count).toBeGreaterThan(0);
  });

  test('writes over nothing, and leaves nothing half-written', async () => {
    const { folder } = await backedUp();
    expect(await backUp(folder)).toMatchObject({ code: 5, stdout: '' });
    const elsewhere = temporaryFolder();
    const none = await runCommand(['backup', join(elsewhere, 'b'), '--data-dir', join(elsewhere, 'none')]);
    expect(none).toMatchObject({ code: 3 });
    writeFileSync(join(dataDir, 'access-records.sqlite'), 'not a database, and longer than a header of one'.repeat(40));
    const damaged = await backUp(join(elsewhere, 'c'));
    expect({ code: damaged.code, left: readdirSync(elsewhere) }).toEqual({ code: 7, left: [] });
  });

  test('of PostgreSQL names its own tools', async () => {
    const env = { LATCHKEY_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    for (const verb of ['backup', 'restore']) {
      const { code, stderr } = await runCommand([verb, join(dataDir, 'b')], env);
      expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('pg_dump') });
    }
  });
});

describe('latchkey restore', () => {
  test('refuses while a host runs, and where data is', async () => {
    const { folder } = await backedUp();
    await start();
    const running = await restore(folder, dataDir, '--force');
    expect(running).toMatchObject({ code: 5, stderr: expect.stringContaining('A host runs') });
    await stop();
    const taken = await restore(folder, dataDir);
    expect(taken).toMatchObject({ code: 5, stderr: expect.stringContaining('There is data already') });
  });

  test('moves what is there aside when told to, and not from under somebody', async () => {
    const { folder } = await backedUp();
    await start();
    await add('made later');
    await stop();
    const holder = await openSource({ file: join(dataDir, 'latchkey.sqlite'), busyTimeout: 100 });
    await holder.query('SELECT count(*) FROM "migrations"');
    const held = await restore(folder, dataDir, '--force');
    expect(held).toMatchObject({ code: 5, stderr: expect.stringContaining('has') });
    await holder.destroy();
    expect(await restore(folder, dataDir, '--force')).toMatchObject({ code: 0 });
    const files = readdirSync(dataDir);
    const aside = files.filter((name) => name.includes('.before-'));
    expect(aside).toHaveLength(2);
    expect(files.filter((name) => name.includes('.restoring'))).toEqual([]);
    await start();
    expect(await names()).toEqual(['kept']);
    await stop();
    // What was moved is whole: it can be put back.
    const back = temporaryFolder();
    copyFileSync(join(dataDir, 'token.key'), join(back, 'token.key'));
    for (const name of aside) copyFileSync(join(dataDir, name), join(back, name.replace(/\.before-.*/, '')));
    await start(back);
    expect(await names()).toEqual(['kept', 'made later']);
  });

  test('refuses another key, a missing one, and a backup that is damaged, newer or none; nothing is touched', async () => {
    const { folder, other } = await backedUp();
    const strange = temporaryFolder();
    writeFileSync(join(strange, 'token.key'), `${'ab'.repeat(32)}\n`);
    expect(await restore(folder, strange)).toMatchObject({ code: 7, stderr: expect.stringContaining('token key') });
    expect(readdirSync(strange)).toEqual(['token.key']);
    expect(await restore(folder, temporaryFolder())).toMatchObject({ code: 7 });
    expect(await restore(dataDir, other)).toMatchObject({ code: 6, stderr: expect.stringContaining('is no backup') });

    const variant = (change: (folder: string) => void) => {
      const copy = join(temporaryFolder(), 'backup');
      mkdirSync(copy);
      for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(copy, name));
      change(copy);
      return copy;
    };
    const cut = variant((copy) => {
      const file = join(copy, 'latchkey.sqlite');
      const bytes = readFileSync(file);
      // A page in the middle, as a disk that rots has it.
      writeFileSync(file, bytes.fill(0x5a, 8192, 16_384));
    });
    expect(await restore(cut, other)).toMatchObject({ code: 6, stderr: expect.stringContaining('cannot be used') });
    const newer = variant(() => {});
    const source = await openSource({ file: join(newer, 'latchkey.sqlite'), busyTimeout: 100 });
    await source.query(`INSERT INTO "migrations" ("timestamp", "name") VALUES (9, 'Tomorrow9999999999999')`);
    await source.query('PRAGMA journal_mode = DELETE');
    await source.destroy();
    expect(await restore(newer, other)).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('Tomorrow9999999999999'),
    });
    expect(readdirSync(other)).toEqual(['token.key']);
    expect(existsSync(join(dataDir, 'latchkey.sqlite'))).toBe(true);
  });
});
