import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { Sql } from './projection';

/** Gives the answer to a statement that counts, by `read` where it is not known. */
export type Counts = (statement: Sql, read: () => Promise<number>) => Promise<number>;

/** Counts each time. */
export const countAgain: Counts = (_statement, read) => read();

/** Remembers counts while the version stays, since to count a wide scope costs far more than to show a page of it. */
export function createCounts(version: () => Promise<number>): Counts {
  const known = new LRUCache<string, Promise<number>>({ max: 1000 });
  return async ({ text, parameters }, read) => {
    // Before the count, so that one that was read while others wrote is never taken for one of after.
    const now = await version();
    const key = createHash('sha256')
      .update(`${now} ${text} ${JSON.stringify(parameters)}`)
      .digest('base64');
    let count = known.get(key);
    if (!count) {
      known.set(key, (count = read()));
      count.catch(() => known.delete(key));
    }
    return count;
  };
}
