import { definePlugin, secretsProviders } from '@latchkey/core';
import { hostExtensions, type ChangeListener, type HostAccess, type OpenExtension } from '@latchkey/host/extend';
import { guardsWith } from './guards';
import { migrations } from './migrations';
import { createEncryptedStore } from './provider';
import { createSessionCache } from './service/session-cache';
import { endSessions } from './service/user-keys';
import { readSettings } from './settings';
import { openStore, type Store } from './store';
import { types, sessionKeyType, userKeyType } from './types';

const sweepEvery = 10 * 60_000;

/** The encrypted store: secrets kept in Latchkey itself, NetBox's API for them, and a provider that reads them. */
export default definePlugin({
  register(context) {
    const settings = readSettings(context.config);
    const cache = createSessionCache();
    let store: Store | undefined;

    // Sessions end with what they were made with: the account, its password, its key.
    const onChange: ChangeListener = async ({ type, before, after }, transaction) => {
      if (type.name === 'users.user' && before) {
        if (after && (after.is_active !== true || after.password !== before.password))
          await endSessions(transaction, before.id);
        cache.forget();
      } else if (['users.token', userKeyType.name, sessionKeyType.name].includes(type.name)) cache.forget();
    };

    const open = (host: HostAccess): OpenExtension => {
      const opened = openStore(host, settings, cache);
      store = opened;
      return {
        jobs: [{ name: 'netbox-secrets sessions', every: sweepEvery, run: () => opened.keys.sweep() }],
        close: async () => {
          store = undefined;
          cache.forget();
        },
      };
    };

    const guards = guardsWith(() => store?.host);
    context.contribute(hostExtensions, { name: 'netbox-secrets', types, migrations, guards, onChange, open });
    context.contribute(
      secretsProviders,
      createEncryptedStore(() => store?.values),
    );
  },
});
