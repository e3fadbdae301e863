/** The `limit` values that were used last, by text; a value is made when it is missing. */
export class LeastRecentlyUsed<T> {
  readonly #entries = new Map<string, T>();

  constructor(readonly limit: number) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, make: (key: string) => T): T {
    const found = this.#entries.get(key);
    const value = found ?? make(key);
    if (found !== undefined) this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.limit) this.#entries.delete(this.#entries.keys().next().value as string);
    return value;
  }
}
