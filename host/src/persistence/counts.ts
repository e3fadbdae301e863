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
}

const lasting = 600_000;

/** Remembers counts while the version stays, since to count many rows costs far more than to show a page of them. */
export function createCounts(version: () => Promise<number>, clock: () => number = Date.now): Counts {
  const known = new LRUCache<string, Known>({ max: 1000 });
  return {
    async exact(statement, read) {
      // Before the count, so that one that was read while others wrote is never taken for one of after.
      const now = await version();
      const key = keyOf(statement);
      const before = known.get(key);
      if (before?.version === now) return before.count;
      const entry: Known = { version: now, count: read(), last: before?.last };
      known.set(key, entry);
      entry.count.then(
        (count) => (entry.last = { count, at: clock() }),
        () => {
          if (known.peek(key) === entry) known.delete(key);
        },
      );
      return entry.count;
    },
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
