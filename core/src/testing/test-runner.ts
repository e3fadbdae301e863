interface RegisterTest {
  (name: string, body: () => Promise<void>): unknown;
  skip(name: string, body: () => Promise<void>): unknown;
}

/** The two functions that Jest and `node:test` have in common. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: RegisterTest;
}

/** The runner of this process: its globals, else `node:test`. */
export function currentRunner(): TestRunner {
  const { describe, test } = globalThis as Partial<TestRunner>;
  // Loaded on demand: under another runner `node:test` would start one of its own.
  return describe && test ? { describe, test } : (require('node:test') as TestRunner);
}
