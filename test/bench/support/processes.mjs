import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const here = resolve(import.meta.dirname, '..');
const probe = join(here, 'support/probe.cjs');

function launch(file, { args = [], env, folder, profile, flags = [], stdout = 'inherit' }) {
  const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profiles')}`] : [];
  const child = spawn(
    process.execPath,
    ['--disallow-code-generation-from-strings', ...flags, ...profiling, file, ...args],
    { stdio: ['ignore', stdout, 'inherit', 'ipc'], env: env ?? process.env },
  );
  // A server must not outlive the run that measures it, however that ends.
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  const ended = once(child, 'exit').then(([code, signal]) => {
    process.off('exit', orphaned);
    return code ?? signal;
  });
  return { child, ended };
}

/** Runs one part in a process of its own and gives its figures. */
export async function runPart(part, settings) {
  const { child, ended } = launch(join(here, 'part.mjs'), { ...settings, args: [JSON.stringify({ part, settings })] });
  let figures;
  child.on('message', (message) => (figures = message));
  const code = await ended;
  if (code !== 0 || !figures) throw new Error(`The part "${part}" failed (${code}).`);
  return figures;
}

/** Starts a server under the probe, and waits for the line in which it names its address. */
export async function startServer(file, options) {
  const { child, ended } = launch(file, { ...options, flags: ['--require', probe], stdout: 'pipe' });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  const url = () => /listens on (http:\/\/[\d.]+:\d+)/.exec(said)?.[1];
  while (!url()) {
    await Promise.race([once(child.stdout, 'data'), ended]);
    if (child.exitCode !== null) throw new Error(`${file} did not start: ${said}`);
  }
  return {
    url: url(),
    said: () => said,
    /** What the process has used so far: CPU time, memory, modules of the AWS SDK. */
    async facts() {
      const answer = once(child, 'message');
      child.send({ ask: 'facts' });
      return (await answer)[0];
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
