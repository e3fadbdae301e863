import type { MigrationInterface, QueryRunner } from 'typeorm';

import type { PluginMigration } from '../domain/plugin-migration';
import type { Engine } from './kinds';

/** The migrations of plugins as TypeORM runs them, in the order of their timestamps. */
export function pluginMigrations(
  engine: Engine,
  migrations: readonly PluginMigration[],
): (new () => MigrationInterface)[] {
  return migrations.map((migration) => {
    const step = class implements MigrationInterface {
      readonly name = `${migration.name}${migration.timestamp}`;

      async up(runner: QueryRunner): Promise<void> {
        for (const statement of migration[engine]) await runner.query(statement);
      }

      down(): Promise<void> {
        return Promise.reject(new Error('Migrations only go forward; restore a backup instead.'));
      }
    };
    // TypeORM orders by the time that it finds at the end of the name.
    return Object.defineProperty(step, 'name', { value: `${migration.name}${migration.timestamp}` });
  });
}
