import type { Engine } from '../kinds';

/**
 * What the engines say differently; they get columns and the places of bound values. LIKE, GLOB, lower() and length() mean
 * something else on each of them, and are never used.
 */
export interface Dialect {
  /** The text holds the value somewhere. */
  contains(column: string, place: string): string;
  /** The text ends with the value, which has so many bytes in UTF-8. */
  suffix(column: string, place: string, bytes: string): string;
  /** The column is one of the items of a JSON list. */
  among(column: string, place: string): string;
}

/** The engines that constraints are written for so far. */
export const dialects = {
  sqlite: {
    contains: (column, place) => `instr(${column}, ${place}) > 0`,
    // Of a text `substr` counts characters up to the first NUL; of its bytes it takes the last, whatever they are.
    suffix: (column, place, bytes) => `substr(CAST(${column} AS BLOB), -${bytes}) = CAST(${place} AS BLOB)`,
    among: (column, place) => `${column} IN (SELECT "value" FROM json_each(${place}))`,
  },
} as const satisfies Partial<Record<Engine, Dialect>>;
