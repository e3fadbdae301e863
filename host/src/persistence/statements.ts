import { LRUCache } from 'lru-cache';
import type { Database, Statement } from 'sqlite3';

import { createMutex } from './turns';

/** Something that answers SQL: a connection, a pool of them, a transaction. */
export interface Queryable {
  query<T>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
}

/** A connection that keeps its statements prepared, and runs one at a time. */
export interface Statements extends Queryable {
  /** Lets go of the statements, so that the connection can be closed. */
  finalize(): Promise<void>;
}

// `all` and not `get`: a statement that stops at its first row would hold on to the snapshot it read from.
const rowsOf = <T>(statement: Statement, parameters: readonly unknown[]) =>
  new Promise<T[]>((resolve, reject) => {
    statement.all<T>(parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
  });

/** Prepares statements on a connection as they come and keeps the latest. */
export function statementsOf(database: Database): Statements {
  const inTurn = createMutex();
  const prepared = new LRUCache<string, Statement>({ max: 100, dispose: (statement) => void statement.finalize() });

  const prepare = (sql: string) =>
    new Promise<Statement>((resolve, reject) => {
      const statement = database.prepare(sql, (error) => {
        if (error) return reject(error);
        prepared.set(sql, statement);
        resolve(statement);
      });
    });
  return {
    query: (sql, parameters = []) => inTurn(async () => rowsOf(prepared.get(sql) ?? (await prepare(sql)), parameters)),
    finalize: () => inTurn(async () => prepared.clear()),
  };
}

/** Spreads queries over connections: each goes to one that is idle, or to the first that becomes so. */
export function poolOf(members: readonly Queryable[]): Queryable {
  const idle = [...members];
  const waiting: ((member: Queryable) => void)[] = [];
  return {
    query: async (sql, parameters) => {
      const member = idle.pop() ?? (await new Promise<Queryable>((resolve) => waiting.push(resolve)));
      try {
        return await member.query(sql, parameters);
      } finally {
        const next = waiting.shift();
        if (next) next(member);
        else idle.push(member);
      }
    },
  };
}
