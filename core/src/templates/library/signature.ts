import type { Value } from '../python/values';

/** One argument that a filter, test or method takes: required when it has no default. */
export type Formal = readonly [name: string, ifMissing?: Value];

/** A filter, test or method: its arguments, and what it does with them. */
export interface Routine<Subject extends Value, Result> {
  readonly formals: readonly Formal[];
  readonly apply: (subject: Subject, ...args: Value[]) => Result;
}

/** Turns `{ name: [formals, apply] }` into a table that knows its own names only. */
export function table<Subject extends Value, Result>(
  rows: Readonly<Record<string, readonly [formals: readonly Formal[], apply: Routine<Subject, Result>['apply']]>>,
): ReadonlyMap<string, Routine<Subject, Result>> {
  return new Map(Object.entries(rows).map(([name, [formals, apply]]) => [name, { formals, apply }]));
}

/**
 * The arguments in the order of the formals, each made by `constant` where it is missing; or what is wrong with them.
 */
export function arrange<T>(
  formals: readonly Formal[],
  positional: readonly T[],
  named: ReadonlyMap<string, T>,
  constant: (value: Value) => T,
): T[] | string {
  if (positional.length > formals.length) return `takes at most ${formals.length} argument(s)`;
  const names = formals.map(([name]) => name);
  for (const name of named.keys()) {
    const at = names.indexOf(name);
    if (at < 0) return `has no argument ${name}`;
    if (at < positional.length) return `has its argument ${name} twice`;
  }
  const args: T[] = [];
  for (const [i, [name, ifMissing]] of formals.entries()) {
    const given = positional[i] ?? named.get(name);
    if (given === undefined && ifMissing === undefined) return `needs its argument ${name}`;
    args.push(given ?? constant(ifMissing as Value));
  }
  return args;
}
