import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder';
import { permissionType, tokenType, userType } from '../domain/access';
import { secretType } from '../domain/secrets';
import { migrate } from './migrate';
import { Definitions1795500000000 } from './migrations/1795500000000-definitions';
import { openDatabase } from './open-database';
import { openSource } from './source';

afterAll(removeTemporaryFolders);

const time = '2026-11-24T21:27:15.123Z';
const times = `'${time}', '${time}'`;
const everything = { scope: { kind: 'all' }, limit: 50, offset: 0 } as const;

/** A database as the version before this one left it. */
async function oldDatabase(): Promise<string> {
  const file = join(temporaryFolder(), 'latchkey.sqlite');
  const source = await openSource({ file, busyTimeout: 1000, migrations: [Definitions1795500000000] });
  await migrate(source);
  for (const statement of [
    `INSERT INTO "users" VALUES ('u1', 1, ${times}, 'Ünal', 'ünal', '$argon2id$hash', 1, 1)`,
    `INSERT INTO "users" VALUES ('u2', 2, ${times}, 'maria', 'maria', NULL, 0, 0)`,
    `INSERT INTO "users_tokens" VALUES ('t1', 1, ${times}, 'u1', 'hash 1', 'first', 1, NULL)`,
    `INSERT INTO "users_tokens" VALUES ('t2', 2, ${times}, 'u2', 'hash 2', '', 0, '${time}')`,
    `INSERT INTO "latchkey_sequences" VALUES ('users.user', 7), ('users.token', 2)`,
    `INSERT INTO "secrets" VALUES ('s1', 1, ${times}, 'one', 'one', 'one', '', 'environment-variable', '{"variable":"X"}')`,
  ])
    await source.query(statement);
  await source.destroy();
  return file;
}

test('a database of the version before keeps all that it holds', async () => {
  const database = await openDatabase({ file: await oldDatabase() });
  const stamps = { created: time, last_updated: time };
  const unknown = { first_name: '', last_name: '', email: '', last_login: null, groups: [] };
  expect((await database.rows.list(userType, { ...everything, order: ['number'] })).rows).toEqual([
    {
      id: 'u1',
      number: 1,
      ...stamps,
      username: 'Ünal',
      password: '$argon2id$hash',
      ...unknown,
      is_superuser: true,
      is_staff: true,
      is_active: true,
    },
    {
      id: 'u2',
      number: 2,
      ...stamps,
      username: 'maria',
      password: null,
      ...unknown,
      is_superuser: false,
      is_staff: false,
      is_active: false,
    },
  ]);
  const fresh = { allowed_addresses: [], last_used: null };
  expect((await database.rows.list(tokenType, { ...everything, order: ['number'] })).rows).toEqual([
    {
      id: 't1',
      number: 1,
      ...stamps,
      user: 'u1',
      key_hash: 'hash 1',
      description: 'first',
      write_enabled: true,
      expires: null,
      ...fresh,
    },
    {
      id: 't2',
      number: 2,
      ...stamps,
      user: 'u2',
      key_hash: 'hash 2',
      description: '',
      write_enabled: false,
      expires: time,
      ...fresh,
    },
  ]);
  expect((await database.rows.get(secretType, { id: 's1' }))?.parameters).toEqual({ variable: 'X' });
  await database.close();
});

test('after it, numbers go on, searches find, and a user takes tokens and memberships along', async () => {
  const database = await openDatabase({ file: await oldDatabase() });
  const permission = { id: 'p1', name: 'p', created: time, last_updated: time, object_types: [], actions: ['view'] };
  const { number } = await database.run(async (tx) => {
    await tx.insert(permissionType, { ...permission, users: ['u2', 'u1'] });
    return tx.insert(userType, { id: 'u8', created: time, last_updated: time, username: 'new' });
  });
  expect(number).toBe(8);
  expect((await database.rows.list(userType, { ...everything, search: 'ÜNA' })).count).toBe(1);
  await database.run((tx) => tx.remove(userType, 'u2'));
  expect((await database.rows.list(tokenType, everything)).rows.map(({ id }) => id)).toEqual(['t1']);
  expect((await database.rows.get(permissionType, { id: 'p1' }))?.users).toEqual(['u1']);
  await database.close();
});

test('it is all or nothing: a start that breaks off in it leaves the old database', async () => {
  const file = await oldDatabase();
  const source = await openSource({ file, busyTimeout: 1000 });
  await source.query('CREATE TABLE "users_permissions" ("in_the_way" integer)');
  await source.destroy();
  await expect(openDatabase({ file })).rejects.toThrow('users_permissions');
  const again = await openSource({ file, busyTimeout: 1000 });
  await again.query('DROP TABLE "users_permissions"');
  await again.destroy();
  const database = await openDatabase({ file });
  expect((await database.rows.list(tokenType, everything)).count).toBe(2);
  await database.close();
});
