import type { ApiDialect, Route } from '@latchkey/host/extend';
import type { Settings } from '../settings';
import type { Store } from '../store';
import { baseRoutes, netbox } from './base-routes';
import { deviceRoutes } from './device-routes';
import { keyRoutes } from './key-routes';
import { pluginRoutes } from './plugin-routes';
import { roleRoutes } from './role-routes';
import { secretRoutes } from './secret-routes';
import { mounts, shapes } from './shape';
import { versionRoutes } from './version-routes';

/** How NetBox's clients speak. */
export const netboxDialect = ({ version }: Pick<Settings, 'version'>): ApiDialect => ({
  name: netbox,
  versions: Object.keys(shapes),
  latest: version,
  namesNone: true,
});

/** Every address of NetBox's secrets API: one store on the mount of the core and on that of the plugin. */
export function netboxRoutes(store: Store): Route[] {
  const own = Object.values(mounts).flatMap((mount) => [
    ...keyRoutes(store, mount),
    ...roleRoutes(store, mount),
    ...secretRoutes(store, mount),
    ...versionRoutes(store, mount),
  ]);
  const all = [...own, ...pluginRoutes(store, mounts.plugin), ...deviceRoutes(store), ...baseRoutes(store, mounts)];
  return all.map((route) => ({ dialect: netbox, ...route }));
}
