import { randomUUID } from 'node:crypto';

import { accessEntryType, type NewAccessEntry } from '../domain/audit';
import type { AccessLog } from '../domain/ports';
import { createGroupCommit, type AccessLogStats } from '../observability/access-log';
import { columnOf } from './identifiers';
import { migrate } from './migrate';
import { AccessEntries1795500000000 } from './migrations/1795500000000-access-entries';
import { rowsOf } from './rows';
import { handleOf, openSource } from './source';
import { statementsOf } from './statements';

/** Where the records of reads are kept. */
export interface OpenAccessLogOptions {
  /** A file of its own, so that no change of definitions, however long, holds up a read. */
  readonly file: string;
  readonly version: () => Promise<number>;
  /** How long a commit waits for another process's, in milliseconds; 5000 by default. */
  readonly busyTimeout?: number;
}

const columns = Object.keys(accessEntryType.fields).filter((name) => name !== 'number');
const given = columns.filter((name): name is keyof NewAccessEntry => name !== 'id');
const insert =
  `INSERT INTO "${accessEntryType.table}" (${columns.map((name) => columnOf(accessEntryType, name)).join(', ')}) ` +
  `SELECT ${columns.map((_, i) => `value ->> ${i}`).join(', ')} FROM json_each(?1)`;

/** Opens the record of reads, made if need be; concurrent appends share one durable commit. */
export async function openAccessLog(options: OpenAccessLogOptions): Promise<AccessLog & { stats(): AccessLogStats }> {
  const { file, version, busyTimeout = 5000 } = options;
  const writer = await openSource({ file, busyTimeout, migrations: [AccessEntries1795500000000] });
  const opened = [writer];
  const closeAll = async () => {
    for (const source of opened.toReversed()) await source.destroy();
  };
  try {
    await migrate(writer);
    opened.push(await openSource({ file, busyTimeout, readOnly: true }));
  } catch (error) {
    await closeAll();
    throw error;
  }

  const [writing, reading] = opened.map((source) => statementsOf(handleOf(source)));
  const { append, stats, close } = createGroupCommit({
    // One statement is one transaction: all of the batch, or none.
    write: async (batch) => {
      const values = batch.map((entry) => [randomUUID(), ...given.map((name) => entry[name])]);
      await writing!.query(insert, [JSON.stringify(values)]);
    },
    version,
  });
  return {
    append,
    stats,
    rows: rowsOf(reading!),
    close: async () => {
      await close();
      await writing!.finalize();
      await reading!.finalize();
      await closeAll();
    },
  };
}
