import { Refusal } from '../wire/refusal';

/** How rows are shown, by the query string of a reading request. */
export interface Shape {
  /** How far references are followed: 0 shows them as references. */
  readonly depth: number;
  /** True leaves out the fields of many rows, false adds those that are left out where nothing is said. */
  readonly excludeMany: boolean | undefined;
  /** The names that are shown only where they are asked for. */
  readonly include: ReadonlySet<string>;
}

/** What is shown where nothing is asked for. */
export const plainShape: Shape = { depth: 0, excludeMany: undefined, include: new Set() };

/** How rows are shown as CSV: with those behind the references, for their names. */
export const namedShape: Shape = { ...plainShape, depth: 1 };

/** How the row is shown that a write has made or changed; the query has no say in it. */
export const writtenShape: Shape = { ...plainShape, include: new Set(['computed_fields', 'relationships']) };

const deepest = 10;
const words: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  1: true,
  false: false,
  False: false,
  0: false,
};

/** Reads `depth`, `exclude_m2m` and `include`; what is no number or no flag is passed over, as Nautobot does. */
export function readShape(query: URLSearchParams): Shape {
  if (query.size === 0) return plainShape;
  const given = query.get('depth') ?? '';
  const depth = /^[+-]?\d{1,9}$/.test(given) ? Number(given) : 0;
  if (depth < 0 || depth > deepest) {
    throw new Refusal('malformed', `The depth parameter must be an integer between 0 and ${deepest}`);
  }
  const flag = query.get('exclude_m2m') ?? '';
  return {
    depth,
    excludeMany: Object.hasOwn(words, flag) ? words[flag] : undefined,
    include: new Set(query.getAll('include').flatMap((value) => value.split(','))),
  };
}
