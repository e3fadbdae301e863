/** One row as a dump has it: texts and nulls of SQL, or the fields of a JSON object. */
export interface DumpRow {
  /** `secrets_secret` in SQL, `secrets.secret` in JSON. */
  readonly table: string;
  readonly pk: unknown;
  readonly values: Readonly<Record<string, unknown>>;
  /** Where a person finds it: `line 12`, `row 3`. */
  readonly place: string;
  /** What is wrong with the row as a whole; then it has no values. */
  readonly fault?: string;
}

/** What is asked of a reader of dumps. */
export interface ReadOptions {
  readonly wants: (table: string) => boolean;
  /** Filled while the dump is read: the columns of each wanted table, empty ones of SQL too. */
  readonly shape: Map<string, readonly string[]>;
}

/** How a dump ended. */
export interface DumpEnd {
  /** How many rows of all tables were whole. */
  readonly rows: number;
  /** Where and why the dump ends too early; absent where it is whole. */
  readonly cutOff?: string;
}

/** Rows as the chunks of a dump complete them; at last, how it ended. */
export type DumpReader = (
  chunks: AsyncIterable<Buffer>,
  options: ReadOptions,
) => AsyncGenerator<DumpRow[], DumpEnd, undefined>;
