import { execFileSync } from 'node:child_process';
import { startHost, type HostProcess } from '../support/host-process';
import { describePostgres, query, startPostgres, type Postgres } from '../support/postgres';
import { recordedChecks, unrecorded } from '../support/recorded-checks';
import { smallDisk, type SmallDisk } from '../support/small-disk';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);

// Root alone may mount one, and not everywhere.
const disk = smallDisk(2);
const onSmallDisk = disk ? describePostgres : describe.skip;
let postgres: Postgres;
let host: HostProcess;
afterAll(async () => {
  await host?.stop();
  await postgres?.stop();
  disk?.remove();
  removeTemporaryFolders();
});

onSmallDisk('PostgreSQL on a small disk', () => {
  test('a full disk refuses reads and changes in words, loses nothing that was answered, and recovers by itself', async () => {
    const { folder, fill, free } = disk as SmallDisk;
    execFileSync('chown', ['postgres:', folder]);
    postgres = await startPostgres();
    const url = await postgres.newDatabase();
    host = await startHost({ env: { LATCHKEY_DATABASE_URL: url, LATCHKEY_LOG_LEVEL: 'silent' } });
    const { rest } = host;
    const body = { provider: 'environment-variable', parameters: { variable: 'PATH' } };
    const { id } = await create(rest, 'extras/secrets', { name: 'S', ...body });
    await query(url, `CREATE TABLESPACE "small" LOCATION '${folder}'`);
    for (const table of ['access_entries', 'secrets'])
      await query(url, `ALTER TABLE "${table}" SET TABLESPACE "small"`);

    const { check, answered, refused } = recordedChecks(rest, id);
    for (let i = 0; i < 20; i++) expect(await check()).toBe(200);

    fill();
    // A page that is there already is written until it is full.
    for (let i = 0; i < 500 && refused.length < 20; i++) await Promise.all([check(), check(), check(), check()]);
    expect(refused.length).toBeGreaterThanOrEqual(20);
    expect(refused).toEqual(refused.map(() => unrecorded));
    expect((await rest('GET', '/readyz', { token: null })).status).toBe(503);
    const add = (name: string) => rest('POST', '/api/extras/secrets/', { body: { name, ...body } });
    let last = await add('0');
    for (let i = 1; i < 200 && last.status === 201; i++) last = await add(String(i));
    expect(last).toMatchObject({
      status: 503,
      body: { detail: 'The change could not be kept: the disk of the database is full, or fails.' },
    });

    free();
    expect(await check()).toBe(200);
    expect((await add('room')).status).toBe(201);
    expect((await rest('GET', '/readyz', { token: null })).status).toBe(200);
    const recorded = await query<{ request_id: string }>(url, 'SELECT "request_id" FROM "access_entries"');
    const kept = new Set(recorded.map(({ request_id }) => request_id));
    expect(answered.filter((request) => !kept.has(request))).toEqual([]);
  });
});
