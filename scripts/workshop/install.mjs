import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { step } from './children.mjs';
import { say, WorkshopError } from './say.mjs';
import { cacheFolder, forget, keep, lookUp } from './sqlite-cache.mjs';
import { root } from './tree.mjs';

const onPath = (names) =>
  names.some((name) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))));

const toolchain = [
  ['a C++ compiler', ['c++', 'g++', 'clang++', 'cl.exe']],
  ['make', ['make', 'gmake', 'msbuild.exe']],
  ['Python 3', ['python3', 'python.exe']],
];

function missingTools() {
  return toolchain.filter(([, names]) => !onPath(names)).map(([what]) => what);
}

const advice =
  'The sqlite3 package is compiled once per machine. Install what is missing, then run the command again:\n' +
  '  Debian, Ubuntu: apt-get install build-essential python3\n' +
  '  Fedora:         dnf install gcc-c++ make python3\n' +
  '  Alpine:         apk add build-base python3\n' +
  '  macOS:          xcode-select --install';

/** Runs npm; without a terminal it is silent for a minute at a time, so that a line tells that it still works. */
async function npm(args, env = {}) {
  const started = Date.now();
  const beat = setInterval(() => say(`  still at it (${Math.round((Date.now() - started) / 1000)} s)`), 10_000);
  const [command, first] = process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
  try {
    return await step(command, [...first, ...args], { cwd: root, env: { ...process.env, ...env } });
  } finally {
    clearInterval(beat);
  }
}

/** Whether the compiled addon loads in this Node. */
export function sqliteLoads() {
  return spawnSync(process.execPath, ['-e', "require('sqlite3')"], { cwd: root, stdio: 'ignore' }).status === 0;
}

function refuse(what) {
  const missing = missingTools();
  throw new WorkshopError(
    missing.length > 0 ? `${what}: ${missing.join(', ')} not found.\n${advice}` : `${what}; see above.`,
  );
}

/** Installs exactly what the lock file says, with the kept sqlite3 addon where there is one. */
export async function install() {
  const kept = lookUp();
  if (kept === 'broken') say('the kept sqlite3 addon was damaged; it is removed and compiled again.');
  say(
    `installing packages (npm ci)${kept === 'kept' ? '' : '; compiling sqlite3 takes about a minute, once per machine'} ...`,
  );
  // npm warns of the setting, which is the addon's and not npm's own.
  const local =
    kept === 'kept' ? { npm_config_sqlite3_local_prebuilds: cacheFolder, npm_config_loglevel: 'error' } : {};
  if ((await npm(['ci', '--include=dev', '--no-audit', '--no-fund'], local)) !== 0) refuse('npm ci failed');
  if (!sqliteLoads()) {
    say('the sqlite3 addon that was found does not load here; compiling it ...');
    forget();
    const fromSource = { npm_config_build_from_source: 'true' };
    if ((await npm(['rebuild', 'sqlite3'], fromSource)) !== 0 || !sqliteLoads())
      refuse('sqlite3 could not be compiled');
  }
  try {
    if (keep()) say(`kept the compiled sqlite3 for the next clone (${cacheFolder}).`);
  } catch (error) {
    say(`could not keep the compiled sqlite3 (${error.code}); the next clone compiles it again.`);
  }
}
