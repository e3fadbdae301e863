/** What was opened, to be closed in reverse order. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];

  /** Keeps a thing that is open, and gives it back. */
  opened<T>(thing: T, close: (thing: T) => Promise<unknown>): T {
    this.#closers.push(() => close(thing));
    return thing;
  }

  /** Closes everything, the last opened first; then throws the first failure, if there was one. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let last = this.#closers.pop(); last; last = this.#closers.pop()) {
      try {
        await last();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
