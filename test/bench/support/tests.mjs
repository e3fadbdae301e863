import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** Runs tests that are told by the environment how much to do; gives the status of each by its title. What fails is shown. */
export function runTests(path, env) {
  const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', path, '--json'], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const results = JSON.parse(stdout).testResults.flatMap(({ assertionResults }) => assertionResults);
  if (results.some(({ status }) => status === 'failed')) process.stderr.write(stderr);
  return results.map(({ title, status }) => ({ title, status }));
}
