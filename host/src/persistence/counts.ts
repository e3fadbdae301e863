import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { Sql } from './projection';

/** The answers to statements that count. */
export interface Counts {
  /** The count as of now, by `read` where it is not known. */
  exact(statement: Sql, read: () => Promise<number>): Promise<number>;
  /** The count of the last minutes, whatever was written since; undefined where nobody counted. */
  lately(statement: Sql): number | undefined;
}

/** Counts each time. */
export const countAgain: Counts = { exact: (_statement, read) => read(), lately: () => undefined };

interface Known {
  readonly version: number;
  readonly count: Promise<number>;
  /** The last count that is there, and when it was. */
  last: { readonly count: number; readonly at: number } | undefined;
  isRunning: boolean;
  /** The count that comes after this one, for those who came while this one ran and want a later version. */
  next?: Promise<number>;
}

const lasting = 600_000;

/**
 * Remembers counts while the version stays, since to count many rows costs far more than to show a page of them. Each is
 * read by one statement at a time, however often the version moves meanwhile.
 */
export function createCounts(version: () => Promise<number>, clock: () => number = Date.now): Counts {
  const known = new LRUCache<string, Known>({ max: 1000 });
  const settle = async (key: string, entry: Known): Promise<void> => {
    try {
      entry.last = { count: await entry.count, at: clock() };
    } catch {
      if (known.peek(key) === entry) known.delete(key);
    } finally {
      entry.isRunning = false;
    }
  };
  const begin = (key: string, now: number, read: () => Promise<number>): Promise<number> => {
    const entry: Known = { version: now, count: read(), last: known.get(key)?.last, isRunning: true };
    known.set(key, entry);
    void settle(key, entry);
    return entry.count;
  };
  /** As of after the call; of after `waited` it is enough to be another one. */
  const exactly = async (key: string, read: () => Promise<number>, waited?: Known): Promise<number> => {
    // Before the count, so that one that was read while others wrote is never taken for one of after.
    const now = await version();
    const found = known.get(key);
    if (found && (found.version === now || (waited && found !== waited))) return found.count;
    if (!found?.isRunning) return begin(key, now, read);
    const after = () => exactly(key, read, found);
    return (found.next ??= found.count.then(after, after));
  };
  return {
    exact: (statement, read) => exactly(keyOf(statement), read),
    lately(statement) {
      const last = known.get(keyOf(statement))?.last;
      return last && clock() - last.at < lasting ? last.count : undefined;
    },
  };
}

function keyOf({ text, parameters }: Sql): string {
  return createHash('sha256')
    .update(`${text} ${JSON.stringify(parameters)}`)
    .digest('base64');
}
