import type { ColumnKind, Engine } from '../kinds';

/** A value that a statement is given. */
export type Bound = string | number | boolean;

/**
 * What the engines say differently; they get columns and the places of bound values. LIKE, GLOB, lower() and length() mean
 * something else on each of them, and are never used.
 */
export interface Dialect {
  readonly engine: Engine;
  /** A value as its driver takes it. */
  bound(value: Bound): string | number | boolean | null;
  /** The place of the nth value. */
  place(nth: number, value: Bound): string;
  /** The same where a column tells of what type the value is. */
  slot(nth: number): string;
  /** Whether a column can hold the value; one that it cannot hold equals none. */
  holds(value: Bound): boolean;
  /** The text holds the value somewhere. */
  contains(column: string, place: string): string;
  /** The text ends with the value. */
  suffix(column: string, value: string, bind: (value: Bound) => string): string;
  /** The items of a JSON list of texts as rows, in a column `value`. */
  items(place: string): string;
  /** The column is one of the items of a JSON list, of texts or of numbers. */
  among(column: string, place: string, of: 'text' | 'number'): string;
  /** Some row of a table meets a condition on this very row; asked of each row by itself. */
  exists(from: string, condition: string): string;
  /** What rows come from, all of them found before anything else is done with them. */
  gathered(from: string): string;
  /** The column, kept away from an index where another way in is the better one. */
  aside(column: string): string;
  /** How many characters of a text that may be long its index holds; absent where it holds them all. */
  readonly start?: number;
  /** So many first characters of a text. */
  startOf(text: string, count: number): string;
  /** The way to a leaf in a form that an index can hold. */
  leafPath(path: string): string;
  /** The JSON of a column of each kind. */
  readonly json: Readonly<Record<ColumnKind, (column: string) => string>>;
  /** One JSON object; no names or values are bound here. */
  object(members: readonly (readonly [name: string, json: string])[]): string;
  /** All rows as one JSON list, in an order. */
  list(json: string, order?: string): string;
}
