import type { Route } from '@latchkey/host/extend';
import type { Store } from '../store';
import { activationRoutes } from './activation-routes';
import { sessionKeyRoutes } from './session-key-routes';
import { userKeyRoutes } from './user-key-routes';

/** The addresses that only the plugin has: sessions, user keys and their activation. */
export function pluginRoutes(store: Store, mount: string): Route[] {
  const all = [...sessionKeyRoutes(store, mount), ...userKeyRoutes(store, mount), ...activationRoutes(store, mount)];
  return all.toSorted(fixedFirst);
}

/** Paths without a parameter are tried before those that would take their last word for one. */
const fixedFirst = (a: { readonly path: string }, b: { readonly path: string }): number =>
  Number(a.path.includes(':')) - Number(b.path.includes(':'));
