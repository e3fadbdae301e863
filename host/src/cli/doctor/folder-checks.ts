import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { placesOf, type HostConfig } from '../../config';
import { loadTokenKey } from '../../credentials/token-key';
import { keySetting } from '../../first-start';
import { settingIn } from '../../persistence/inspect';
import { lookAt } from '../../persistence/look';
import { bad, ok, warn, type Check, type Result } from './finding';

const others = 0o077;
const octal = (mode: number) => (mode & 0o777).toString(8);

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The files that are kept for the owner alone, as far as they are there. */
function keptFiles(config: HostConfig): string[] {
  const { definitions, records } = placesOf(config);
  const files = [definitions, records].flatMap(({ file }) => (file === undefined ? [] : [file, `${file}-wal`]));
  return files.filter((file) => existsSync(file));
}

const nearest = (folder: string): string =>
  existsSync(folder) || path.dirname(folder) === folder ? folder : nearest(path.dirname(folder));

const mega = 2 ** 20;

/** The data folder, its files, the token key and the disk. */
export const folderChecks: readonly Check[] = [
  [
    'data folder',
    async ({ config: { dataDir } }) => {
      if (!existsSync(dataDir)) {
        const parent = nearest(dataDir);
        if (!isWritable(parent))
          return [bad(`${dataDir} cannot be made`, `Let the user of the host write to ${parent}.`)];
        return [warn(`${dataDir} is not there`, 'The first start makes it; name another with --data-dir.')];
      }
      const { mode } = statSync(dataDir);
      if (!statSync(dataDir).isDirectory()) return [bad(`${dataDir} is no folder`, 'Name another data folder.')];
      if (!isWritable(dataDir)) return [bad(`${dataDir} cannot be written to`, 'Give it to the user of the host.')];
      if ((mode & others) !== 0) return [warn(`${dataDir} is open to others (${octal(mode)})`, `chmod 700 ${dataDir}`)];
      return [ok(dataDir)];
    },
  ],
  [
    'data files',
    async ({ config }) => {
      const found = keptFiles(config).flatMap((file): Result[] => {
        const { mode } = statSync(file);
        if (!isWritable(file)) return [bad(`${file} cannot be written to`, 'Give it to the user of the host.')];
        return (mode & others) === 0 ? [] : [warn(`${file} is open to others (${octal(mode)})`, `chmod 600 ${file}`)];
      });
      return found.length > 0 ? found : [ok('for their owner alone')];
    },
  ],
  [
    'token key',
    async ({ config }) => {
      const { tokenKeyFile: file } = config;
      const { definitions } = placesOf(config);
      const id = await lookAt(definitions, (database, engine) => settingIn(database, engine, keySetting));
      if (id === undefined && !existsSync(file)) return [ok('the first start makes it')];
      const key = await loadTokenKey(file, { make: false });
      const { mode } = statSync(file);
      if ((mode & others) !== 0) return [bad(`${file} is open to others (${octal(mode)})`, `chmod 600 ${file}`)];
      if (id === undefined) return [ok(file)];
      if (id !== key.id)
        return [bad(`${file} is not the key of the database`, 'Restore the key file that belongs to it.')];
      return [ok(`${file} belongs to the database`)];
    },
  ],
  [
    'disk space',
    async ({ config: { dataDir } }) => {
      const { bavail, bsize } = await statfs(nearest(dataDir));
      const free = Math.floor((bavail * bsize) / mega);
      const detail = `${free} MB free for ${dataDir}`;
      const remedy = 'Free some: a host that cannot record a read refuses it.';
      return [free < 50 ? bad(detail, remedy) : free < 1000 ? warn(detail, remedy) : ok(detail)];
    },
  ],
];
