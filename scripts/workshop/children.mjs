import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** The exit code that a shell would show for how a child ended. */
const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

/** Starts a command as a process group of its own; `stop` ends all of it, by force after two seconds. */
export function startGroup(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options, detached: true });
  const kill = (signal) => {
    try {
      process.kill(-child.pid, signal);
      return true;
    } catch {
      return false; // The group is gone already.
    }
  };
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(exitCode(code, signal)));
  });
  const stop = async (signal = 'SIGTERM') => {
    if (child.pid === undefined || !kill(signal)) return;
    for (let tries = 0; tries < 40 && kill(0); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    kill('SIGKILL');
  };
  return { child, ended, stop };
}

/** Runs one step to its end; a signal to this process ends the step's whole group, then this process. */
export async function step(command, args, options) {
  const group = startGroup(command, args, options);
  const onSignal = async (signal) => {
    await group.stop(signal);
    process.exit(exitCode(null, signal));
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await group.ended;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** Runs several commands side by side until one ends or a signal arrives; then all are stopped together. */
export async function together(commands) {
  const groups = commands.map(([command, args, options]) => startGroup(command, args, options));
  const signalled = new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(exitCode(null, signal)));
  });
  const code = await Promise.race([signalled, ...groups.map((group) => group.ended)]);
  await Promise.all(groups.map((group) => group.stop()));
  return code;
}

/**
 * Hands over to the command: it has the terminal, gets every signal, and its end becomes the end of this process. A
 * terminal's Ctrl-C reaches the command by itself, so it is not sent twice.
 */
export function handOver(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  for (const signal of signals) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.exitCode = exitCode(code, signal);
      resolve(process.exitCode);
    });
  });
}
