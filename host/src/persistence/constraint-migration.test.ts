import { join } from 'node:path';

import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder';
import { secretType } from '../domain/secrets';
import { hostTypes } from '../domain/types';
import { parseConstraints } from '../permissions/constraints/parse';
import { migrate } from './migrate';
import { Definitions1795500000000 } from './migrations/1795500000000-definitions';
import { Access1795600000000 } from './migrations/1795600000000-access';
import { openDatabase } from './open-database';
import { openSource } from './source';

afterAll(removeTemporaryFolders);

const times = `'2026-11-24T21:27:15.123Z', '2026-11-24T21:27:15.123Z'`;

/** A database as the version before left it, with that many secrets. */
async function oldDatabase(count: number): Promise<string> {
  const file = join(temporaryFolder(), 'latchkey.db');
  const migrations = [Definitions1795500000000, Access1795600000000];
  const source = await openSource({ file, busyTimeout: 1_000, migrations });
  await migrate(source);
  await source.query('BEGIN');
  for (let i = 0; i < count; i += 1) {
    const parameters = { path: `/opt/${i}`, 'a"b': { deep: [true, i % 2 === 0][i % 2] } };
    await source.query(`INSERT INTO "secrets" VALUES (?, ?, ${times}, ?, ?, ?, 'STRASSE', 'Vault', ?)`, [
      `id ${i}`,
      i,
      `n${i}`,
      `n${i}`,
      `Slug-${i}`,
      JSON.stringify(parameters),
    ]);
  }
  await source.query('COMMIT');
  await source.destroy();
  return file;
}

test('rows of the version before are found by constraints, each by its folded texts and its leaves', async () => {
  const count = 1_001;
  const database = await openDatabase({ file: await oldDatabase(count) });
  const found = async (json: unknown) => {
    const parsed = parseConstraints(json, secretType, (name) => hostTypes.targets.get(name));
    if ('faults' in parsed || !parsed.constraint) throw new Error(JSON.stringify(parsed));
    const { constraint } = parsed;
    const scope = { kind: 'constraint', constraint, user: { id: undefined, name: '' } } as const;
    return (await database.rows.list(secretType, { scope, limit: 1, offset: 0 })).count;
  };
  expect(await found({ slug__istartswith: 'sLUG-' })).toBe(count);
  expect(await found({ slug__iexact: 'sLUG-1000' })).toBe(1);
  expect(await found({ provider__iexact: 'vAULT', description__iexact: 'straße' })).toBe(count);
  expect(await found({ parameters__path__startswith: '/opt/100' })).toBe(2);
  expect(await found({ parameters__path__istartswith: '/OPT/' })).toBe(count);
  expect(await found({ 'parameters__a"b__deep': true })).toBe(501);
  expect(await found({ 'parameters__a"b__deep': false })).toBe(500);
  await database.close();
});

test('rows of the version before have custom fields, and no value of any', async () => {
  const database = await openDatabase({ file: await oldDatabase(2) });
  const holding = async () => {
    const filters = [{ field: 'custom_fields', keys: ['owner'], values: ['net'] }];
    return (await database.rows.list(secretType, { scope: { kind: 'all' }, filters, limit: 9, offset: 0 })).rows;
  };
  const [first] = (await database.rows.list(secretType, { scope: { kind: 'all' }, limit: 1, offset: 0 })).rows;
  expect([first?.custom_fields, await holding()]).toEqual([{}, []]);
  await database.run((tx) => tx.update(secretType, String(first?.id), { custom_fields: { owner: 'net' } }));
  expect(await holding()).toMatchObject([{ id: first?.id }]);
  await database.close();
});
