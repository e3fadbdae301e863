import type { AccessLog } from '../domain/ports';
import { hostTypes, type Types } from '../domain/types';
import { createGroupCommit, type AccessLogStats, type GroupCommitOptions } from '../observability/access-log';
import type { Place } from './open-database';
import { openPostgresRecords } from './postgres/records';
import { createProjection } from './projection';
import { removeOldest } from './remove-oldest';
import { rowsOf } from './rows';
import { openSqliteRecords } from './sqlite-records';
import type { OnMigrated } from './store';

/** Where the records of reads are kept: a file of its own, so that no change of definitions holds up a read, or PostgreSQL. */
export type OpenAccessLogOptions = Place & {
  readonly version: () => Promise<number>;
  /** How long a commit waits for another process's, in milliseconds; 5000 by default. */
  readonly busyTimeout?: number;
  readonly onMigrated?: OnMigrated | undefined;
  readonly committed?: GroupCommitOptions['committed'];
  /** The types of the installation, which constraints speak of; the host's own by default. */
  readonly types?: Types;
};

/** The record of reads, with what the host itself asks of it. */
export interface OpenAccessLog extends AccessLog {
  stats(): AccessLogStats;
  /** Removes a few of the entries that are older, and tells how many; 0 when none is left. */
  removeOldest(before: string): Promise<number>;
}

/** Opens the record of reads, made if need be; concurrent appends share one durable commit. */
export async function openAccessLog(options: OpenAccessLogOptions): Promise<OpenAccessLog> {
  const { version, busyTimeout = 5000, onMigrated, committed, types = hostTypes } = options;
  const common = { busyTimeout, onMigrated };
  const store =
    options.url === undefined
      ? await openSqliteRecords({ ...common, file: options.file })
      : await openPostgresRecords({ ...common, url: options.url });
  const { append, stats, close } = createGroupCommit({ write: store.write, lanes: store.lanes, version, committed });
  return {
    append,
    stats,
    removeOldest: (before) => removeOldest(store, before),
    rows: rowsOf(store.reading, createProjection(types, store.dialect)),
    close: async () => {
      await close();
      await store.close();
    },
  };
}
