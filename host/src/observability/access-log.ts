import { performance } from 'node:perf_hooks';
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
  /** How many commits run at a time where many entries wait; 1 by default. */
  readonly lanes?: number;
  /** Milliseconds that a commit may take before all who wait are refused; 10,000 by default. */
  readonly patience?: number;
  /** Is told of every commit. */
  readonly committed?: ((commit: Commit) => void) | undefined;
}

/** A batch that was kept, or that could not be. */
export interface Commit {
  readonly size: number;
  readonly milliseconds: number;
  readonly failed: boolean;
}

/** What a log has done since it was opened. */
export interface AccessLogStats {
  readonly entries: number;
  readonly commits: number;
  /** Batches that could not be kept. */
  readonly failures: number;
  /** Whether the last batch failed a moment ago, or the one under way takes far too long. */
  readonly failing: boolean;
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

const memory = 10_000;
const slow = 2_000;
/** Fewer entries than these wait for the commit that runs, rather than have one beside it. */
const worthALane = 16;

/**
 * Lets entries that arrive while a commit runs share the next one. A batch that fails rejects its own entries only; one that
 * does not end rejects all that wait, and whoever comes before it ends, so that no reader waits for a disk that hangs. With
 * two lanes one half of many readers goes on while the other half's commit runs.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { write, version, limit = 512, lanes = 1, patience = 10_000, committed } = options;
  const stats = { entries: 0, commits: 0, failures: 0 };
  /** The commits that run. */
  const begun = new Set<{ readonly at: number }>();
  let queue: Waiting[] = [];
  let [open, gathering] = [0, 0];
  let ended: (() => void) | undefined;
  let closing: Promise<void> | undefined;
  let closed = false;
  let stalled = 0;
  let failedAt: number | undefined;

  const giveUp = (batch: readonly Waiting[]): void => {
    const refused = [...batch, ...queue];
    queue = [];
    for (const { reject } of refused) reject(hostError('access-record'));
  };
  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    const began = { at: performance.now() };
    let gaveUp = 0;
    begun.add(began);
    const timer = setTimeout(() => {
      stalled += gaveUp = 1;
      giveUp(batch);
    }, patience);
    try {
      await write(batch.map(({ entry }) => entry));
      const milliseconds = performance.now() - began.at;
      stats.commits += 1;
      stats.entries += batch.length;
      const current = await version();
      failedAt = undefined;
      for (const { resolve } of batch) resolve(current);
      committed?.({ size: batch.length, milliseconds, failed: false });
    } catch (error) {
      stats.failures += 1;
      failedAt = performance.now();
      for (const { reject } of batch) reject(hostError('access-record', {}, { cause: safeCause(error) }));
      committed?.({ size: batch.length, milliseconds: failedAt - began.at, failed: true });
    } finally {
      clearTimeout(timer);
      stalled -= gaveUp;
      begun.delete(began);
    }
  };
  /** Whether the next entry may be expected to fail. Where nobody reads, a failure is forgotten, so that reads are tried. */
  const failing = (): boolean => {
    const now = performance.now();
    return (failedAt !== undefined && now - failedAt < memory) || [...begun].some(({ at }) => now - at > slow);
  };
  const drain = async (): Promise<void> => {
    open += 1;
    while (queue.length > 0) {
      gathering += 1;
      // Those who were just answered may have more to say: a turn of the event loop gathers them into one commit.
      await new Promise(setImmediate);
      const batch = queue.splice(0, Math.min(limit, Math.ceil(queue.length / gathering)));
      gathering -= 1;
      if (batch.length > 0) await commit(batch);
    }
    open -= 1;
    if (open === 0) ended?.();
  };

  return {
    append: (entry) =>
      new Promise((resolve, reject) => {
        if (closed || stalled > 0) return reject(hostError('access-record'));
        queue.push({ entry, resolve, reject });
        if (open === 0 || (open < lanes && queue.length >= worthALane)) void drain();
      }),
    stats: () => ({ ...stats, failing: failing() }),
    close: () => {
      closed = true;
      return (closing ??= open === 0 ? Promise.resolve() : new Promise((resolve) => (ended = resolve)));
    },
  };
}
