import { randomUUID } from 'node:crypto';

import { accessEntryType, type NewAccessEntry } from '../domain/audit';
import type { Dialect } from './constraint-sql/dialects';
import { columnOf } from './identifiers';
import type { Queryable } from './statements';

/** The connections to the records of reads, whatever their engine is: one that writes, and those that read. */
export interface RecordStore {
  readonly dialect: Dialect;
  readonly reading: Queryable;
  /** The connection that entries are written through. */
  readonly writing: Queryable;
  /** How many batches are kept at a time. */
  readonly lanes: number;
  /** Keeps a batch, durably and all of it, or none. */
  write(batch: readonly NewAccessEntry[]): Promise<void>;
  close(): Promise<void>;
}

const columns = Object.keys(accessEntryType.fields).filter((name) => name !== 'number');
const given = columns.filter((name): name is keyof NewAccessEntry => name !== 'id');

/** The beginning of the statement that adds entries. */
export const insertEntries = `INSERT INTO "${accessEntryType.table}" (${columns.map((name) => columnOf(accessEntryType, name)).join(', ')})`;

/** The fields of an entry that is given, in the order of {@link insertEntries}; behind the id. */
export const entryFields: readonly string[] = columns;

/** Makes UUIDs of version 7. Random ids would touch a page of the index for each entry of a commit; these share the last. */
function idsOfNow(): () => string {
  const time = Date.now().toString(16).padStart(12, '0');
  const start = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  return () => start + randomUUID().slice(15);
}

/** A batch, each entry the list of its columns. */
export function listsOf(batch: readonly NewAccessEntry[]): unknown[][] {
  const nextId = idsOfNow();
  return batch.map((entry) => {
    const values: unknown[] = [nextId()];
    for (const name of given) values.push(entry[name]);
    return values;
  });
}
