/** Runs the works of one name one after another, and those of others beside them. */
export type Lines = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Makes {@link Lines} that forget a name when nothing of it is under way. */
export function createLines(): Lines {
  const lasts = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const turn = (lasts.get(name) ?? Promise.resolve()).then(work);
    const last = turn.then(
      () => undefined,
      () => undefined,
    );
    lasts.set(name, last);
    try {
      return await turn;
    } finally {
      if (lasts.get(name) === last) lasts.delete(name);
    }
  };
}
