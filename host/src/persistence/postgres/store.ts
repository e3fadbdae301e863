import type { Client, PoolClient } from 'pg';
import type { MigrationInterface } from 'typeorm';

import { failureOf } from '../failures';
import type { OnMigrated, Store } from '../store';
import { coalesce } from '../turns';
import { postgresDialect } from './dialect';
import { channel, listen } from './listen';
import { queriesOf, readingsOf } from './queries';
import { openPool, sever } from './settings';
import { migratePostgres, openPostgresSource } from './source';

interface PostgresStoreOptions {
  readonly url: string;
  readonly busyTimeout: number;
  readonly migrations: (new () => MigrationInterface)[];
  readonly onMigrated?: OnMigrated | undefined;
}

// The row is the lock of every writer, in all hosts.
const takeTurn = 'SELECT "value" FROM "latchkey_version" FOR UPDATE';
const move = `WITH "moved" AS (UPDATE "latchkey_version" SET "value" = "value" + 1 RETURNING "value")
  SELECT pg_notify('${channel}', '') FROM "moved"`;

/**
 * Opens the definitions in PostgreSQL: a pool that reads, a connection that asks for the version alone, so that it waits for
 * no list, and one that writes.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, busyTimeout: lockTimeout, migrations, onMigrated } = options;
  await migratePostgres({ url, migrations }, onMigrated);
  const writer = await openPostgresSource({ url, most: 1, lockTimeout, patience: 60_000 });
  const pages = openPool({ url, most: 8, lockTimeout, patience: 30_000 });
  const versions = openPool({ url, most: 1, lockTimeout, patience: 3_000 });
  const versionReader = readingsOf(versions);
  return {
    dialect: postgresDialect,
    reading: readingsOf(pages),
    version: coalesce(async () => {
      const [row] = await versionReader.query<{ value: number }>('SELECT "value" FROM "latchkey_version"');
      return (row as { value: number }).value;
    }),
    async transaction(work) {
      let client: PoolClient | undefined;
      try {
        return await writer.transaction(async (manager) => {
          client = (await manager.queryRunner?.connect()) as PoolClient;
          await client.query(takeTurn);
          return work(queriesOf(client as unknown as Client));
        });
      } catch (error) {
        // A connection that did not answer must not be waited for again.
        const { code } = failureOf(error) as { code?: unknown };
        if (client && code === 'database-unavailable') sever(client);
        throw error;
      }
    },
    listen: (moved) => listen(url, moved),
    async moved(connection) {
      await connection.query(move);
    },
    async close() {
      await Promise.all([writer.destroy(), pages.end(), versions.end()]);
    },
  };
}
