import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { handleOf, openSource } from './source';
import { poolOf, statementsOf, type Queryable } from './statements';

test('more statements than are kept run, again and again, and let the connection close', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-statements-'));
  const source = await openSource({ file: join(folder, 'x.db'), busyTimeout: 1000 });
  const statements = statementsOf(handleOf(source));
  const asked = Array.from({ length: 500 }, (_, i) => i % 250);
  const answers = await Promise.all(asked.map((i) => statements.query(`SELECT ${i} + ?1 AS "sum"`, [1])));
  expect(answers).toEqual(asked.map((i) => [{ sum: i + 1 }]));
  await expect(statements.query('SELECT nonsense')).rejects.toThrow('no such column');
  await statements.finalize();
  await source.destroy();
  rmSync(folder, { recursive: true });
});

test('a quick query does not wait behind a slow one, and no connection has two', async () => {
  const running = [0, 0];
  const gates: Record<string, () => void> = {};
  const member = (number: 0 | 1): Queryable => ({
    query: async (sql) => {
      running[number]! += 1;
      if (running[number]! > 1) throw new Error('two at once');
      await new Promise<void>((resolve) => (gates[sql] = resolve));
      running[number]! -= 1;
      return [];
    },
  });
  const pool = poolOf([member(0), member(1)]);
  const ended: string[] = [];
  const ask = (sql: string) => pool.query(sql).then(() => ended.push(sql));
  const slow = ask('slow');
  const quick = ['a', 'b', 'c'].map(ask);
  for (const sql of ['a', 'b', 'c']) {
    while (!gates[sql]) await new Promise(setImmediate);
    gates[sql]();
  }
  await Promise.all(quick);
  expect(ended).toEqual(['a', 'b', 'c']);
  gates['slow']?.();
  await slow;
});

test('a query that fails gives its connection back', async () => {
  const pool = poolOf([{ query: async (sql) => (sql === 'bad' ? Promise.reject(new Error('bad')) : []) }]);
  await expect(pool.query('bad')).rejects.toThrow('bad');
  await expect(pool.query('good')).resolves.toEqual([]);
});
