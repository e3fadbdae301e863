import type { NewAccessEntry } from './audit';
import type { Constraint, LookupName, UserIdentity } from './constraint';
import type { NewRowOf, RowOf, TypeDescriptor } from './descriptor';
import type { Types } from './installation';

/** The rows that a principal may see of a type: all, none, or those that meet a constraint for this user. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'constraint'; readonly constraint: Constraint; readonly user: UserIdentity };

/** A value that a filter compares with. */
export type Scalar = string | number | boolean | null;

/**
 * A field, or the rows that a relation leads to, meets the lookup with one of the values. Of a relation the ids are asked,
 * by `exact` and `isnull` alone.
 */
export interface Filter {
  readonly field: string;
  /** The way to a member of a JSON field; the filter asks for what is there. Null stands for what is missing, too. */
  readonly keys?: readonly string[];
  /** Asks for a list that holds one of the values, which are texts: the field itself, or what is at the end of that way. */
  readonly holds?: true;
  readonly values: readonly Scalar[];
  /** `exact` by default. */
  readonly lookup?: Exclude<LookupName, 'in' | 'range'>;
  /** True for the rows that meet the lookup with none of the values. */
  readonly negated?: boolean;
}

/** What a list asks for; filters are joined by and. */
export interface ListQuery {
  readonly scope: Scope;
  readonly filters?: readonly Filter[];
  /** A text that one of the searchable fields contains, in folded case. */
  readonly search?: string | undefined;
  /** Which rows behind references the search looks at, by the name of their type; all by default. */
  readonly searchScopes?: Readonly<Record<string, Scope>>;
  /** Fields of the order, `-field` for descending; the type's own order by default. Ties are broken by id, in its direction. */
  readonly order?: readonly string[];
  readonly limit: number;
  readonly offset: number;
  /**
   * `estimate` where the count may be one of lately, or stop where counting begins to cost; `none` where nobody asks: then
   * it is that of the page. Exact by default.
   */
  readonly count?: 'exact' | 'estimate' | 'none';
}

/** One page of a list, and how many rows there are in all. */
export interface Page<Row> {
  readonly count: number;
  readonly rows: readonly Row[];
}

/** Reads rows. */
export interface Rows {
  /** The types of the installation. */
  readonly types: Types;
  /** The one row with these field values (an id, or a unique set), or undefined. An empty object is refused. */
  get<T extends TypeDescriptor>(type: T, by: Partial<RowOf<T>>): Promise<RowOf<T> | undefined>;
  list<T extends TypeDescriptor>(type: T, query: ListQuery): Promise<Page<RowOf<T>>>;
}

/** Reads and changes rows, all or nothing. */
export interface Transaction extends Rows {
  /** Stores a row, its `number` and defaults filled in, and gives it back whole. Throws {@link UniqueViolation}. */
  insert<T extends TypeDescriptor>(type: T, row: NewRowOf<T>): Promise<RowOf<T>>;
  /** Changes one row and gives it back whole. Throws {@link UniqueViolation}. */
  update<T extends TypeDescriptor>(type: T, id: string, changes: Partial<RowOf<T>>): Promise<RowOf<T>>;
  remove<T extends TypeDescriptor>(type: T, id: string): Promise<void>;
}

/** The database of definitions. */
export interface UnitOfWork {
  readonly rows: Rows;
  /** Runs the work in one transaction that holds the write lock from its first statement. */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** A number that differs once anyone, in any process, has committed a change of a definition. */
  version(): Promise<number>;
  /** Calls back when anyone may have committed a change: at once where the engine tells of it, each second anyhow. */
  watch?(moved: () => void): { stop(): Promise<void> };
  close(): Promise<void>;
}

/** The record of reads. */
export interface AccessLog {
  /**
   * Settles when the entry is on disk, with the definition version read after that. Concurrent appends share a commit.
   * Rejects when it cannot be kept: then no value may leave.
   */
  append(entry: NewAccessEntry): Promise<number>;
  readonly rows: Rows;
  close(): Promise<void>;
}

/** A write would repeat what must be unique. */
export class UniqueViolation extends Error {
  constructor(readonly fields: readonly string[]) {
    super(`Not unique: ${fields.join(', ')}`);
    this.name = 'UniqueViolation';
  }
}

/** A write would leave a reference without its row: the row is not there, or is in use. */
export class ReferenceViolation extends Error {
  constructor() {
    super('A reference would be left without its row.');
    this.name = 'ReferenceViolation';
  }
}
