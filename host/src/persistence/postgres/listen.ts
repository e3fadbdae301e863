import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';

import { poolSettings } from './settings';

/** Where PostgreSQL tells everybody that the version has moved. */
export const channel = 'latchkey_version';

/** Something that goes on until it is stopped. */
export interface Listening {
  stop(): Promise<void>;
}

/** Calls back when a change was committed, by a connection of its own, which is made again whenever it breaks. */
export function listen(url: string, moved: () => void): Listening {
  const stopped = new AbortController();
  const once = (): Promise<void> =>
    new Promise((ended) => {
      const client = new Client(poolSettings({ url, most: 1, lockTimeout: 0 }));
      const close = () => void client.end().then(ended, () => ended());
      stopped.signal.addEventListener('abort', close, { once: true });
      const end = () => {
        stopped.signal.removeEventListener('abort', close);
        ended();
      };
      client.on('error', end).on('end', end).on('notification', moved);
      // What moved while nobody listened is seen now.
      client
        .connect()
        .then(() => client.query(`LISTEN ${channel}`))
        .then(moved, close);
    });
  const done = (async () => {
    while (!stopped.signal.aborted) {
      await once();
      await pause(1_000, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    stop: () => {
      stopped.abort();
      return done;
    },
  };
}
