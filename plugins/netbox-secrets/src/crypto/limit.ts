import { CryptoError } from './faults';

/**
 * Runs at most `most` of the actions at once, the others in the order in which they came. Where more than `mostWaiting`
 * wait, the next is refused as `busy`.
 */
export function createLimit(most: number, mostWaiting: number): <T>(action: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (action) => {
    if (running >= most && waiting.length >= mostWaiting) throw new CryptoError('busy');
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await action();
    } finally {
      // Who waits takes the place over, so that nobody slips in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
