import type { EntitySchema, MigrationInterface, ObjectLiteral } from 'typeorm';

import type { PluginMigration } from '../domain/plugin-migration';
import type { Types } from '../domain/types';
import { Definitions1795500000000 } from './migrations/1795500000000-definitions';
import { Access1795600000000 } from './migrations/1795600000000-access';
import { ConstraintStorage1795700000000 } from './migrations/1795700000000-constraint-storage';
import { Changes1795800000000 } from './migrations/1795800000000-changes';
import { TagsAndNotes1795810000000 } from './migrations/1795810000000-tags-and-notes';
import { CustomFields1795900000000 } from './migrations/1795900000000-custom-fields';
import type { Engine } from './kinds';
import { pluginMigrations } from './plugin-migrations';
import { PostgresDefinitions1795850000000 } from './postgres/migrations/1795850000000-definitions';
import { leafSchemasOf, linkSchemasOf, schemaOf } from './schemas';

/** The migrations of SQLite's database of definitions, in order. */
export const definitionMigrations = [
  Definitions1795500000000,
  Access1795600000000,
  ConstraintStorage1795700000000,
  Changes1795800000000,
  TagsAndNotes1795810000000,
  CustomFields1795900000000,
];

/** Those of PostgreSQL, which begin where SQLite's were when the host came to it. */
export const postgresMigrations = [PostgresDefinitions1795850000000, CustomFields1795900000000];

/** The migrations of the host for an engine, and those of its plugins. */
export function migrationsFor(
  engine: Engine,
  types: Types,
  plugins: readonly PluginMigration[] = [],
): (new () => MigrationInterface)[] {
  const own = engine === 'sqlite' ? definitionMigrations : postgresMigrations;
  return [...own, ...pluginMigrations(engine, types, plugins)];
}

/** The TypeORM schemas of its tables. */
export function definitionSchemas({ definitions }: Types, engine: Engine): EntitySchema<ObjectLiteral>[] {
  return definitions.flatMap((type) => [
    schemaOf(type, engine),
    ...linkSchemasOf(type, engine),
    ...leafSchemasOf(type, engine),
  ]);
}
