import { dirname, join } from 'node:path';
import { importsOf } from './imports';

/** Source texts by path relative to the root. */
export type Sources = ReadonlyMap<string, string>;

/** A file that names another module; `to` is the file when it is one of the sources. */
export interface Edge {
  readonly from: string;
  readonly specifier: string;
  readonly to: string | undefined;
}

const endings = ['', '.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'];

/** The source file that a relative specifier means. */
export function resolveRelative(files: Sources, from: string, specifier: string): string | undefined {
  const stem = join(dirname(from), specifier);
  return endings.map((ending) => stem + ending).find((path) => files.has(path));
}

/** Every dependency of every file; one entry for each time that a module is named. */
export function edgesOf(files: Sources): Edge[] {
  return [...files].flatMap(([from, text]) =>
    importsOf(text).map(({ specifier }) => ({
      from,
      specifier,
      to: specifier.startsWith('.') ? resolveRelative(files, from, specifier) : undefined,
    })),
  );
}

/** Groups of files that import each other in a loop (Tarjan). */
export function circlesOf(edges: readonly Edge[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) if (to !== undefined) targets.set(from, [...(targets.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    stack.push(file);
    for (const next of targets.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1 || targets.get(file)?.includes(file)) circles.push(circle.toSorted());
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return circles;
}

/** The files that no entry reaches. */
export function unreachedFrom(entries: readonly string[], files: Sources): string[] {
  const edges = edgesOf(files);
  const reached = new Set(entries);
  for (const file of reached) for (const { from, to } of edges) if (from === file && to) reached.add(to);
  return [...files.keys()].filter((file) => !reached.has(file));
}
