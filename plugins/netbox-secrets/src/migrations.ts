import type { PluginMigration } from '@latchkey/host/extend';
import { types } from './types';

/** The tables of the encrypted store. */
export const migrations: readonly PluginMigration[] = [
  { name: 'NetboxSecrets', timestamp: 1796000000001, creates: types },
];
