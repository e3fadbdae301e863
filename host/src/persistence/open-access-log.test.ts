import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tellingEntry as entry } from '../../../test/support/access-entries';
import { accessEntryType } from '../domain/audit';
import { openConnections } from './connections';
import { AccessEntries1795500000000 } from './migrations/1795500000000-access-entries';
import { openAccessLog } from './open-access-log';
import { openSource } from './source';

const everything = { scope: { kind: 'all' }, limit: 10, offset: 0 } as const;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-access-log-'));
  file = join(folder, 'data', 'access.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an entry is read back as it was given, with an id and a number', async () => {
  const log = await openAccessLog({ file, version: async () => 7 });
  await expect(log.append(entry)).resolves.toBe(7);
  const page = await log.rows.list(accessEntryType, everything);
  expect(page).toEqual({ count: 1, rows: [{ ...entry, id: expect.stringMatching(/^[0-9a-f-]{36}$/), number: 1 }] });
  await expect(log.rows.get(accessEntryType, { id: page.rows[0]?.id ?? '' })).resolves.toEqual(page.rows[0]);
  await log.close();
});

test('the records of a log from before addresses stay, with none', async () => {
  const before = await openConnections({
    file,
    busyTimeout: 1000,
    migrations: [AccessEntries1795500000000],
    readers: 0,
  });
  await before.writing.query(
    `INSERT INTO "access_entries" ("id", "time", "duration_us", "user") VALUES ('i', 't', 1, 'old')`,
    [],
  );
  await before.close();
  const log = await openAccessLog({ file, version: async () => 1 });
  await log.append(entry);
  const { rows } = await log.rows.list(accessEntryType, everything);
  expect(rows.map(({ user, address }) => [user, address])).toEqual([
    ['old', null],
    ['admin', '192.0.2.7'],
  ]);
  await log.close();
});

test('the log is for its owner alone', async () => {
  const log = await openAccessLog({ file, version: async () => 1 });
  await log.append(entry);
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  expect([file, `${file}-wal`, `${file}-shm`].map((path) => statSync(path).mode & 0o777)).toEqual([
    0o600, 0o600, 0o600,
  ]);
  await log.close();
});

test('64 callers with 10,000 entries take at most 1,000 commits, and every entry is there', async () => {
  const log = await openAccessLog({ file, version: async () => 1 });
  let next = 0;
  const call = async () => {
    while (next < 10_000) await log.append({ ...entry, request_id: String(next++) });
  };
  await Promise.all(Array.from({ length: 64 }, call));
  expect(log.stats()).toMatchObject({ entries: 10_000, failures: 0 });
  expect(log.stats().commits).toBeLessThanOrEqual(1000);
  await log.close();

  const reopened = await openAccessLog({ file, version: async () => 1 });
  const { rows } = await reopened.rows.list(accessEntryType, { ...everything, limit: 20_000 });
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(10_000);
  await reopened.close();
}, 60_000);

test('an entry is on disk, for another process to read, when it is acknowledged', async () => {
  const log = await openAccessLog({ file, version: async () => 1 });
  const other = await openSource({ file, busyTimeout: 1000, readOnly: true });
  for (let i = 1; i <= 20; i++) {
    await log.append(entry);
    await expect(other.query('SELECT count(*) AS "count" FROM "access_entries"')).resolves.toEqual([{ count: i }]);
  }
  await other.destroy();
  await log.close();
});

test('a log that another process holds refuses entries, and keeps them once it is free', async () => {
  const log = await openAccessLog({ file, version: async () => 1, busyTimeout: 50 });
  const other = await openSource({ file, busyTimeout: 1000 });
  await other.query('BEGIN IMMEDIATE');
  await expect(log.append(entry)).rejects.toMatchObject({ code: 'access-record', cause: { message: /SQLITE_BUSY/ } });
  await other.query('ROLLBACK');
  await expect(log.append(entry)).resolves.toBe(1);
  await expect(log.rows.list(accessEntryType, everything)).resolves.toMatchObject({ count: 1 });
  await other.destroy();
  await log.close();
});

test('a commit that fails half way keeps none of its entries', async () => {
  const log = await openAccessLog({ file, version: async () => 1 });
  const other = await openSource({ file, busyTimeout: 1000 });
  await other.query(
    `CREATE TRIGGER "broken" BEFORE INSERT ON "access_entries" WHEN NEW."user" = 'broken'
      BEGIN SELECT RAISE(ABORT, 'broken'); END`,
  );
  const users = ['a', 'b', 'broken', 'c'];
  const outcomes = await Promise.allSettled(users.map((user) => log.append({ ...entry, user })));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  await expect(log.rows.list(accessEntryType, everything)).resolves.toMatchObject({ count: 0 });
  await other.destroy();
  await log.close();
});
