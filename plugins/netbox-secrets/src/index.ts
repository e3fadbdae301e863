import { createSecretKey } from 'node:crypto';
import { definePlugin } from '@latchkey/core';
import { hostExtensions, type ChangeListener, type HostAccess, type OpenExtension } from '@latchkey/host/extend';
import { readSettings } from './settings';
import { deriveHostKeys } from './crypto/host-keys';
import { guards } from './guards';
import { migrations } from './migrations';
import { createKeyService } from './service/key-service';
import { createSessionCache } from './service/session-cache';
import { endSessions } from './service/user-keys';
import { types, sessionKeyType, userKeyType } from './types';

const sweepEvery = 10 * 60_000;

/** The encrypted store: secrets kept in Latchkey itself, and NetBox's API for them. */
export default definePlugin({
  register({ contribute, config }) {
    const settings = readSettings(config);
    const cache = createSessionCache();

    // Sessions end with what they were made with: the account, its password, its key.
    const onChange: ChangeListener = async ({ type, before, after }, transaction) => {
      if (type.name === 'users.user' && before) {
        if (after && (after.is_active !== true || after.password !== before.password))
          await endSessions(transaction, before.id);
        cache.forget();
      } else if (['users.token', userKeyType.name, sessionKeyType.name].includes(type.name)) cache.forget();
    };

    const open = (host: HostAccess): OpenExtension => {
      const keys = deriveHostKeys(createSecretKey(host.deriveKey('store')));
      const legacyUnlock = settings.legacyUnlock === 'auto' ? host.localOnly : settings.legacyUnlock === 'on';
      const keyService = createKeyService({ host, keys, cache, legacyUnlock, limits: settings.sessions });
      return { jobs: [{ name: 'netbox-secrets sessions', every: sweepEvery, run: () => keyService.sweep() }] };
    };

    contribute(hostExtensions, { name: 'netbox-secrets', types, migrations, guards, onChange, open });
  },
});
