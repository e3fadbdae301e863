import type { ChangeListener, HostAccess, HostExtension, OpenExtension } from '@latchkey/host/extend';
import { guardsWith } from './guards';
import { netboxDialect, netboxRoutes } from './http/routes';
import { localRoutes } from './local-routes';
import { migrations } from './migrations';
import { createSessionCache } from './service/session-cache';
import { forgetHolding } from './service/holders';
import { endSessions } from './service/user-keys';
import type { Settings } from './settings';
import { openStore, type Store } from './store';
import { sessionKeyType, types, userKeyType } from './types';

const sweepEvery = 10 * 60_000;
const ending: ReadonlySet<string> = new Set(['users.token', userKeyType.name, sessionKeyType.name]);

/** What the plugin adds to the host, and the store, which is there while the host is open. */
export interface StoreExtension {
  readonly extension: HostExtension;
  store(): Store | undefined;
}

/** Makes the extension of one host. */
export function createExtension(settings: Settings): StoreExtension {
  const cache = createSessionCache();
  let store: Store | undefined;

  // Sessions end with what they were made with: the account, its password, its key.
  const onChange: ChangeListener = async ({ type, before, after }, transaction) => {
    if (type.name === 'users.user' && before) {
      const shutOut = after && (after.is_active !== true || after.password !== before.password);
      if (shutOut) await endSessions(transaction, before.id);
      cache.forget();
    } else if (ending.has(type.name)) cache.forget();
    if (type.name === userKeyType.name && before && !after) await forgetHolding(transaction, before.id);
  };

  const open = (host: HostAccess): OpenExtension => {
    const opened = openStore(host, settings, cache);
    store = opened;
    return {
      routes: netboxRoutes(opened),
      localRoutes: localRoutes(opened),
      jobs: [{ name: 'netbox-secrets sessions', every: sweepEvery, run: () => opened.keys.sweep() }],
      close: async () => {
        store = undefined;
        cache.forget();
      },
    };
  };

  const guards = guardsWith(() => store);
  const dialect = netboxDialect(settings);
  const extension = { name: 'netbox-secrets', types, migrations, guards, onChange, dialect, open };
  return { extension, store: () => store };
}
