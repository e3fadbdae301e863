import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSource } from './source';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-source-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// The change to WAL is refused at once to one of several, in about one round of forty: rounds enough to meet it.
test('connections that meet on a new file all open', async () => {
  for (let round = 0; round < 100; round++) {
    const file = join(folder, `${round}.db`);
    writeFileSync(file, '');
    const opening = Promise.all(Array.from({ length: 4 }, () => openSource({ file, busyTimeout: 5000 })));
    await expect(opening).resolves.toHaveLength(4);
    for (const source of await opening) await source.destroy();
  }
}, 60_000);

test('a connection is durable, holds references and cannot be made to match everything', async () => {
  const source = await openSource({ file: join(folder, 'x.db'), busyTimeout: 123 });
  const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'];
  const values = await Promise.all(pragmas.map((name) => source.query(`PRAGMA ${name}`)));
  expect(values.map(([row]) => Object.values(row as object)[0])).toEqual(['wal', 2, 1, 123]);
  expect(source.options.invalidWhereValuesBehavior).toEqual({ undefined: 'throw', null: 'throw' });
  await source.destroy();
});

test('a connection that only reads cannot write', async () => {
  const file = join(folder, 'x.db');
  const writer = await openSource({ file, busyTimeout: 1000 });
  await writer.query('CREATE TABLE "t" ("a")');
  const reader = await openSource({ file, busyTimeout: 1000, readOnly: true });
  await expect(reader.query('INSERT INTO "t" VALUES (1)')).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
  await expect(reader.query('DROP TABLE "t"')).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
  await reader.destroy();
  await writer.destroy();
});

test('a reader does not make a file', async () => {
  const missing = openSource({ file: join(folder, 'missing.db'), busyTimeout: 1000, readOnly: true });
  await expect(missing).rejects.toMatchObject({ code: 'database-open' });
});
