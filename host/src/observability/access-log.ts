import { safeCause } from '@latchkey/core/kernel';

import type { NewAccessEntry } from '../domain/audit';
import { hostError } from '../errors';

/** What a batch of entries goes through. */
export interface GroupCommitOptions {
  /** Resolves when the whole batch is on disk; rejects when none of it is. */
  readonly write: (batch: readonly NewAccessEntry[]) => Promise<void>;
  /** The version of the definitions, read once after each commit. */
  readonly version: () => Promise<number>;
  /** The most entries of one commit; 512 by default. */
  readonly limit?: number;
}

/** What a log has done since it was opened. */
export interface AccessLogStats {
  readonly entries: number;
  readonly commits: number;
  /** Batches that could not be kept. */
  readonly failures: number;
}

/** The writing half of an access log. */
export interface GroupCommit {
  append(entry: NewAccessEntry): Promise<number>;
  stats(): AccessLogStats;
  /** Resolves when every entry that was given has settled; later ones are refused. */
  close(): Promise<void>;
}

interface Waiting {
  readonly entry: NewAccessEntry;
  readonly resolve: (version: number) => void;
  readonly reject: (error: Error) => void;
}

/** Lets entries that arrive while a commit runs share the next one. A batch that fails rejects its own entries only. */
export function createGroupCommit({ write, version, limit = 512 }: GroupCommitOptions): GroupCommit {
  const stats = { entries: 0, commits: 0, failures: 0 };
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await write(batch.map(({ entry }) => entry));
      stats.commits += 1;
      stats.entries += batch.length;
      const current = await version();
      for (const { resolve } of batch) resolve(current);
    } catch (error) {
      stats.failures += 1;
      for (const { reject } of batch) reject(hostError('access-record', {}, { cause: safeCause(error) }));
    }
  };
  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      // Those who were just answered may have more to say: a turn of the event loop gathers them into one commit.
      await new Promise(setImmediate);
      const batch = queue.slice(0, limit);
      queue = queue.slice(limit);
      await commit(batch);
    }
    running = undefined;
  };

  return {
    append: (entry) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(hostError('access-record'));
        queue.push({ entry, resolve, reject });
        running ??= drain();
      }),
    stats: () => ({ ...stats }),
    close: async () => {
      closed = true;
      await running;
    },
  };
}
