import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { safeCause } from '@latchkey/core/kernel';
import * as sqlite3 from 'sqlite3';
import { DataSource, type EntitySchema, type MigrationInterface, type ObjectLiteral } from 'typeorm';

import { hostError } from '../errors';

/** What a database file is opened with. */
export interface OpenSourceOptions {
  readonly file: string;
  /** How long a statement waits for another process's lock, in milliseconds. */
  readonly busyTimeout: number;
  readonly readOnly?: boolean;
  readonly entities?: EntitySchema<ObjectLiteral>[];
  readonly migrations?: (new () => MigrationInterface)[];
}

// TypeORM asks for the verbose driver, which notes a stack for every statement and halves the rate.
const driver = { ...sqlite3, verbose: () => sqlite3 };

/** Opens one connection to a SQLite file, durable (WAL, `synchronous=FULL`); a writer makes the file, for its owner alone. */
export async function openSource({ file, busyTimeout, readOnly, ...rest }: OpenSourceOptions): Promise<DataSource> {
  const source = new DataSource({
    type: 'sqlite',
    database: file,
    driver,
    busyTimeout,
    flags: (readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE) | sqlite3.OPEN_FULLMUTEX,
    entities: rest.entities ?? [],
    migrations: rest.migrations ?? [],
    synchronize: false,
    logging: false,
    invalidWhereValuesBehavior: { undefined: 'throw', null: 'throw' },
  });
  try {
    if (!readOnly) await makeFile(file);
    await source.initialize();
    if (!readOnly) await makeDurable(source, busyTimeout);
    return source;
  } catch (error) {
    if (source.isInitialized) await source.destroy();
    throw hostError('database-open', { file, cause: safeCause(error).message }, { cause: safeCause(error) });
  }
}

/** The sqlite3 connection that a source opened. */
export function handleOf(source: DataSource): sqlite3.Database {
  return (source.driver as unknown as { databaseConnection: sqlite3.Database }).databaseConnection;
}

// SQLite gives the journals the mode of the file they belong to. A file that is there is not touched: to close a second
// descriptor of it would drop the locks that this process holds.
async function makeFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(file, 'ax', 0o600);
    await handle.close();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  }
}

/** Changing to WAL fails at once while another process does the same, whatever the timeout is: try until then. */
async function makeDurable(source: DataSource, busyTimeout: number): Promise<void> {
  const end = Date.now() + busyTimeout;
  for (;;) {
    try {
      await source.query('PRAGMA journal_mode = WAL');
      break;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY' || Date.now() > end) throw error;
      await pause(20);
    }
  }
  await source.query('PRAGMA synchronous = FULL');
}
