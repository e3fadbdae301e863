import type { PluginMigration } from '../domain/plugin-migration';
import type { Types } from '../domain/types';
import type { Place } from '../config/database';
import { migrationsFor } from './definition-tables';
import { appliedIn } from './inspect';
import type { Engine } from './kinds';
import { lookAt } from './look';
import { pluginPrefix } from './plugin-migrations';
import { postgresRecordMigrations, recordMigrationsTable } from './postgres/records';
import { recordMigrations } from './sqlite-records';
import type { Queryable } from './statements';

/** The names of the migrations that a database lacks, and of those that it has and this version does not know. */
export interface MigrationPlan {
  readonly pending: readonly string[];
  readonly newer: readonly string[];
}

/** What holds definitions and records, in this version with these plugins. */
export interface Known {
  readonly types: Types;
  readonly migrations: readonly PluginMigration[];
}

type Kept = 'definitions' | 'records';
type Migration = new () => { readonly name?: string };

/** Compares what was applied with what there is. Plugins that do not run may have left theirs. */
export function planOf(applied: readonly string[], known: readonly string[]): MigrationPlan {
  const has = new Set(applied);
  return {
    pending: known.filter((name) => !has.has(name)),
    newer: applied.filter((name) => !known.includes(name) && !name.startsWith(pluginPrefix)),
  };
}

/** The names of the migrations of an engine, in the order in which they run. */
export function knownMigrations(kept: Kept, engine: Engine, { types, migrations }: Known): readonly string[] {
  const records = engine === 'sqlite' ? recordMigrations : postgresRecordMigrations;
  const all: readonly Migration[] = kept === 'records' ? records : migrationsFor(engine, types, migrations);
  const names = all.map((step) => new step().name ?? step.name);
  // As TypeORM orders them: by the time at the end of the name.
  const timeOf = (name: string) => Number(name.slice(-13));
  return names.toSorted((one, other) => timeOf(one) - timeOf(other));
}

/** Tells what opening a place would apply, and changes nothing; of a file that is not there, everything. */
export async function planFor(kept: Kept, place: Place, known: Known): Promise<MigrationPlan> {
  const engine = place.url === undefined ? 'sqlite' : 'postgres';
  return planOf(await appliedAt(kept, place), knownMigrations(kept, engine, known));
}

async function appliedAt(kept: Kept, place: Place): Promise<readonly string[]> {
  const ask = (database: Queryable, engine: Engine) => {
    const own = kept === 'records' && engine === 'postgres';
    return appliedIn(database, engine, own ? recordMigrationsTable : undefined);
  };
  return (await lookAt(place, ask)) ?? [];
}
