import { setTimeout as pause } from 'node:timers/promises';

import { safeCause } from '@latchkey/core/kernel';
import * as driver from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface, type ObjectLiteral } from 'typeorm';

import { hostError } from '../../errors';
import { failureOf } from '../failures';
import { migrate } from '../migrate';
import type { OnMigrated } from '../store';
import { poolSettings, shownUrl, type ConnectionOptions } from './settings';

/** What TypeORM's own connections to PostgreSQL are opened with. */
export interface SourceOptions extends ConnectionOptions {
  readonly entities?: EntitySchema<ObjectLiteral>[];
  readonly migrations?: (new () => MigrationInterface)[];
  /** The table that keeps which migrations were applied. */
  readonly migrationsTable?: string;
}

const patience = 30_000;

/** Opens TypeORM's connections; waits a while for a server that is not there yet. */
export async function openPostgresSource(options: SourceOptions): Promise<DataSource> {
  const end = Date.now() + patience;
  for (let wait = 100; ; wait = Math.min(2 * wait, 2_000)) {
    try {
      return await connected(options);
    } catch (error) {
      const failure = failureOf(error) as { code?: unknown };
      if (failure.code === 'database-unavailable' && Date.now() + wait < end) await pause(wait);
      else throw hostError('database-open', { file: shownUrl(options.url), cause: causeOf(error) });
    }
  }
}

const notUtf8 = 'NotUTF8';
const causes: Readonly<Record<string, string>> = {
  '28P01': 'the password is refused',
  '28000': 'the user is refused',
  '3D000': 'there is no such database',
  '42501': 'the user lacks a right',
  [notUtf8]: 'its encoding is not UTF8',
};

// What the server says may hold what it was sent.
function causeOf(error: unknown): string {
  const { code = '' } = error as { code?: string };
  return causes[code] ?? (/^[0-9A-Z]{5}$/.test(code) ? `SQLSTATE ${code}` : safeCause(error).message);
}

async function connected({ entities, migrations, migrationsTable, ...options }: SourceOptions): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    driver,
    extra: poolSettings(options),
    entities: entities ?? [],
    migrations: migrations ?? [],
    migrationsTableName: migrationsTable ?? 'migrations',
    poolErrorHandler: () => undefined,
    installExtensions: false,
    synchronize: false,
    logging: false,
    invalidWhereValuesBehavior: { undefined: 'throw', null: 'throw' },
  });
  try {
    await source.initialize();
    const [found]: { server_encoding: string }[] = await source.query('SHOW server_encoding');
    if (found?.server_encoding !== 'UTF8') throw Object.assign(new Error(), { code: notUtf8 });
    return source;
  } catch (error) {
    if (source.isInitialized) await source.destroy();
    throw error;
  }
}

/** Brings the tables up to date, through a connection that waits as long as that takes. */
export async function migratePostgres(
  options: Pick<SourceOptions, 'url' | 'migrations' | 'migrationsTable'>,
  onMigrated?: OnMigrated,
): Promise<void> {
  const source = await openPostgresSource({ ...options, most: 1, lockTimeout: 0 });
  try {
    const applied = await migrate(source);
    onMigrated?.(applied);
  } finally {
    await source.destroy();
  }
}
