import type { Field, TypeDescriptor } from '../domain/descriptor';
import { fold } from '../domain/fold';
import type { Dialect } from './constraint-sql/dialects';
import type { LeafColumns } from './constraint-sql/leaf-sql';
import { quoted } from './identifiers';
import type { Queryable } from './statements';

/** One member of a JSON field, typed, so that constraints find it by an index; the columns of its table, in order. */
export interface JsonLeaf {
  readonly path: string;
  readonly kind: 'text' | 'number' | 'true' | 'false' | 'null' | 'other' | 'item';
  /** Null for what is no text. */
  readonly text: string | null;
  readonly folded: string | null;
  readonly number: number | null;
}

// A constraint leads no deeper.
const maxDepth = 8;

/** A way through JSON by the exact names of members, as one text that stands for no other way. */
export function leafPath(keys: readonly string[]): string {
  return JSON.stringify(keys);
}

/** The place of an item in a list at the end of a way: of this text, wherever in the list it is. */
export function itemPath(keys: readonly string[], item: string): string {
  return JSON.stringify([...keys, [item]]);
}

// An item is a part of a key of the table, which has an end on every engine.
const longestItem = 255;
const mostItems = 1000;

/**
 * The members of a JSON value, as its text tells them; those of arrays have no way to them. Where `items` says so, the texts
 * in the lists that the value holds by name are leaves too.
 */
export function leavesOf(json: unknown, items = false): JsonLeaf[] {
  const leaves: JsonLeaf[] = [];
  const visit = (value: unknown, keys: readonly string[]): void => {
    if (keys.length > 0) leaves.push(leafOf(value, keys));
    if (items && keys.length === 1 && Array.isArray(value)) leaves.push(...itemsOf(value, keys));
    if (typeof value !== 'object' || value === null || Array.isArray(value) || keys.length === maxDepth) return;
    for (const [key, member] of Object.entries(value)) visit(member, [...keys, key]);
  };
  visit(json === null || json === undefined ? null : JSON.parse(JSON.stringify(json)), []);
  return leaves;
}

function leafOf(value: unknown, keys: readonly string[]): JsonLeaf {
  const leaf = { path: leafPath(keys), text: null, folded: null, number: null };
  if (typeof value === 'string') return { ...leaf, kind: 'text', text: value, folded: fold(value) };
  if (typeof value === 'number') return { ...leaf, kind: 'number', number: value };
  if (typeof value === 'boolean' || value === null) return { ...leaf, kind: `${value}` };
  return { ...leaf, kind: 'other' };
}

function itemsOf(list: readonly unknown[], keys: readonly string[]): JsonLeaf[] {
  const texts = new Set(list.filter((item) => typeof item === 'string' && item.length <= longestItem));
  return [...(texts as Set<string>)]
    .slice(0, mostItems)
    .map((item) => ({ path: itemPath(keys, item), kind: 'item', text: null, folded: null, number: null }));
}

/** Where the leaves are, for conditions on them. */
export const jsonLeafColumns: LeafColumns = {
  text: '"text"',
  folded: '"folded"',
  long: true,
  number: '"number"',
  is: (word) => `"kind" = '${word}'`,
};

/** The table of the leaves of a JSON field. */
export function leafTable(type: TypeDescriptor, field: string): string {
  return `${type.table}_${field}_leaves`;
}

/** The fields of a type whose leaves are kept. */
export function leafFields(type: TypeDescriptor): string[] {
  return Object.entries<Field>(type.fields).flatMap(([name, { kind, opaque }]) =>
    kind === 'json' && !opaque ? [name] : [],
  );
}

const atOnce = 100;

interface LeafOwner {
  readonly table: string;
  readonly owner: string;
  readonly json: unknown;
  readonly items?: boolean | undefined;
  /** True for a row that was not there before, so that it has no leaves. */
  readonly isNew: boolean;
}

/** Keeps the leaves of a JSON value in the place of those that its row had. */
export async function setLeaves(
  connection: Queryable,
  { place, leafPath: pathIn }: Dialect,
  { table, owner, json, items = false, isNew }: LeafOwner,
): Promise<void> {
  if (!isNew) await connection.query(`DELETE FROM ${quoted(table)} WHERE "owner_id" = ${place(1, owner)}`, [owner]);
  const leaves = leavesOf(json, items);
  for (let i = 0; i < leaves.length; i += atOnce) {
    const some = leaves.slice(i, i + atOnce);
    const values: (string | number | null)[] = [];
    const placed = (value: string | null) => place(values.push(value), '');
    const rows = some.map(({ path, kind, text, folded, number }) => {
      const texts = [owner, pathIn(path), kind, text, folded].map(placed);
      return `(${texts.join(', ')}, ${place(values.push(number), 0.5)})`;
    });
    await connection.query(
      `INSERT INTO ${quoted(table)} ("owner_id", "path", "kind", "text", "folded", "number") VALUES ${rows.join(', ')}`,
      values,
    );
  }
}
