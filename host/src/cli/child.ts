import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { CommandError } from './exit-codes';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the host that give it away; no child process needs them. */
const withheld: ReadonlySet<string> = new Set(['LATCHKEY_SUPERUSER_PASSWORD', 'LATCHKEY_SUPERUSER_API_TOKEN']);

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such command',
  EACCES: 'it may not be executed',
  E2BIG: 'its arguments and environment are too large for this system',
};

const forwarded = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGINT', 'SIGQUIT'] as const;
/** A terminal sends these to the child itself, which must not get them twice. */
const fromTerminal: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT']);

/**
 * Runs a command with variables over the environment of this process, on its terminal. Signals are handed on; gives the
 * child's exit code, or 128 and the number of the signal that ended it.
 */
export function runChild(command: readonly string[], variables: Environment, env: Environment): Promise<number> {
  const [file = '', ...parameters] = command;
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.has(name)));
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined;
    const atTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
    // In place before the child is, so that no signal ends this process alone.
    const handlers = forwarded.map((signal) => {
      const hand = () => void ((atTerminal && fromTerminal.has(signal)) || child?.kill(signal));
      process.on(signal, hand);
      return () => void process.off(signal, hand);
    });
    const forget = () => handlers.forEach((off) => off());
    const failed = (error: unknown): void => {
      forget();
      const code = String((error as { code?: unknown }).code);
      const message = `Cannot run "${file}": ${reasons[code] ?? code}.`;
      reject(new CommandError('no', message, 'Check the command after --, and that it is on the PATH.'));
    };
    try {
      child = spawn(file, parameters, { stdio: 'inherit', env: { ...own, ...variables } });
    } catch (error) {
      return failed(error);
    }
    child.once('error', failed);
    child.once('exit', (code, signal) => {
      forget();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
