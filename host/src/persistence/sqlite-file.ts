import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { safeCause } from '@latchkey/core/kernel';
import * as sqlite3 from 'sqlite3';

import { hostError } from '../errors';
import type { Queryable } from './statements';

/** A file of SQLite that is looked at, or copied, beside whoever has it open. */
export interface SqliteFile extends Queryable {
  close(): Promise<void>;
}

const { OPEN_READONLY, OPEN_READWRITE, OPEN_URI } = sqlite3;
const busyTimeout = 5000;

/**
 * Opens a file that is there. To look at it leaves no trace: where no journal lies beside it nobody has it open, and it is
 * read as a file that does not change, without the journal that SQLite would make.
 */
export async function openFile(file: string, purpose: 'look' | 'work'): Promise<SqliteFile> {
  const still = purpose === 'look' && !existsSync(`${file}-wal`);
  const name = still ? `${pathToFileURL(file).href}?immutable=1` : file;
  const failed = (error: unknown) => {
    const cause = safeCause(error);
    return hostError('database-open', { file, cause: cause.message }, { cause });
  };
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const flags = (purpose === 'look' ? OPEN_READONLY : OPEN_READWRITE) | (still ? OPEN_URI : 0);
    const opened = new sqlite3.Database(name, flags, (error) => (error ? reject(failed(error)) : resolve(opened)));
  });
  database.configure('busyTimeout', busyTimeout);
  return {
    query: <T>(sql: string, parameters: readonly unknown[] = []) =>
      new Promise<T[]>((resolve, reject) => {
        database.all<T>(sql, parameters, (error, rows) => (error ? reject(failed(error)) : resolve(rows)));
      }),
    close: () =>
      new Promise((resolve, reject) => {
        database.close((error) => (error ? reject(failed(error)) : resolve()));
      }),
  };
}

/** Opens a file for the time of the work. */
export async function withFile<T>(
  file: string,
  purpose: 'look' | 'work',
  work: (database: SqliteFile) => Promise<T>,
): Promise<T> {
  const database = await openFile(file, purpose);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
