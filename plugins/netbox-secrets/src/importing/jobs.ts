import { randomUUID } from 'node:crypto';
import { LatchkeyError } from '@latchkey/core';
import { StoreError } from '../service/store-error';
import { ImportRefused } from './run-import';
import { StoreClosed } from './write-keys';

/** Long work, as who asked for it sees it. */
export interface JobState {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly progress: Readonly<Record<string, number>>;
  readonly result?: unknown;
  /** Why it failed. */
  readonly problem?: string;
}

const mostKept = 20;

// Of what nobody foresaw, a message could quote a row.
const problemOf = (error: unknown): string => {
  const isForPeople = [LatchkeyError, StoreError, ImportRefused, StoreClosed].some((kind) => error instanceof kind);
  if (isForPeople) return (error as Error).message;
  return `It broke off (${error instanceof Error ? error.name : 'unknown'}). What was made stays; the same again goes on.`;
};

const hasSheet = (result: unknown): result is { readonly recoverySheet: string } =>
  typeof (result as { readonly recoverySheet?: unknown } | undefined)?.recoverySheet === 'string';

/** Long work of the command, one at a time: begun by one request, watched by others. */
export function createLongWork() {
  const known = new Map<string, JobState>();
  let running: string | undefined;

  return {
    /** What there is to say of some work; a recovery sheet in its result is said once, and forgotten. */
    read(id: string): JobState | undefined {
      const found = known.get(id);
      if (found && hasSheet(found.result)) {
        const { recoverySheet: _, ...rest } = found.result;
        known.set(id, { ...found, result: rest });
      }
      return found;
    },

    /** Begins work; undefined while other work runs. */
    begin<P extends object>(progress: P, work: (progress: P) => Promise<unknown>): JobState | undefined {
      if (running !== undefined) return undefined;
      const id = randomUUID();
      const base = { id, progress: progress as Readonly<Record<string, number>> };
      const settle = (state: JobState): void => {
        known.set(id, state);
        running = undefined;
      };
      running = id;
      const first: JobState = { ...base, state: 'running' };
      known.set(id, first);
      for (const old of [...known.keys()].slice(0, -mostKept)) known.delete(old);
      work(progress).then(
        (result) => settle({ ...base, state: 'done', result }),
        (error: unknown) => settle({ ...base, state: 'failed', problem: problemOf(error) }),
      );
      return first;
    },
  };
}

/** Long work, as the routes use it. */
export type LongWork = ReturnType<typeof createLongWork>;
