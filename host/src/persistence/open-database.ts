import { definitionTypes } from '../domain/types';
import type { UnitOfWork } from '../domain/ports';
import { failureOf } from './failures';
import { migrate, takeLock } from './migrate';
import { Definitions1795500000000 } from './migrations/1795500000000-definitions';
import { rowsOf } from './rows';
import { schemaOf } from './schemas';
import { handleOf, openSource } from './source';
import { poolOf, statementsOf } from './statements';
import { transactionOn } from './transaction';
import { coalesce, createMutex } from './turns';

/** Where the definitions are kept. */
export interface OpenDatabaseOptions {
  readonly file: string;
  /** How long a statement waits for another process's lock, in milliseconds; 5000 by default. */
  readonly busyTimeout?: number;
}

// Each waits on a thread of node's pool, of which there are four.
const readerCount = 2;

/**
 * Opens the database of definitions, made or brought up to date if need be. One connection writes, one transaction at a
 * time; others read what is committed, since TypeORM's connection would let a reader see, and a rollback take along,
 * what belongs to somebody else.
 */
export async function openDatabase({ file, busyTimeout = 5000 }: OpenDatabaseOptions): Promise<UnitOfWork> {
  const writer = await openSource({
    file,
    busyTimeout,
    entities: definitionTypes.map((type) => schemaOf(type, 'sqlite')),
    migrations: [Definitions1795500000000],
  });
  const opened = [writer];
  const closeAll = async () => {
    for (const source of opened.toReversed()) await source.destroy();
  };
  try {
    await migrate(writer);
    for (let i = 0; i < readerCount + 1; i++) opened.push(await openSource({ file, busyTimeout, readOnly: true }));
  } catch (error) {
    await closeAll();
    throw error;
  }

  const [versions, ...readers] = opened.slice(1).map((source) => statementsOf(handleOf(source)));
  const inTurn = createMutex();
  return {
    rows: rowsOf(poolOf(readers)),

    run: (work) =>
      inTurn(async () => {
        try {
          return await writer.transaction(async (manager) => {
            await manager.query(takeLock);
            const { transaction, end } = transactionOn(manager);
            return work(transaction).finally(end);
          });
        } catch (error) {
          throw failureOf(error);
        }
      }),

    // `data_version` moves with every commit of another connection, hence a connection that never writes.
    version: coalesce(async () => {
      const [row] = await versions!.query<{ data_version: number }>('PRAGMA data_version');
      return row!.data_version;
    }),

    close: () =>
      inTurn(async () => {
        for (const statements of [versions!, ...readers]) await statements.finalize();
        await closeAll();
      }),
  };
}
