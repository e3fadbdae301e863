import type { Logger } from '@latchkey/core';
import { safeCause } from '@latchkey/core/kernel';

/** Work that is done again and again, one run at a time, from the start of the host to its stop. */
export interface Job {
  /** For the log. */
  readonly name: string;
  /** Milliseconds from the end of one run to the beginning of the next. */
  readonly every: number;
  /** The signal aborts at the stop, which waits for the run to end. */
  run(signal: AbortSignal): Promise<void>;
}

/** Jobs that run. */
export interface RunningJobs {
  /** Aborts what is under way, and waits for it. */
  close(): Promise<void>;
}

/** Runs jobs side by side; a run that fails is logged without what it said, and the next comes at its time. */
export function runJobs(jobs: readonly Job[], logger: Logger): RunningJobs {
  const stop = new AbortController();
  const running = jobs.map(async ({ name, every, run }) => {
    while (!stop.signal.aborted) {
      try {
        await run(stop.signal);
      } catch (error) {
        if (!stop.signal.aborted) logger.warn(`The job ${name} failed`, { cause: safeCause(error).message });
      }
      await pauseUntil(every, stop.signal);
    }
  });
  return {
    async close() {
      stop.abort();
      await Promise.all(running);
    },
  };
}

function pauseUntil(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds).unref();
    signal.addEventListener('abort', end);
  });
}
