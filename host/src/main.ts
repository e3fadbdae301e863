import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type * as Late from './cli/late';
import type * as Config from './config';
import { generatesCode, noCodeGeneration } from './code-generation';

/** The production start: `node host/dist/main.js`, settings in `LATCHKEY_*`. */
async function main(): Promise<void> {
  // Loaded here, since a process that only starts another does without.
  const { explainFailure, serve } = (require('./cli/late') as typeof Late).late.serve();
  try {
    await serve((require('./config') as typeof Config).readConfig());
  } catch (error) {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * Starts the host in a process of its own, under the flag, and ends as it ends. The id that a supervisor sees is that of
 * this process; its end, by a signal or kill -9, closes the channel, and the host stops in order. No signal is passed
 * on, since a terminal and systemd signal both processes, and the host would take the second one as impatience.
 */
function startUnderFlag(): void {
  const host = spawn(process.execPath, [...process.execArgv, noCodeGeneration, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      if (host.connected) host.disconnect();
      process.on(signal, () => {
        host.kill('SIGKILL');
        process.exit(130);
      });
    });
  }
  // What a hang-up means, the host knows; that it may hear of it twice does no harm.
  process.on('SIGHUP', () => host.kill('SIGHUP'));
  host.once('error', ({ message }) => {
    process.stderr.write(`latchkey: cannot start node again (${message})\n  Start it with ${noCodeGeneration}.\n`);
    process.exitCode = 1;
  });
  host.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
  });
}

if (generatesCode() && !process.execArgv.includes(noCodeGeneration)) startUnderFlag();
else void main();
