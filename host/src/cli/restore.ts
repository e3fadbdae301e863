import { copyFileSync, constants, chmodSync, existsSync, renameSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { HostConfig } from '../config';
import { loadTokenKey } from '../credentials/token-key';
import { hostTypes } from '../domain/types';
import { hostError } from '../errors';
import { keySetting } from '../first-start';
import { answers, socketPath } from '../http/local-socket';
import { flush, settle } from '../persistence/copy-file';
import { appliedIn, damageOf, settingIn } from '../persistence/inspect';
import { knownMigrations, planOf } from '../persistence/plan';
import { withFile } from '../persistence/sqlite-file';
import { embeddedFiles, readManifest, type Manifest } from './archive';
import { CommandError } from './exit-codes';

/** What a restoration came to. */
export interface Restored {
  readonly manifest: Manifest;
  readonly files: readonly string[];
  /** Where what was there before lies now. */
  readonly aside: readonly string[];
  /** How many migrations the next start will apply, plugins' aside. */
  readonly pending: number;
}

interface Part {
  readonly source: string;
  readonly file: string;
  readonly draft: string;
}

/**
 * Puts a backup in the place of the databases. It is checked whole, key and all, before anything is touched; what is there
 * stays unless `force` says to move it aside.
 */
export async function restoreBackup(config: HostConfig, folder: string, force: boolean): Promise<Restored> {
  const files = embeddedFiles(config);
  await refuseRunning(config);
  const manifest = readManifest(folder);
  const parts = files
    .filter(({ name }) => manifest.files.includes(name))
    .map(({ file, name }) => ({ source: path.join(folder, name), file, draft: `${file}.restoring` }));
  const missing = parts.find(({ source }) => !existsSync(source));
  if (missing || !manifest.files.includes('latchkey.sqlite'))
    throw broken(missing?.source ?? folder, 'it is not there');
  let pending = 0;
  for (const { source } of parts) pending += await check(source);
  await checkKey(config, path.join(folder, 'latchkey.sqlite'));
  const taken = files.map(({ file }) => file).filter((file) => existsSync(file) || existsSync(`${file}-wal`));
  if (taken.length > 0 && !force) {
    const remedy = 'Name another --data-dir, or move it aside with --force.';
    throw new CommandError('conflict', `There is data already: ${taken.join(', ')}.`, remedy);
  }
  const aside = await put(parts, taken);
  return { manifest, files: parts.map(({ file }) => file), aside, pending };
}

async function refuseRunning({ dataDir }: HostConfig): Promise<void> {
  if (!(await answers(socketPath(dataDir)))) return;
  throw new CommandError('conflict', `A host runs on ${dataDir}.`, 'Stop it first.');
}

const broken = (file: string, fault: string) =>
  new CommandError('invalid', `The backup cannot be used: ${file}: ${fault}.`, 'Restore another one.');

/** Refuses a file that is damaged, or of a newer version; tells how many migrations it lacks. */
async function check(source: string): Promise<number> {
  return withFile(source, 'look', async (database) => {
    const [fault] = await damageOf(database, 'whole');
    if (fault !== undefined) throw broken(source, fault);
    const kept = path.basename(source) === 'latchkey.sqlite' ? 'definitions' : 'records';
    const known = knownMigrations(kept, 'sqlite', { types: hostTypes, migrations: [] });
    const { pending, newer } = planOf(await appliedIn(database, 'sqlite'), known);
    if (newer[0] !== undefined) throw hostError('database-newer', { migration: newer[0] });
    return pending.length;
  });
}

/** Refuses definitions whose tokens nobody could use, since the key that is there is another one. */
async function checkKey({ tokenKeyFile }: HostConfig, source: string): Promise<void> {
  const key = await loadTokenKey(tokenKeyFile, { make: false });
  const id = await withFile(source, 'look', (database) => settingIn(database, 'sqlite', keySetting));
  if (id !== undefined && id !== key.id) throw hostError('token-key', { file: tokenKeyFile });
}

/** Copies first and moves then, so that a disk without room leaves everything as it was. */
async function put(parts: readonly Part[], taken: readonly string[]): Promise<readonly string[]> {
  try {
    for (const { source, file, draft } of parts) {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      // What a restoration left that was broken off.
      await rm(draft, { force: true });
      copyFileSync(source, draft, constants.COPYFILE_EXCL);
      chmodSync(draft, 0o600);
      await flush(draft);
    }
    const aside = await moveAside(taken);
    for (const { file, draft } of parts) renameSync(draft, file);
    for (const { file } of parts) await flush(path.dirname(file));
    return aside;
  } finally {
    for (const { draft } of parts) await rm(draft, { force: true });
  }
}

async function moveAside(taken: readonly string[]): Promise<readonly string[]> {
  const stamp = `before-${new Date().toISOString().replace(/\W/g, '')}`;
  for (const file of taken) {
    if (existsSync(file) && (await settle(file)) === 'held')
      throw new CommandError('conflict', `Another process has ${file} open.`, 'Stop it first.');
  }
  return taken.flatMap((file) =>
    ['', '-wal', '-shm'].flatMap((suffix) => {
      if (!existsSync(file + suffix)) return [];
      // A journal finds its database by the name.
      const target = `${file}.${stamp}${suffix}`;
      renameSync(file + suffix, target);
      return suffix === '' ? [target] : [];
    }),
  );
}
