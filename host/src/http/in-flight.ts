/** What is under way, so that a stop can wait for it. */
export interface InFlight {
  /** Counts the work until it settles, and gives it back. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is under way any more. */
  ended(): Promise<void>;
}

/** Counts work that is under way. */
export function createInFlight(): InFlight {
  let count = 0;
  let waiting: (() => void)[] = [];
  const settled = (): void => {
    count -= 1;
    if (count > 0) return;
    for (const tell of waiting) tell();
    waiting = [];
  };
  return {
    track(work) {
      count += 1;
      work.then(settled, settled);
      return work;
    },
    ended: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
