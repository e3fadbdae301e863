import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { at, readJson, workspaces } from './tree.mjs';

// Inside node_modules, so that the stamp goes when the folder goes.
const file = at('node_modules/.latchkey-stamp');

function hash(files, ...facts) {
  const digest = createHash('sha256').update(facts.join(' '));
  for (const name of files) digest.update(`\0${name}\0`).update(readFileSync(at(name)));
  return digest.digest('hex');
}

const tsconfigs = (folder) =>
  readdirSync(at(folder))
    .filter((name) => /^tsconfig.*\.json$/.test(name))
    .map((name) => `${folder}/${name}`);

/** What the installed packages and the built files depend on, besides the sources themselves. */
export function wantedStamp() {
  const folders = workspaces();
  const manifests = ['package.json', ...folders.map((folder) => `${folder}/package.json`)];
  const { modules, napi } = process.versions;
  return {
    install: hash(['package-lock.json', ...manifests], modules, napi, process.platform, process.arch),
    build: hash(['package-lock.json', ...tsconfigs('.'), ...folders.flatMap(tsconfigs)]),
  };
}

/** What was last installed and built; empty in a fresh clone. */
export function readStamp() {
  try {
    return readJson(file);
  } catch {
    return {}; // Absent, or cut short: both mean "do it again".
  }
}

/** Records what is installed and built now. */
export function writeStamp(stamp) {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(stamp));
  renameSync(`${file}.${process.pid}`, file);
}

/** Whether node_modules, by npm's own record of it, already holds what the lock file asks for. */
export function installedMatchesLock() {
  const record = at('node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  return Object.entries(readJson(at('package-lock.json')).packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}
