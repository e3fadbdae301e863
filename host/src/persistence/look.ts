import { existsSync } from 'node:fs';

import type { Place } from '../config/database';
import type { Engine } from './kinds';
import { readingsOf } from './postgres/queries';
import { openPool } from './postgres/settings';
import { withFile } from './sqlite-file';
import type { Queryable } from './statements';

/** Lets the work ask a place, which it leaves as it is; undefined where there is no such file. PostgreSQL is not waited for. */
export async function lookAt<T>(
  { file, url }: Place,
  work: (database: Queryable, engine: Engine) => Promise<T>,
): Promise<T | undefined> {
  if (url === undefined)
    return existsSync(file) ? withFile(file, 'look', (database) => work(database, 'sqlite')) : undefined;
  const pool = openPool({ url, most: 1, lockTimeout: 5_000, patience: 30_000 });
  try {
    return await work(readingsOf(pool), 'postgres');
  } finally {
    await pool.end();
  }
}
