import type { Dialect } from './constraint-sql/dialects';
import type { Queryable } from './statements';

/** The connections to a database, whatever its engine is. */
export interface Store {
  readonly dialect: Dialect;
  /** Reads what is committed. */
  readonly reading: Queryable;
  /** A number that differs once anyone has committed a change. */
  version(): Promise<number>;
  /** Runs the work in a transaction that keeps every other writer out, and commits it; with the transaction's connection. */
  transaction<T>(work: (connection: Queryable) => Promise<T>): Promise<T>;
  /** Lets the version move when the transaction commits, where a commit does not do that by itself. */
  moved(connection: Queryable): Promise<void>;
  /** Calls back when anyone has committed a change, where the engine tells of that. */
  listen?(moved: () => void): { stop(): Promise<void> };
  close(): Promise<void>;
}

/** Told the names of the migrations that an opening applied. */
export type OnMigrated = (names: readonly string[]) => void;
