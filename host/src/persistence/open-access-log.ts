import { randomUUID } from 'node:crypto';

import { accessEntryType, type NewAccessEntry } from '../domain/audit';
import type { AccessLog } from '../domain/ports';
import { hostTypes, type Types } from '../domain/types';
import { createGroupCommit, type AccessLogStats, type GroupCommitOptions } from '../observability/access-log';
import { openConnections, type OnMigrated } from './connections';
import { columnOf } from './identifiers';
import { AccessEntries1795500000000 } from './migrations/1795500000000-access-entries';
import { AccessAddresses1796000000000 } from './migrations/1796000000000-access-addresses';
import { createProjection } from './projection';
import { rowsOf } from './rows';
import { poolOf } from './statements';

/** Where the records of reads are kept. */
export interface OpenAccessLogOptions {
  /** A file of its own, so that no change of definitions, however long, holds up a read. */
  readonly file: string;
  readonly version: () => Promise<number>;
  /** How long a commit waits for another process's, in milliseconds; 5000 by default. */
  readonly busyTimeout?: number;
  readonly onMigrated?: OnMigrated;
  readonly committed?: GroupCommitOptions['committed'];
  /** The types of the installation, which constraints speak of; the host's own by default. */
  readonly types?: Types;
}

const columns = Object.keys(accessEntryType.fields).filter((name) => name !== 'number');
const given = columns.filter((name): name is keyof NewAccessEntry => name !== 'id');
const insert =
  `INSERT INTO "${accessEntryType.table}" (${columns.map((name) => columnOf(accessEntryType, name)).join(', ')}) ` +
  `SELECT ${columns.map((_, i) => `value ->> ${i}`).join(', ')} FROM jsonb_each(?1)`;

/** Makes UUIDs of version 7. Random ids would touch a page of the index for each entry of a commit; these share the last. */
function idsOfNow(): () => string {
  const time = Date.now().toString(16).padStart(12, '0');
  const start = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  return () => start + randomUUID().slice(15);
}

/** A batch as JSON, each entry the list of its columns. */
function listsOf(batch: readonly NewAccessEntry[]): string {
  const nextId = idsOfNow();
  return JSON.stringify(
    batch.map((entry) => {
      const values: unknown[] = [nextId()];
      for (const name of given) values.push(entry[name]);
      return values;
    }),
  );
}

/** Opens the record of reads, made if need be; concurrent appends share one durable commit. */
export async function openAccessLog(options: OpenAccessLogOptions): Promise<AccessLog & { stats(): AccessLogStats }> {
  const { file, version, busyTimeout = 5000, onMigrated, committed, types = hostTypes } = options;
  const migrations = [AccessEntries1795500000000, AccessAddresses1796000000000];
  const connections = await openConnections({ file, busyTimeout, migrations, readers: 1, onMigrated });
  const { append, stats, close } = createGroupCommit({
    // One statement is one transaction: all of the batch, or none.
    write: async (batch) => {
      await connections.writing.query(insert, [listsOf(batch)]);
    },
    version,
    committed,
  });
  return {
    append,
    stats,
    rows: rowsOf(poolOf(connections.readers), createProjection(types)),
    close: async () => {
      await close();
      await connections.close();
    },
  };
}
