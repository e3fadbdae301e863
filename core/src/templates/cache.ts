/** The values that were used of late, by text and at most `limit`; a value is made when it is missing. */
export class LeastRecentlyUsed<T> {
  // Two generations and not one in order: a hit in the young one, as nearly all are, moves nothing.
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  readonly #half: number;

  constructor(readonly limit: number) {
    this.#half = Math.floor(limit / 2);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string, make: (key: string) => T): T {
    const found = this.#young.get(key);
    if (found !== undefined) return found;
    const value = this.#old.get(key) ?? make(key);
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
