import type { PluginMigration } from '../domain/plugin-migration';
import type { UnitOfWork } from '../domain/ports';
import { hostTypes, type Types } from '../domain/types';
import { openConnections, type OnMigrated } from './connections';
import { createCounts } from './counts';
import { definitionMigrations, definitionSchemas } from './definition-tables';
import { failureOf } from './failures';
import { takeLock } from './migrate';
import { pluginMigrations } from './plugin-migrations';
import { createProjection } from './projection';
import { rowsOf } from './rows';
import { forgetTransaction } from './source';
import { poolOf, type Statements } from './statements';
import { transactionOn } from './transaction';
import { coalesce, createMutex } from './turns';

/** Where the definitions are kept. */
export interface OpenDatabaseOptions {
  readonly file: string;
  /** How long a statement waits for another process's lock, in milliseconds; 5000 by default. */
  readonly busyTimeout?: number;
  readonly onMigrated?: OnMigrated;
  /** The types that it holds; the host's own by default. */
  readonly types?: Types;
  /** The migrations of the types that plugins bring. */
  readonly migrations?: readonly PluginMigration[];
}

/**
 * Opens the database of definitions, made or brought up to date if need be. One connection writes, one transaction at a
 * time; others read what is committed, since TypeORM's connection would let a reader see, and a rollback take along,
 * what belongs to somebody else.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<UnitOfWork> {
  const { file, busyTimeout = 5000, onMigrated, types = hostTypes, migrations = [] } = options;
  const select = createProjection(types);
  const { writer, writing, readers, close } = await openConnections({
    file,
    busyTimeout,
    entities: definitionSchemas(types),
    migrations: [...definitionMigrations, ...pluginMigrations('sqlite', types, migrations)],
    // Two for rows and one for the version: each takes a thread of node's pool, of which there are four.
    readers: 3,
    onMigrated,
  });
  const [versions, ...pages] = readers as [Statements, ...Statements[]];
  const inTurn = createMutex();
  // `data_version` moves with every commit of another connection, hence a connection that never writes.
  const version = coalesce(async () => {
    const [row] = await versions.query<{ data_version: number }>('PRAGMA data_version');
    return (row as { data_version: number }).data_version;
  });
  return {
    rows: rowsOf(poolOf(pages), select, createCounts(version)),

    run: (work) =>
      inTurn(async () => {
        try {
          return await writer.transaction(async (manager) => {
            await manager.query(takeLock);
            const { transaction, end } = transactionOn(manager, writing, select);
            try {
              return await work(transaction);
            } finally {
              await end();
            }
          });
        } catch (error) {
          await forgetTransaction(writer);
          throw failureOf(error);
        }
      }),

    version,

    close: () => inTurn(close),
  };
}
