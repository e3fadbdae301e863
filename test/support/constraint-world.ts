import { randomUUID } from 'node:crypto';
import type { AnyRow, Field, FieldKind, TypeDescriptor } from '../../host/src/domain/descriptor';
import { UniqueViolation, type Rows, type Transaction, type UnitOfWork } from '../../host/src/domain/ports';
import { definitionTypes, hostTypes } from '../../host/src/domain/types';
import { hostileKeys, nastyTexts, pick, type Draw } from './random-constraints';

/** The types whose rows a world has, and that constraints on it are about; those of later versions too. */
export const worldTypes = definitionTypes.filter(({ name }) => hostTypes.targets.has(name));

// The host refuses to store NUL, and these keys in part; a database may hold them all the same.
const nul = ['a\0b', '\0', 'K\0é', 'a\0', '\0a_c'];
const behind = ['a😀', 'A\u{10ffff}b', '\u{10ffff}\u{10ffff}', 'a\ud7ff', 'a\ue000', '\ud7ffb', 'a\uffff'];
const anyTexts = [...nastyTexts, ...nul, ...behind, 'x'.repeat(3000)];
const keys = [...hostileKeys, '', '__proto__', 'a__b', 'a\0b', '__', 'text-file'];
const moment = (draw: Draw) => new Date(Date.UTC(2026, draw(3), 1 + draw(3), draw(2))).toISOString();

function leaf(draw: Draw, depth: number, texts: readonly string[]): unknown {
  if (depth < 3 && draw(6) === 0) return members(draw, depth + 1, texts);
  const others = [0, -0, 1, -1, 1.5, 9, 10, 2 ** 53, 1e300, 5e-324, true, false, null, [], ['a'], [{ path: 'a' }], {}];
  return draw(3) > 0 ? pick(draw, texts) : pick(draw, others);
}

function members(draw: Draw, depth: number, texts: readonly string[]): Readonly<Record<string, unknown>> {
  const some = Array.from({ length: draw(5) }, () => [pick(draw, keys), leaf(draw, depth, texts)] as const);
  // Ways that are two, and one to whoever joins names with a sign.
  const alike = {
    a: { b: leaf(draw, 3, texts), 'b.c': 1 },
    'a.b': leaf(draw, 3, texts),
    'a","b': leaf(draw, 3, texts),
    'a/b': 2,
    'a b': null,
  };
  const usual = {
    path: leaf(draw, depth, texts),
    enabled: draw(2) === 0,
    port: pick(draw, [22, 0, 1, null, '1', 'true']),
  };
  return { ...(draw(2) === 0 && usual), ...(draw(4) === 0 && alike), ...Object.fromEntries(some) };
}

const counts: Readonly<Record<string, number>> = { 'extras.secret': 45, 'inventory.object': 25 };

/**
 * Fills every table of a database with rows that engines and careless code disagree about; where they are to be `held` by
 * every engine, without NUL and within the lengths of their columns.
 */
export async function fillWorld(database: UnitOfWork, draw: Draw, { held = false } = {}): Promise<void> {
  const texts = held ? anyTexts.filter((text) => !text.includes('\0')) : anyTexts;
  await database.run(async (transaction) => {
    const insert = transaction.insert as (of: TypeDescriptor, row: unknown) => ReturnType<Transaction['insert']>;
    const made = new Map<string, readonly string[]>();
    for (const type of worldTypes) {
      const ids: string[] = [];
      for (const text of shuffled(draw, texts).slice(0, counts[type.name] ?? 14)) {
        const row = rowOf(type, { own: text, texts, held }, draw, made);
        const stored = await insert(type, row).catch(unlessTaken);
        if (stored) ids.push((stored as unknown as AnyRow).id);
      }
      made.set(type.name, ids);
    }
  });
}

// Two rows may fall on one set of fields that is unique.
function unlessTaken(error: unknown): undefined {
  if (!(error instanceof UniqueViolation)) throw error;
}

interface Texts {
  /** The text that this row alone has. */
  readonly own: string;
  readonly texts: readonly string[];
  readonly held: boolean;
}

function rowOf(
  type: TypeDescriptor,
  { own, texts, held }: Texts,
  draw: Draw,
  made: ReadonlyMap<string, readonly string[]>,
) {
  const fitting = (text: string, { max }: Field) =>
    held && max !== undefined ? [...text].slice(0, max).join('') : text;
  const targets = ({ target = '' }: Field) => made.get(target) ?? [];
  const oneOf = (field: Field) => (targets(field).length > 0 ? pick(draw, targets(field)) : null);
  const uniqueTogether = new Set(type.unique.flat());
  const values: Readonly<Record<FieldKind, (field: Field, name: string) => unknown>> = {
    id: () => randomUUID(),
    number: () => draw(20),
    text: (field, name) => fitting(field.unique || uniqueTogether.has(name) ? own : pick(draw, texts), field),
    choice: (field) => fitting(pick(draw, texts), field),
    json: () => members(draw, 0, texts),
    flag: () => draw(2) === 0,
    datetime: () => moment(draw),
    reference: oneOf,
    secret: (field) => fitting(own, field),
    list: () => [],
    references: (field) => [oneOf(field), oneOf(field)].filter((id) => id !== null && draw(2) === 0),
    constraint: () => ({ name: own }),
  };
  const given = Object.entries<Field>(type.fields).filter(([name]) => name !== 'number');
  return Object.fromEntries(
    given.map(([name, field]) => [name, field.nullable && draw(2) === 0 ? null : values[field.kind](field, name)]),
  );
}

function shuffled<T>(draw: Draw, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(draw(left.length), 1)[0] as T);
}

/** Makes the same rows in another database. */
export async function copyWorld(world: Snapshot, database: UnitOfWork): Promise<void> {
  await database.run(async (transaction) => {
    const insert = transaction.insert as (of: TypeDescriptor, row: unknown) => Promise<unknown>;
    for (const type of worldTypes) for (const row of world.of(type)) await insert(type, row);
  });
}

/** Everything that a database holds, in memory. */
export interface Snapshot {
  readonly of: (type: TypeDescriptor) => readonly AnyRow[];
  readonly rows: Rows;
}

/** Reads a whole database into memory, to be asked without any SQL. */
export async function snapshotOf(database: UnitOfWork): Promise<Snapshot> {
  const tables = new Map<string, readonly AnyRow[]>();
  for (const type of worldTypes) {
    const { rows } = await database.rows.list(type, { scope: { kind: 'all' }, limit: 10_000, offset: 0 });
    tables.set(type.name, rows as unknown as AnyRow[]);
  }
  const of = ({ name }: TypeDescriptor) => tables.get(name) ?? [];
  const rows = {
    types: hostTypes,
    get: (type: TypeDescriptor, by: Readonly<Record<string, unknown>>) =>
      Promise.resolve(of(type).find((row) => Object.entries(by).every(([name, value]) => row[name] === value))),
    list: (type: TypeDescriptor, { filters = [], offset, limit }: Parameters<Rows['list']>[1]) => {
      const found = of(type).filter((row) =>
        filters.every(({ field, values }) => values.includes(row[field] as string)),
      );
      return Promise.resolve({ count: found.length, rows: found.slice(offset, offset + limit) });
    },
  };
  return { of, rows: rows as unknown as Rows };
}
