import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeEngines } from '../../../test/support/engines';
import { tokenType, userType } from '../domain/access';
import { objectType } from '../domain/inventory';
import { ReferenceViolation, UniqueViolation, type Transaction, type UnitOfWork } from '../domain/ports';
import { associationType, secretsGroupType, secretType } from '../domain/secrets';
import { openDatabase, type Place } from './open-database';
import { openSource } from './source';

const time = '2026-11-24T21:27:15.123Z';
const everything = { scope: { kind: 'all' }, limit: 50, offset: 0 } as const;
const standard = () => ({ id: randomUUID(), created: time, last_updated: time });
const secret = (name: string, more: { id?: string; provider?: string; slug?: string } = {}) => ({
  ...standard(),
  name,
  slug: name,
  description: '',
  provider: 'environment-variable',
  parameters: { variable: 'GIT_TOKEN', nested: { list: [1, null, 'é'] } },
  tags: [],
  custom_fields: {},
  ...more,
});
const group = (name: string) => ({ ...standard(), name, slug: name, description: '', custom_fields: {} });
const device = (name: string, secrets_group: string | null) => ({
  ...standard(),
  object_type: 'dcim.device',
  name,
  slug: name,
  attributes: {},
  secrets_group,
});
const slot = (secrets_group: string, of: string) => ({
  id: randomUUID(),
  secrets_group,
  access_type: 'SSH',
  secret_type: 'password',
  secret: of,
});

const saveIn =
  (database: () => UnitOfWork) =>
  (...names: string[]) =>
    database().run(async (transaction) => {
      for (const name of names) await transaction.insert(secretType, secret(name));
    });
const namesIn =
  (database: () => UnitOfWork) =>
  async (query: Partial<Parameters<Transaction['list']>[1]> = {}) =>
    (await database().rows.list(secretType, { ...everything, ...query })).rows.map(({ name }) => name);

describe('a database file', () => {
  let folder: string;
  let file: string;
  let database: UnitOfWork;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-database-'));
    file = join(folder, 'data', 'latchkey.db');
    database = await openDatabase({ file, busyTimeout: 200 });
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const save = saveIn(() => database);
  const names = namesIn(() => database);

  test('is for its owner alone, with its journals', async () => {
    await save('one');
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    const files = [file, `${file}-wal`, `${file}-shm`];
    expect(files.map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  test('keeps what was saved when it is opened again', async () => {
    await save('one');
    await database.close();
    database = await openDatabase({ file });
    expect(await names()).toEqual(['one']);
  });

  test('with a migration from the future is refused, and stays as it was', async () => {
    const other = await openSource({ file, busyTimeout: 1000 });
    await other.query(`INSERT INTO "migrations" ("timestamp", "name") VALUES (9, 'Later9000000000000')`);
    await other.destroy();
    await expect(openDatabase({ file })).rejects.toMatchObject({
      code: 'database-newer',
      message: expect.stringContaining('Later9000000000000'),
    });
    expect(await names()).toEqual([]);
  });

  test('that is no database is refused', async () => {
    const other = join(folder, 'other.db');
    writeFileSync(other, 'a text file, and a long one at that'.repeat(100));
    await expect(openDatabase({ file: other })).rejects.toMatchObject({
      code: 'database-open',
      message: expect.stringContaining(other),
    });
  });

  test('that a running process holds is waited for, and then given up', async () => {
    const other = await openSource({ file, busyTimeout: 1000 });
    await other.query('BEGIN IMMEDIATE');
    await expect(save('one')).rejects.toMatchObject({ code: 'database-busy', retriable: true });
    await other.query('ROLLBACK');
    await save('two');
    expect(await names()).toEqual(['two']);
    await other.destroy();
  });

  // A transaction that only reads at first would be refused once another process has committed, whatever the timeout.
  test('is held from the first statement of a transaction on', async () => {
    const other = await openSource({ file, busyTimeout: 1 });
    await database.run(async (transaction) => {
      await transaction.list(secretType, everything);
      await expect(other.query(`DELETE FROM "secrets"`)).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
      await transaction.insert(secretType, secret('one'));
    });
    await other.query(`UPDATE "secrets" SET "description" = 'changed'`);
    await save('two');
    expect(await names()).toEqual(['one', 'two']);
    await other.destroy();
  });
});

describeEngines('a database', (engine) => {
  let place: Place;
  let database: UnitOfWork;
  beforeEach(async () => {
    place = await engine.newDatabase();
    database = await openDatabase(place);
  });
  afterEach(() => database.close());
  const save = saveIn(() => database);
  const names = namesIn(() => database);

  describe('reading', () => {
    test('gives rows back as they were saved', async () => {
      const user = { ...standard(), username: 'Ünal', password: null, is_superuser: true, is_active: false };
      const token = {
        ...standard(),
        user: user.id,
        key_hash: 'h',
        description: '',
        write_enabled: true,
        expires: null,
      };
      const saved = await database.run(async (transaction) => [
        await transaction.insert(userType, user),
        await transaction.insert(tokenType, token),
      ]);
      const unnamed = { first_name: '', last_name: '', email: '' };
      expect(saved).toEqual([
        { ...user, ...unnamed, is_staff: false, last_login: null, groups: [], number: 1 },
        { ...token, allowed_addresses: [], last_used: null, number: 1 },
      ]);
      await expect(database.rows.get(userType, { id: user.id })).resolves.toEqual(saved[0]);
      await expect(database.rows.get(tokenType, { key_hash: 'h' })).resolves.toEqual(saved[1]);
      const one = secret('one');
      await database.run((transaction) => transaction.insert(secretType, one));
      await expect(database.rows.list(secretType, everything)).resolves.toEqual({
        count: 1,
        rows: [{ ...one, number: 1 }],
      });
      await expect(database.rows.get(secretType, { name: 'other' })).resolves.toBeUndefined();
    });

    test('keeps a "__proto__" in JSON as a key like any other', async () => {
      const parameters = JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, unknown>;
      const one = { ...secret('one'), parameters };
      await database.run((transaction) => transaction.insert(secretType, one));
      const read = await database.rows.get(secretType, { id: one.id });
      expect(Object.hasOwn(read?.parameters ?? {}, '__proto__')).toBe(true);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });

    // TypeORM 0.3.31 answers `{ id: undefined }` with the first row, and an operator in place of a text with any.
    test.each([
      ['nothing', {}],
      ['undefined', { id: undefined }],
      ['null', { id: null }],
      ['an object', { id: {} }],
      ['a list', { id: ['x'] }],
      ['a number', { id: 1 }],
      ['a JSON field', { parameters: {} }],
      ['a field that is not declared', { 'id" = "id" OR "id': 'x' }],
      ['an inherited name', { constructor: 'x' }],
    ])('one row by %s is refused', async (_, by) => {
      await save('one');
      await expect(database.rows.get(secretType, by as never)).rejects.toThrow(TypeError);
    });

    test('one row by what several have is refused', async () => {
      await save('one', 'two');
      await expect(database.rows.get(secretType, { provider: 'environment-variable' })).rejects.toThrow(
        'More than one',
      );
    });

    test('a page says how many rows there are in all', async () => {
      await save('a', 'b', 'c', 'd', 'e');
      const list = (limit: number, offset: number) =>
        database.rows.list(secretType, { scope: { kind: 'all' }, limit, offset });
      const pages = await Promise.all([list(2, 0), list(2, 4), list(2, 9), list(0, 0)]);
      expect(pages.map(({ count, rows }) => [count, ...rows.map(({ name }) => name)])).toEqual([
        [5, 'a', 'b'],
        [5, 'e'],
        [5],
        [5],
      ]);
    });

    test('no row is in the scope of nobody', async () => {
      await save('one');
      await expect(database.rows.list(secretType, { ...everything, scope: { kind: 'none' } })).resolves.toEqual({
        count: 0,
        rows: [],
      });
    });

    test('order is by code point, up or down, and ties are broken by id', async () => {
      await save('b', 'a', 'B', 'é', '￮', '🔑');
      expect(await names()).toEqual(['B', 'a', 'b', 'é', '￮', '🔑']);
      expect(await names({ order: ['-name'] })).toEqual(['🔑', '￮', 'é', 'b', 'a', 'B']);
      const tied = async (order: string) => {
        const { rows } = await database.rows.list(secretType, { ...everything, order: [order] });
        return rows.map(({ id }) => id);
      };
      const ids = await tied('provider');
      expect(ids).toEqual(ids.toSorted());
      expect(await tied('-provider')).toEqual(ids.toReversed());
    });

    test('filters take lists of values and null, and are joined by and', async () => {
      await database.run(async (transaction) => {
        const { id } = await transaction.insert(secretsGroupType, group('g'));
        for (const [name, attached] of [
          ['a', id],
          ['b', null],
          ['c', id],
        ] as const)
          await transaction.insert(objectType, device(name, attached));
      });
      const found = async (...filters: { field: string; values: (string | number | null)[] }[]) => {
        const { count, rows } = await database.rows.list(objectType, { ...everything, filters });
        expect(rows).toHaveLength(count);
        return rows.map(({ name }) => name);
      };
      const groupId = (await database.rows.get(secretsGroupType, { name: 'g' }))?.id ?? '';
      expect(await found({ field: 'name', values: ['a', 'c', 'x'] })).toEqual(['a', 'c']);
      expect(await found({ field: 'number', values: [2] })).toEqual(['b']);
      expect(await found({ field: 'secrets_group', values: [groupId] })).toEqual(['a', 'c']);
      expect(await found({ field: 'secrets_group', values: [null] })).toEqual(['b']);
      expect(await found({ field: 'secrets_group', values: [null, groupId] })).toEqual(['a', 'b', 'c']);
      expect(await found({ field: 'name', values: [] })).toEqual([]);
      const both = [
        { field: 'name', values: ['a', 'b'] },
        { field: 'secrets_group', values: [groupId] },
      ];
      expect(await found(...both)).toEqual(['a']);
    });

    test('flags are filtered as flags', async () => {
      await database.run(async (transaction) => {
        for (const [username, is_active] of [
          ['a', true],
          ['b', false],
        ] as const)
          await transaction.insert(userType, {
            ...standard(),
            username,
            password: null,
            is_superuser: false,
            is_active,
          });
      });
      const filters = [{ field: 'is_active', values: [false] }];
      const { rows } = await database.rows.list(userType, { ...everything, filters });
      expect(rows.map(({ username }) => username)).toEqual(['b']);
    });

    test('searching knows no case in any script, and no wildcard', async () => {
      await save('Hauptstraße', 'ΟΔΟΣ', '100% sure', '100 sure', `it's`);
      expect(await names({ search: 'STRASSE' })).toEqual(['Hauptstraße']);
      expect(await names({ search: 'οδος' })).toEqual(['ΟΔΟΣ']);
      expect(await names({ search: '100%' })).toEqual(['100% sure']);
      expect(await names({ search: '_' })).toEqual([]);
      expect(await names({ search: `'` })).toEqual([`it's`]);
    });

    test.each([
      ['an order by a field that is not declared', { order: ['name; DROP TABLE "secrets"'] }],
      ['an order by a JSON field', { order: ['parameters'] }],
      ['a filter on a field that is not declared', { filters: [{ field: 'name_folded', values: ['x'] }] }],
      ['a filter with an object', { filters: [{ field: 'name', values: [{} as never] }] }],
      ['a filter with another type of value', { filters: [{ field: 'number', values: ['1'] }] }],
    ])('%s is refused', async (_, query) => {
      await expect(names(query)).rejects.toThrow(TypeError);
    });

    test('searching a type without searchable fields is refused', async () => {
      await expect(database.rows.list(tokenType, { ...everything, search: 'x' })).rejects.toThrow(TypeError);
    });
  });

  describe('writing', () => {
    test('changes the fields that are given, and what is searched', async () => {
      const one = secret('one');
      await database.run(async (transaction) => {
        await transaction.insert(secretType, one);
        const changed = await transaction.update(secretType, one.id, { name: 'Two', parameters: {} });
        expect(changed).toEqual({ ...one, number: 1, name: 'Two', parameters: {} });
        await expect(transaction.update(secretType, one.id, {})).resolves.toEqual(changed);
      });
      expect(await names({ search: 'tWO' })).toEqual(['Two']);
      expect(await names({ search: 'one' })).toEqual([]);
    });

    test('refuses to change a row that is not there', async () => {
      const change = database.run((transaction) => transaction.update(secretType, randomUUID(), { name: 'x' }));
      await expect(change).rejects.toMatchObject({ code: 'no-such-row' });
    });

    test('says which fields are not unique, and keeps nothing of the transaction', async () => {
      await save('one');
      const repeat = (row: ReturnType<typeof secret>) =>
        database.run(async (transaction) => {
          await transaction.insert(secretType, secret('before'));
          await transaction.insert(secretType, row);
        });
      await expect(repeat(secret('one', { slug: 'other' }))).rejects.toEqual(new UniqueViolation(['name']));
      await expect(repeat(secret('other', { slug: 'one' }))).rejects.toEqual(new UniqueViolation(['slug']));
      const { id } = (await database.rows.get(secretType, { name: 'one' })) as { id: string };
      await expect(repeat(secret('other', { id }))).rejects.toEqual(new UniqueViolation(['id']));
      expect(await names()).toEqual(['one']);
    });

    test('says it of sets of fields and of changes as well', async () => {
      const filled = database.run(async (transaction) => {
        const of = await transaction.insert(secretType, secret('one'));
        const { id } = await transaction.insert(secretsGroupType, group('g'));
        await transaction.insert(associationType, slot(id, of.id));
        await transaction.insert(associationType, slot(id, of.id));
      });
      await expect(filled).rejects.toEqual(new UniqueViolation(['secrets_group', 'access_type', 'secret_type']));
      await save('a', 'b');
      const { id } = (await database.rows.get(secretType, { name: 'a' })) as { id: string };
      const change = database.run((transaction) => transaction.update(secretType, id, { name: 'b' }));
      await expect(change).rejects.toEqual(new UniqueViolation(['name']));
    });

    test('what failed carries none of the values', async () => {
      await save('one');
      const canary = { ...secret('one'), description: 'canary' };
      const error: unknown = await database
        .run((transaction) => transaction.insert(secretType, canary))
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UniqueViolation);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
    });

    test('references hold, go, or are emptied, as declared', async () => {
      const [of, holder] = await database.run(async (transaction) => {
        const kept = await transaction.insert(secretType, secret('one'));
        const { id } = await transaction.insert(secretsGroupType, group('g'));
        await transaction.insert(associationType, slot(id, kept.id));
        await transaction.insert(objectType, device('csr1', id));
        return [kept.id, id] as const;
      });
      const remove = database.run((transaction) => transaction.remove(secretType, of));
      await expect(remove).rejects.toThrow(ReferenceViolation);
      const dangling = database.run((transaction) => transaction.insert(objectType, device('csr2', randomUUID())));
      await expect(dangling).rejects.toThrow(ReferenceViolation);
      await database.run((transaction) => transaction.remove(secretsGroupType, holder));
      await expect(database.rows.list(associationType, everything)).resolves.toMatchObject({ count: 0 });
      const { rows } = await database.rows.list(objectType, everything);
      expect(rows.map(({ name, secrets_group }) => [name, secrets_group])).toEqual([['csr1', null]]);
    });

    test('a number is never used again', async () => {
      await save('one', 'two');
      const { id, number } = (await database.rows.get(secretType, { name: 'two' })) as { id: string; number: number };
      await database.run((transaction) => transaction.remove(secretType, id));
      await save('three');
      const three = await database.rows.get(secretType, { name: 'three' });
      expect([number, three?.number]).toEqual([2, 3]);
    });

    test.each([
      ['an id', { id: randomUUID() }],
      ['a number', { number: 9 }],
      ['SQL in place of a text', { name: () => `'x'` }],
      ['an object in place of a text', { name: {} }],
      ['null where there must be a value', { name: null }],
      ['a field that is not declared', { name_folded: 'x' }],
    ])('a change of %s is refused', async (_, changes) => {
      const one = secret('one');
      await database.run((transaction) => transaction.insert(secretType, one));
      const change = database.run((transaction) => transaction.update(secretType, one.id, changes as never));
      await expect(change).rejects.toThrow(TypeError);
      await expect(database.rows.get(secretType, { id: one.id })).resolves.toEqual({ ...one, number: 1 });
    });

    test('a row with a field missing is refused', async () => {
      const { provider: _, ...row } = secret('one');
      const insert = database.run((transaction) => transaction.insert(secretType, row as never));
      await expect(insert).rejects.toThrow(TypeError);
    });
  });

  // On one TypeORM connection a save that was acknowledged while another transaction was open went with its rollback, and
  // a read saw rows that were never committed.
  describe('transactions side by side', () => {
    test('a save outlives the rollback of a transaction that was open when it was asked for', async () => {
      let fail = (): void => undefined;
      const opened = new Promise<void>((began) => {
        void database
          .run(async (transaction) => {
            await transaction.insert(secretType, secret('doomed'));
            began();
            await new Promise<void>((_, reject) => (fail = () => reject(new Error('rolled back'))));
          })
          .catch(() => undefined);
      });
      await opened;
      const saved = save('kept');
      fail();
      await saved;
      expect(await names()).toEqual(['kept']);
    });

    test('a read sees nothing that is not committed, and the transaction sees its own', async () => {
      await save('committed');
      const seen = await database.run(async (transaction) => {
        await transaction.insert(secretType, secret('pending'));
        const inside = await transaction.list(secretType, everything);
        return { outside: await names(), inside: inside.rows.map(({ name }) => name) };
      });
      expect(seen).toEqual({ outside: ['committed'], inside: ['committed', 'pending'] });
      expect(await names()).toEqual(['committed', 'pending']);
    });

    test('twenty transactions at once all succeed', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, i) => save(`s${i}`)));
      expect(await names()).toHaveLength(20);
    });

    test('what a failed transaction left under way is rolled back with it', async () => {
      const failed = database.run((transaction) =>
        Promise.all([
          transaction.insert(secretType, secret('early')),
          Promise.reject(new Error('failed')),
          transaction.insert(secretType, secret('late')),
        ]),
      );
      await expect(failed).rejects.toThrow('failed');
      expect(await names()).toEqual([]);
    });

    test('a transaction that has ended is refused', async () => {
      const leaked = await database.run((transaction) => Promise.resolve(transaction));
      await expect(leaked.insert(secretType, secret('one'))).rejects.toThrow('has ended');
      expect(await names()).toEqual([]);
    });
  });

  describe('the version', () => {
    test('moves with every change, by whomever, and only then', async () => {
      const versions = [await database.version(), await database.version()];
      await save('one');
      versions.push(await database.version());
      await names();
      await save('one').catch(() => undefined);
      await database.run((transaction) => transaction.list(secretType, everything));
      versions.push(await database.version());
      const other = await openDatabase(place);
      await other.run((transaction) => transaction.insert(secretType, secret('two')));
      await other.close();
      versions.push(await database.version());
      const [first] = versions as [number];
      expect(versions.map((version) => version - first)).toEqual([0, 0, 1, 1, 2]);
    });
  });
});
