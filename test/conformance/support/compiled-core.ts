import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { provide, temporaryFolder } from './temporary-package';

const repository = join(__dirname, '../../..');
const compiler = join(repository, 'node_modules/.bin/tsc');

/** A folder with core installed as it is published: compiled from the source as it stands, with what it depends on. */
export async function folderWithCompiledCore(): Promise<string> {
  const folder = temporaryFolder();
  const core = join(folder, 'node_modules/@latchkey/core');
  cpSync(join(repository, 'core/package.json'), join(core, 'package.json'));
  const output = ['--outDir', join(core, 'dist'), '--tsBuildInfoFile', join(folder, 'core.tsbuildinfo')];
  // Its exit code is the affair of the type check; what it emits is what is tested here.
  await new Promise((resolve) => execFile(compiler, ['-p', join(repository, 'core'), ...output], resolve));
  for (const name of ['nunjucks', 'asap', 'a-sync-waterfall', 'reflect-metadata', 'semver', 'tslib', 'tsyringe'])
    provide(folder, name);
  return folder;
}

/** Runs Node in a folder; gives what it printed, whatever its exit code. */
export async function runNode(folder: string, ...parameters: string[]): Promise<{ code: number; output: string }> {
  // A test runner that finds itself under another one reports to that one instead of to its output.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const options = { cwd: folder, env };
  return new Promise((resolve) => {
    execFile(process.execPath, parameters, options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
    );
  });
}
