import type { Place } from '../config/database';
import type { PluginMigration } from '../domain/plugin-migration';
import type { UnitOfWork } from '../domain/ports';
import { hostTypes, type Types } from '../domain/types';
import { createCounts } from './counts';
import { migrationsFor } from './definition-tables';
import { failureOf } from './failures';
import { openPostgresStore } from './postgres/store';
import { createProjection } from './projection';
import { rowsOf } from './rows';
import { openSqliteStore } from './sqlite-store';
import type { OnMigrated } from './store';
import { transactionOn } from './transaction';
import { createMutex } from './turns';

export type { Place } from '../config/database';

/** Where the definitions are kept, and what they are. */
export type OpenDatabaseOptions = Place & {
  /** How long a statement waits for another process's lock, in milliseconds; 5000 by default. */
  readonly busyTimeout?: number;
  readonly onMigrated?: OnMigrated | undefined;
  /** The types that it holds; the host's own by default. */
  readonly types?: Types;
  /** The migrations of the types that plugins bring. */
  readonly migrations?: readonly PluginMigration[];
};

/** Opens the database of definitions, made or brought up to date if need be; transactions run one at a time. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<UnitOfWork> {
  const { busyTimeout = 5000, onMigrated, types = hostTypes, migrations = [] } = options;
  const engine = options.url === undefined ? 'sqlite' : 'postgres';
  const common = {
    busyTimeout,
    onMigrated,
    migrations: migrationsFor(engine, types, migrations),
  };
  const store =
    options.url === undefined
      ? await openSqliteStore({ ...common, file: options.file })
      : await openPostgresStore({ ...common, url: options.url });
  const { dialect, reading, version, close } = store;
  const select = createProjection(types, dialect);
  const inTurn = createMutex();
  return {
    rows: rowsOf(reading, select, createCounts(version)),

    run: (work) =>
      inTurn(async () => {
        try {
          return await store.transaction(async (connection) => {
            const { transaction, changed, end } = transactionOn(connection, select);
            const worked = async () => work(transaction);
            const result = await worked().finally(end);
            if (changed()) await store.moved(connection);
            return result;
          });
        } catch (error) {
          throw failureOf(error);
        }
      }),

    version,

    watch(moved) {
      const timer = setInterval(moved, 1_000).unref();
      const listening = store.listen?.(moved);
      return {
        async stop() {
          clearInterval(timer);
          await listening?.stop();
        },
      };
    },

    close: () => inTurn(close),
  };
}
