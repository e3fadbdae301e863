import { open } from 'node:fs/promises';

import { damageOf } from './inspect';
import { withFile } from './sqlite-file';

/**
 * Copies a database as it is at one moment, whoever writes to it meanwhile, into a new file for its owner alone, and checks
 * every page of the copy. Gives what is wrong with it: nothing, as a rule.
 */
export async function copyFile(file: string, target: string): Promise<readonly string[]> {
  // SQLite writes into an empty file, and leaves its mode.
  await (await open(target, 'wx', 0o600)).close();
  await withFile(file, 'work', (database) => database.query('VACUUM INTO ?', [target]));
  await flush(target);
  return withFile(target, 'look', (database) => damageOf(database, 'whole'));
}

/** Settles when a file, or the names in a folder, are on disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Folds the journal of a file into it, so that it can be moved: `held` where somebody has it open, `damaged` where it is
 * no database.
 */
export async function settle(file: string): Promise<'free' | 'held' | 'damaged'> {
  try {
    await withFile(file, 'work', (database) => database.query('PRAGMA journal_mode = DELETE'));
    return 'free';
  } catch (error) {
    return /BUSY|LOCKED/.test((error as Error).message) ? 'held' : 'damaged';
  }
}
