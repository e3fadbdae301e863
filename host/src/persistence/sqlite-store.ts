import type { MigrationInterface } from 'typeorm';

import { openConnections } from './connections';
import { sqliteDialect } from './sqlite-dialect';
import { poolOf, type Statements } from './statements';
import type { OnMigrated, Store } from './store';
import { coalesce } from './turns';

interface SqliteStoreOptions {
  readonly file: string;
  readonly busyTimeout: number;
  readonly migrations: (new () => MigrationInterface)[];
  readonly onMigrated?: OnMigrated | undefined;
}

/**
 * Opens a file of definitions. One connection writes; others read what is committed, since TypeORM's connection would let
 * a reader see, and a rollback take along, what belongs to somebody else.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  // Two for rows and one for the version: each takes a thread of node's pool, of which there are four.
  const { writing, readers, close } = await openConnections({ ...options, readers: 3 });
  const [versions, ...pages] = readers as [Statements, ...Statements[]];
  return {
    dialect: sqliteDialect,
    reading: poolOf(pages),
    // `data_version` moves with every commit of another connection, hence a connection that never writes.
    version: coalesce(async () => {
      const [row] = await versions.query<{ data_version: number }>('PRAGMA data_version');
      return (row as { data_version: number }).data_version;
    }),
    async transaction(work) {
      await writing.query('BEGIN IMMEDIATE');
      try {
        const result = await work(writing);
        await writing.query('COMMIT');
        return result;
      } catch (error) {
        // When the disk fails, SQLite rolls back by itself, and refuses to do it once more.
        await writing.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    moved: async () => {},
    close,
  };
}
