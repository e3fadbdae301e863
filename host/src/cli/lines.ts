import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { safeCause } from '@latchkey/core/kernel';
import { CommandError } from './exit-codes';

/** Where lines of JSON go. */
export interface Lines {
  /** Settles when there is room for more. */
  write(values: readonly unknown[]): Promise<void>;
  /** Settles when everything is there. */
  end(): Promise<void>;
  /** Takes away a file that will not be whole. */
  abandon(): Promise<void>;
}

const textOf = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Opens a new file for its owner alone, or standard output; a file that is there is never written over. */
export async function openLines(file: string | undefined): Promise<Lines> {
  if (file === undefined) return standardOutput;
  const failed = (error: unknown): never => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new CommandError('conflict', `The file ${file} is there already.`, 'Name another, or remove it.');
    throw new CommandError('host', `Cannot write ${file} (${safeCause(error).message}).`, 'Name another file.');
  };
  const handle = await open(file, 'wx', 0o600).catch(failed);
  return {
    write: async (values) => {
      await handle.appendFile(textOf(values)).catch(failed);
    },
    async end() {
      await handle.sync().catch(failed);
      await handle.close();
    },
    async abandon() {
      await handle.close().catch(() => undefined);
      await rm(file, { force: true });
    },
  };
}

const standardOutput: Lines = {
  async write(values) {
    if (!process.stdout.write(textOf(values))) await once(process.stdout, 'drain');
  },
  end: async () => {},
  abandon: async () => {},
};
