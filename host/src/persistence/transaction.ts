import { defaultsOf, type RowOf, type TypeDescriptor } from '../domain/descriptor';
import type { Transaction } from '../domain/ports';
import { hostError } from '../errors';
import type { Dialect } from './constraint-sql/dialects';
import { failureOf } from './failures';
import { checked } from './identifiers';
import { leafFields, leafTable, setLeaves } from './json-leaves';
import { linksOf, setLinks } from './links';
import type { Projection, Sql } from './projection';
import { rowsOf } from './rows';
import type { Queryable } from './statements';
import { createMutex } from './turns';
import { insertSql, removeSql, updateSql } from './write-sql';

/** A transaction that is open, and the way to end its use. */
export interface OpenTransaction {
  readonly transaction: Transaction;
  /** Whether it was asked to change a row. */
  changed(): boolean;
  /** Waits for what is under way; after this the transaction refuses everything, so that nothing runs outside it. */
  end(): Promise<void>;
}

/** Reads and writes in the transaction that has begun on a connection. */
export function transactionOn(connection: Queryable, select: Projection): OpenTransaction {
  const inTurn = createMutex();
  let ended = false;
  let changed = false;

  const step = <T>(type: TypeDescriptor, work: () => Promise<T>): Promise<T> => {
    if (ended) return Promise.reject(new Error('The transaction has ended.'));
    return inTurn(work).catch((error: unknown) => {
      throw failureOf(error, type);
    });
  };
  // On PostgreSQL a statement that fails would spoil all that comes after it.
  const write = <T>(type: TypeDescriptor, work: () => Promise<T>): Promise<T> => {
    changed = true;
    return step(type, () => (select.dialect.engine === 'postgres' ? undoable(connection, work) : work()));
  };
  const rows = rowsOf(connection, select);
  const written = async <T extends TypeDescriptor>(sql: Sql): Promise<RowOf<T> | undefined> => {
    const [found] = await connection.query<{ row: string }>(sql.text, sql.parameters);
    return found && (JSON.parse(found.row) as RowOf<T>);
  };
  /** What a statement gave back, or the row as it is read, where other tables hold some of it. */
  const whole = async <T extends TypeDescriptor>(type: T, id: string, given?: RowOf<T>): Promise<RowOf<T>> => {
    const row = given ?? (await rows.get(type, { id } as Partial<RowOf<T>>));
    if (!row) throw hostError('no-such-row', { type: type.label, criteria: id });
    return row;
  };

  const link = async (
    type: TypeDescriptor,
    id: string,
    values: Readonly<Record<string, unknown>>,
    isNew: boolean,
  ): Promise<void> => {
    for (const { field, table } of linksOf(type))
      if (Object.hasOwn(values, field))
        await setLinks(connection, select.dialect, { table, id, ids: values[field] as readonly string[], isNew });
    for (const field of leafFields(type))
      if (Object.hasOwn(values, field))
        await setLeaves(connection, select.dialect, {
          table: leafTable(type, field),
          owner: id,
          json: values[field],
          items: type.fields[field]?.items,
          isNew,
        });
  };

  const transaction: Transaction = {
    types: select.types,
    get: (type, by) => step(type, () => rows.get(type, by)),
    list: (type, query) => step(type, () => rows.list(type, query)),

    insert: (type, row) =>
      write(type, async () => {
        const given: Record<string, unknown> = { ...defaultsOf(type), ...row };
        if (Object.hasOwn(type.fields, 'number'))
          given['number'] = await nextNumber(connection, select.dialect, type, given['number'] as number | undefined);
        for (const name of Object.keys(type.fields)) checked(type, name, given[name]);
        const stored = await written<typeof type>(insertSql(select, type, given));
        await link(type, given['id'] as string, given, true);
        return whole(type, given['id'] as string, stored);
      }),

    update: (type, id, changes) =>
      write(type, async () => {
        for (const name of ['id', 'number']) {
          if (Object.hasOwn(changes, name)) throw new TypeError(`The ${name} of a ${type.label} is for life.`);
        }
        checked(type, 'id', id);
        const update = updateSql(select, type, id, changes);
        const stored = update && (await written<typeof type>(update));
        await link(type, id, changes, false);
        return whole(type, id, stored);
      }),

    remove: (type, id) =>
      write(type, async () => {
        checked(type, 'id', id);
        const { text, parameters } = removeSql(select, type, id);
        await connection.query(text, parameters);
      }),
  };
  return {
    transaction,
    changed: () => changed,
    end: () => {
      ended = true;
      return inTurn(async () => undefined);
    },
  };
}

async function undoable<T>(connection: Queryable, work: () => Promise<T>): Promise<T> {
  await connection.query('SAVEPOINT "step"');
  try {
    const result = await work();
    await connection.query('RELEASE SAVEPOINT "step"');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK TO SAVEPOINT "step"');
    throw error;
  }
}

/**
 * A number that no row of the type has or had: an old number must never come to mean another row. One that is kept from
 * another system moves what comes next past it.
 */
async function nextNumber(
  connection: Queryable,
  { place }: Dialect,
  type: TypeDescriptor,
  kept?: number,
): Promise<number> {
  const last = '"latchkey_sequences"."last"';
  const [name, given] = [place(1, type.name), place(2, kept ?? 1)];
  const next = kept === undefined ? `${last} + 1` : `CASE WHEN ${last} < ${given} THEN ${given} ELSE ${last} END`;
  const [row] = await connection.query<{ last: number }>(
    `INSERT INTO "latchkey_sequences" ("name", "last") VALUES (${name}, ${given}) ` +
      `ON CONFLICT ("name") DO UPDATE SET "last" = ${next} RETURNING "last"`,
    [type.name, kept ?? 1],
  );
  return kept ?? (row as { last: number }).last;
}
