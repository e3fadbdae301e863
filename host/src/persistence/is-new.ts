import type { Place } from '../config/database';
import { wasStarted } from './inspect';
import { lookAt } from './look';
import { openPostgresSource } from './postgres/source';

/** Whether nothing was ever kept there, so that a host that starts now is the first. */
export async function isNew(place: Place): Promise<boolean> {
  const { url } = place;
  if (url === undefined) return !(await lookAt(place, wasStarted));
  // Unlike a look this waits for a server that is not there yet.
  const source = await openPostgresSource({ url, most: 1, lockTimeout: 0 });
  try {
    return !(await wasStarted({ query: (sql) => source.query(sql) }, 'postgres'));
  } finally {
    await source.destroy();
  }
}
