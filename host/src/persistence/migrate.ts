import { MigrationExecutor, type DataSource, type EntityManager } from 'typeorm';

import { hostError } from '../errors';
import { pluginPrefix } from './plugin-migrations';
import type { Engine } from './kinds';

/** Takes SQLite's write lock, as the first statement of a transaction, and changes nothing. */
const takeLock = 'DELETE FROM "migrations" WHERE 0';

interface Preparation {
  /** Makes the table of what was applied; outside of the transaction where that is needed to begin it. */
  readonly before?: (source: DataSource, table: string) => Promise<unknown>;
  /** Makes other processes wait until the transaction ends. */
  readonly first: (manager: EntityManager, table: string) => Promise<unknown>;
}

// Any number will do that is the same in every version.
const turn = 4_702_111_234;

const preparations: Readonly<Record<Engine, Preparation>> = {
  sqlite: {
    before: (source, table) =>
      source.query(
        `CREATE TABLE IF NOT EXISTS "${table}" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, ` +
          '"timestamp" bigint NOT NULL, "name" varchar NOT NULL)',
      ),
    first: (manager) => manager.query(takeLock),
  },
  postgres: {
    async first(manager, table) {
      // However long the migrations of another host take.
      await manager.query('SET LOCAL lock_timeout = 0');
      await manager.query(`SELECT pg_advisory_xact_lock(${turn})`);
      await manager.query(
        `CREATE TABLE IF NOT EXISTS "${table}" ("id" serial PRIMARY KEY, "timestamp" bigint NOT NULL, "name" varchar NOT NULL)`,
      );
    },
  },
};

/**
 * Brings a database up to the source's migrations, all or nothing. Processes that start at once take turns; a database
 * with a migration that the source does not know is refused. Gives the names of those that were applied now.
 */
export async function migrate(source: DataSource): Promise<readonly string[]> {
  const table = source.options.migrationsTableName ?? 'migrations';
  const { before, first } = preparations[source.options.type as Engine];
  await before?.(source, table);
  return source.transaction(async (manager) => {
    await first(manager, table);
    const known = new Set(source.migrations.map(({ name }) => name));
    const applied: { name: string }[] = await manager.query(`SELECT "name" FROM "${table}" ORDER BY "id"`);
    const newer = applied.find(({ name }) => !known.has(name) && !name.startsWith(pluginPrefix));
    if (newer) throw hostError('database-newer', { migration: newer.name });
    const executor = new MigrationExecutor(source, manager.queryRunner);
    executor.transaction = 'none';
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  });
}
