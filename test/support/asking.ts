import type { Place } from '../../host/src/config/database';
import { queriesOf } from '../../host/src/persistence/postgres/queries';
import { openPool } from '../../host/src/persistence/postgres/settings';
import { openSource } from '../../host/src/persistence/source';
import type { Queryable } from '../../host/src/persistence/statements';

/** A connection of a test's own to a database, beside its hosts. */
export interface Asking extends Queryable {
  close(): Promise<void>;
}

/** Opens a connection that sees values as the host's do. */
export async function openAsking({ file, url }: Place): Promise<Asking> {
  if (url !== undefined) {
    const pool = openPool({ url, most: 1, lockTimeout: 1_000 });
    return { ...queriesOf(pool), close: () => pool.end() };
  }
  const source = await openSource({ file, busyTimeout: 1_000 });
  return {
    query: <T>(text: string, parameters: readonly unknown[] = []) =>
      source.query(text, [...parameters]) as Promise<T[]>,
    close: () => source.destroy(),
  };
}
