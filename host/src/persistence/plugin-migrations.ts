import type { MigrationInterface, QueryRunner } from 'typeorm';

import type { PluginMigration } from '../domain/plugin-migration';
import type { Types } from '../domain/types';
import type { Engine } from './kinds';
import { createTables } from './table-sql';

/** What the names of plugins' migrations begin with: a database that has them starts without the plugin, too. */
export const pluginPrefix = 'Plugin_';

/** The migrations of plugins as TypeORM runs them, in the order of their timestamps. */
export function pluginMigrations(
  engine: Engine,
  { definitions }: Types,
  migrations: readonly PluginMigration[],
): (new () => MigrationInterface)[] {
  const tables = new Map(definitions.map(({ name, table }) => [name, table]));
  return migrations.map(({ name, timestamp, creates = [], [engine]: statements = [] }) => {
    const full = `${pluginPrefix}${name}${timestamp}`;
    const step = class implements MigrationInterface {
      readonly name = full;

      async up(runner: QueryRunner): Promise<void> {
        for (const statement of createTables(creates, tables, engine)) await runner.query(statement);
        for (const statement of statements) await runner.query(statement);
      }

      down(): Promise<void> {
        return Promise.reject(new Error('Migrations only go forward; restore a backup instead.'));
      }
    };
    // TypeORM orders by the time that it finds at the end of the name.
    return Object.defineProperty(step, 'name', { value: full });
  });
}
