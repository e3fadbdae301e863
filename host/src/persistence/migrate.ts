import { MigrationExecutor, type DataSource } from 'typeorm';

import { hostError } from '../errors';
import { pluginPrefix } from './plugin-migrations';

/** Takes the write lock, as the first statement of a transaction, and changes nothing. */
export const takeLock = 'DELETE FROM "migrations" WHERE 0';

/**
 * Brings a database up to the source's migrations, all or nothing. Processes that start at once take turns; a database
 * with a migration that the source does not know is refused. Gives the names of those that were applied now.
 */
export async function migrate(source: DataSource): Promise<readonly string[]> {
  await source.query(
    'CREATE TABLE IF NOT EXISTS "migrations" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, ' +
      '"timestamp" bigint NOT NULL, "name" varchar NOT NULL)',
  );
  return source.transaction(async (manager) => {
    await manager.query(takeLock);
    const known = new Set(source.migrations.map(({ name }) => name));
    const applied: { name: string }[] = await manager.query('SELECT "name" FROM "migrations" ORDER BY "id"');
    const newer = applied.find(({ name }) => !known.has(name) && !name.startsWith(pluginPrefix));
    if (newer) throw hostError('database-newer', { migration: newer.name });
    const executor = new MigrationExecutor(source, manager.queryRunner);
    executor.transaction = 'none';
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  });
}
