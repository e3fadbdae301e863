import { readFileSync } from 'node:fs';
import { safeCause } from '@latchkey/core/kernel';
import { CommandError } from './exit-codes';

/** Where {@link readInput} reads from. */
export interface InputSource {
  readonly file: (path: string) => string;
  readonly stdin: () => string;
  readonly isTerminal: boolean;
}

const system: InputSource = {
  file: (path) => readFileSync(path, 'utf8'),
  stdin: () => readFileSync(0, 'utf8'),
  isTerminal: process.stdin.isTTY === true,
};

/**
 * The text of the file that an option names, or an argument in its brackets, `-` for the standard input; one line end
 * at its end is not part of it. So a password or a key is in no list of processes and in no history of a shell.
 */
export function readInput(option: string, path: string, source: InputSource = system): string {
  const named = option.startsWith('<') ? option : `--${option}`;
  // A terminal would show what is typed.
  if (path === '-' && source.isTerminal)
    throw new CommandError('usage', `${named} - reads no terminal.`, `Pipe it in, or name a file.`);
  try {
    return (path === '-' ? source.stdin() : source.file(path)).replace(/\r?\n$/, '');
  } catch (error) {
    const { code = safeCause(error).message } = error as NodeJS.ErrnoException;
    throw new CommandError('usage', `${named} ${path} cannot be read (${code}).`, 'Name a file that is there.');
  }
}

/** The JSON of an option, or of the file that another names; undefined where neither was given. */
export function readJson(option: string, text: string | undefined, file: string | undefined): unknown {
  if (text !== undefined && file !== undefined)
    throw new CommandError('usage', `--${option} and --${option}-file are one thing.`, 'Give one of them.');
  if (text === undefined && file === undefined) return undefined;
  try {
    return JSON.parse(text ?? readInput(`${option}-file`, file ?? '')) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const example = `--${option} '{"name__startswith": "net-"}'`;
    throw new CommandError('usage', `--${option} is not JSON: ${error.message}.`, `Write ${example}.`);
  }
}
