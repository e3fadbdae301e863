import { existsSync, lstatSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { safeCause } from '@latchkey/core/kernel';
import { version, type HostConfig } from '../config';
import { keySetting } from '../first-start';
import { copyFile, flush } from '../persistence/copy-file';
import { settingIn } from '../persistence/inspect';
import { withFile } from '../persistence/sqlite-file';
import { embeddedFiles, manifestName, type Manifest } from './archive';
import { CommandError } from './exit-codes';

/** What a backup came to. */
export interface BackupMade {
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly manifest: Manifest;
}

/**
 * Copies the embedded databases into a new folder, each as it is at one moment, while the host may run. The folder appears
 * under its name when all of it is on disk and was checked.
 */
export async function makeBackup(config: HostConfig, given: string): Promise<BackupMade> {
  const folder = path.resolve(given);
  const files = embeddedFiles(config);
  const [definitions] = files;
  if (!definitions || !existsSync(definitions.file)) {
    const remedy = 'Name the data folder of the host with --data-dir.';
    throw new CommandError('not-found', `There is no database ${definitions?.file ?? ''}.`, remedy);
  }
  refuseTaken(folder);
  const draft = `${folder}.${process.pid}.part`;
  try {
    await mkdir(draft, { mode: 0o700 });
    const made = await fill(draft, files);
    await rename(draft, folder);
    await flush(path.dirname(folder));
    return { folder, ...made };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (error instanceof CommandError || (error as { code?: unknown }).code === 'database-open') throw error;
    const remedy = 'Name a folder on a disk with room, in a folder that is there.';
    throw new CommandError('host', `Cannot write ${folder} (${safeCause(error).message}).`, remedy);
  }
}

function refuseTaken(folder: string): void {
  if (!lstatSync(folder, { throwIfNoEntry: false })) return;
  throw new CommandError('conflict', `${folder} is there already, and nothing is written over.`, 'Name another.');
}

async function fill(draft: string, files: ReturnType<typeof embeddedFiles>): Promise<Omit<BackupMade, 'folder'>> {
  const time = new Date().toISOString();
  const there = files.filter(({ file }) => existsSync(file));
  const copied = [];
  for (const { file, name } of there) {
    const target = path.join(draft, name);
    const [fault] = await copyFile(file, target);
    if (fault !== undefined) {
      const remedy = 'latchkey doctor says more; restore the backup before it.';
      throw new CommandError('host', `${file} is damaged: ${fault}`, remedy);
    }
    copied.push({ name, bytes: (await stat(target)).size });
  }
  const id = await withFile(path.join(draft, 'latchkey.sqlite'), 'look', (database) =>
    settingIn(database, 'sqlite', keySetting),
  );
  const manifest: Manifest = {
    format: 1,
    time,
    version,
    token_key_id: id ?? '',
    files: copied.map(({ name }) => name),
  };
  const said = path.join(draft, manifestName);
  await writeFile(said, `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  await flush(said);
  await flush(draft);
  return { files: copied, manifest };
}
