import { randomUUID } from 'node:crypto';

import { describePostgres, query, startPostgres, type Postgres } from '../../../../test/support/postgres';
import { describeType, standardFields } from '../../domain/descriptor';
import { secretType } from '../../domain/secrets';
import { createTypes, hostTypes } from '../../domain/types';
import { migrationsFor } from '../definition-tables';
import { isNew } from '../is-new';
import { openAccessLog } from '../open-access-log';
import { openDatabase } from '../open-database';
import { migratePostgres } from './source';

const everything = { scope: { kind: 'all' }, limit: 50, offset: 0 } as const;
const time = '2026-11-24T21:27:15.123Z';
const shelf = describeType({
  name: 'library.shelf',
  label: 'shelf',
  table: 'library_shelves',
  fields: {
    ...standardFields,
    name: { kind: 'text', max: 255, required: true, unique: true, searchable: true },
    signs: { kind: 'json', default: {} },
    lent: { kind: 'flag', default: false },
    secret: { kind: 'reference', target: 'extras.secret', nullable: true, onDelete: 'set-null' },
    others: { kind: 'references', target: 'extras.secret', default: [] },
  },
  unique: [],
  order: ['name'],
  display: 'name',
});

describePostgres('migrations on PostgreSQL', () => {
  let postgres: Postgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  beforeEach(async () => {
    url = await postgres.newDatabase();
  });
  afterAll(() => postgres.stop());

  const migrations = migrationsFor('postgres', hostTypes);

  test.each(migrations.map((_, done) => [done]))('lead up from where the first %i were applied', async (done) => {
    await migratePostgres({ url, migrations: migrations.slice(0, done) });
    const applied: string[] = [];
    const database = await openDatabase({ url, onMigrated: (names) => applied.push(...names) });
    await expect(database.rows.list(secretType, everything)).resolves.toMatchObject({ count: 0 });
    await database.close();
    expect(applied).toEqual(migrations.slice(done).map(({ name }) => name));
  });

  test('are applied once, by whichever of several hosts comes first', async () => {
    const applied: string[][] = [];
    const onMigrated = (names: readonly string[]) => applied.push([...names]);
    const opened = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const database = await openDatabase({ url, onMigrated });
        const log = await openAccessLog({ url, version: database.version, onMigrated });
        return async () => {
          await log.close();
          await database.close();
        };
      }),
    );
    for (const close of opened) await close();
    expect(applied.filter((names) => names.length > 0)).toHaveLength(2);
    expect(applied).toHaveLength(8);
  }, 30_000);

  test('of the future refuse the database, and leave it as it was', async () => {
    await (await openDatabase({ url })).close();
    await query(url, `INSERT INTO "migrations" ("timestamp", "name") VALUES (9, 'Later9000000000000')`);
    await expect(openDatabase({ url })).rejects.toMatchObject({
      code: 'database-newer',
      message: expect.stringContaining('Later9000000000000'),
    });
  });

  test('that fail leave nothing behind', async () => {
    const broken = { name: 'Broken', timestamp: 1_799_000_000_000, postgres: ['CREATE TABLE "half" ()', 'SELECT no'] };
    // TypeORM tells of it on the console, whatever it is told.
    const told = jest.spyOn(console, 'log').mockReturnValue(undefined);
    await expect(openDatabase({ url, migrations: [broken] })).rejects.toThrow('column "no" does not exist');
    told.mockRestore();
    await expect(
      query(url, `SELECT to_regclass('half') AS "half", to_regclass('secrets') AS "secrets"`),
    ).resolves.toEqual([{ half: null, secrets: null }]);
    await (await openDatabase({ url })).close();
  });

  test('of a plugin make its tables, which are read and written like any other', async () => {
    const types = createTypes([shelf]);
    const step = { name: 'Library', timestamp: 1_799_000_000_000, creates: [shelf] };
    const later = {
      name: 'LibraryLater',
      timestamp: 1_799_000_000_001,
      postgres: ['CREATE TABLE "library_extra" ("id" varchar(36) COLLATE "C" PRIMARY KEY)'],
    };
    const database = await openDatabase({ url, types, migrations: [step, later] });
    const standard = () => ({ id: randomUUID(), created: time, last_updated: time });
    const saved = await database.run(async (transaction) => {
      const parameters = {};
      const row = { name: 's', slug: 's', description: '', provider: 'text-file', parameters, custom_fields: {} };
      const { id } = await transaction.insert(secretType, { ...standard(), ...row });
      const long = { 'a "key"': 'x'.repeat(5_000), [`${'k'.repeat(5_000)}`]: true };
      return transaction.insert(shelf, {
        ...standard(),
        name: 'Höhe',
        signs: long,
        lent: true,
        secret: id,
        others: [id],
      });
    });
    expect(await database.rows.get(shelf, { name: 'Höhe' })).toEqual(saved);
    const found = await database.rows.list(shelf, { ...everything, search: 'höhe' });
    expect(found.rows).toEqual([saved]);
    await database.close();
    // The host starts without the plugin, too, and with it again.
    await (await openDatabase({ url })).close();
    const again: string[] = [];
    await (await openDatabase({ url, types, migrations: [step, later], onMigrated: (n) => again.push(...n) })).close();
    expect(again).toEqual([]);
  });

  test('a database is new until somebody has moved in', async () => {
    expect(await isNew({ url })).toBe(true);
    const database = await openDatabase({ url });
    expect(await isNew({ url })).toBe(true);
    await database.close();
    await query(url, `INSERT INTO "latchkey_settings" VALUES ('i', 'token_key_id', 'v')`);
    expect(await isNew({ url })).toBe(false);
  });

  test('a database that cannot be opened is told of without its password', async () => {
    const there = new URL(url);
    const missing = `postgres://latchkey:canary@${there.host}/missing`;
    const failure: unknown = await openDatabase({ url: missing }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'database-open', message: expect.stringContaining('no such database') });
    expect(String((failure as Error).stack)).not.toContain('canary');
    await query(
      postgres.url(),
      `CREATE DATABASE "latin" ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0 LOCALE_PROVIDER libc`,
    );
    await expect(openDatabase({ url: postgres.url('latin') })).rejects.toThrow('its encoding is not UTF8');
  });
});
