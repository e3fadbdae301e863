/** Makes a function that runs works one after another, in the order in which they came. */
export function createMutex(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/**
 * Makes a function that shares one read among its callers. A caller never gets a read that began before the call: those
 * who come while one runs share the next, and at most one runs.
 */
export function coalesce<T>(read: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  let following: Promise<T> | undefined;
  const start = (): Promise<T> => {
    const mine = read();
    const release = () => {
      if (following === undefined) current = undefined;
    };
    current = mine;
    following = undefined;
    mine.then(release, release);
    return mine;
  };
  return () => (current === undefined ? start() : (following ??= current.then(start, start)));
}
