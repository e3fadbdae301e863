import { randomUUID } from 'node:crypto';
import { groupType, permissionType, tokenType, userType } from '../../host/src/domain/access';
import type { AnyRow, NewRowOf, TypeDescriptor } from '../../host/src/domain/descriptor';
import { objectType } from '../../host/src/domain/inventory';
import type { Rows, Transaction, UnitOfWork } from '../../host/src/domain/ports';
import { associationType, secretsGroupType, secretType } from '../../host/src/domain/secrets';
import { hostileKeys, nastyTexts, pick, type Draw } from './random-constraints';

/** The types that rows of a world have, and that constraints on it are about. */
export const worldTypes: readonly TypeDescriptor[] = [
  groupType,
  userType,
  tokenType,
  permissionType,
  secretType,
  secretsGroupType,
  associationType,
  objectType,
];

// The host refuses to store NUL, and these keys in part; a database may hold them all the same.
const nul = ['a\0b', '\0', 'K\0é', 'a\0', '\0a_c'];
const behind = ['a😀', 'A\u{10ffff}b', '\u{10ffff}\u{10ffff}', 'a\ud7ff', 'a\ue000', '\ud7ffb', 'a\uffff'];
const texts = [...nastyTexts, ...nul, ...behind, 'x'.repeat(3000)];
const keys = [...hostileKeys, '', '__proto__', 'a__b', 'a\0b', '__', 'text-file'];
const moment = (draw: Draw) => new Date(Date.UTC(2026, draw(3), 1 + draw(3), draw(2))).toISOString();

function leaf(draw: Draw, depth: number): unknown {
  if (depth < 3 && draw(6) === 0) return members(draw, depth + 1);
  const others = [0, -0, 1, -1, 1.5, 9, 10, 2 ** 53, 1e300, 5e-324, true, false, null, [], ['a'], [{ path: 'a' }], {}];
  return draw(3) > 0 ? pick(draw, texts) : pick(draw, others);
}

function members(draw: Draw, depth: number): Readonly<Record<string, unknown>> {
  const some = Array.from({ length: draw(5) }, () => [pick(draw, keys), leaf(draw, depth)] as const);
  // Ways that are two, and one to whoever joins names with a sign.
  const alike = {
    a: { b: leaf(draw, 3), 'b.c': 1 },
    'a.b': leaf(draw, 3),
    'a","b': leaf(draw, 3),
    'a/b': 2,
    'a b': null,
  };
  const usual = { path: leaf(draw, depth), enabled: draw(2) === 0, port: pick(draw, [22, 0, 1, null, '1', 'true']) };
  return { ...(draw(2) === 0 && usual), ...(draw(4) === 0 && alike), ...Object.fromEntries(some) };
}

/** Fills a database with rows that engines and careless code disagree about. */
export async function fillWorld(database: UnitOfWork, draw: Draw): Promise<void> {
  await database.run(async (transaction) => {
    const standard = () => ({ id: randomUUID(), created: moment(draw), last_updated: moment(draw) });
    const made: Record<string, string[]> = {};
    const oneOf = (type: TypeDescriptor) => pick(draw, made[type.name] as string[]);
    const some = (type: TypeDescriptor) => Array.from({ length: draw(3) }, () => oneOf(type));
    const make = async (type: TypeDescriptor, count: number, row: (text: string) => Record<string, unknown>) => {
      const insert = transaction.insert as (of: TypeDescriptor, row: unknown) => ReturnType<Transaction['insert']>;
      const unique = shuffled(draw, texts);
      made[type.name] = [];
      for (const text of unique.slice(0, count)) {
        const stored = (await insert(type, row(text) as NewRowOf<TypeDescriptor>)) as unknown as AnyRow;
        made[type.name]?.push(stored.id);
      }
    };
    const text = () => pick(draw, texts);
    await make(groupType, 6, (name) => ({ ...standard(), name }));
    await make(userType, 10, (username) => ({
      ...standard(),
      username,
      first_name: text(),
      email: text(),
      is_staff: draw(2) === 0,
      last_login: draw(2) === 0 ? null : moment(draw),
      groups: some(groupType),
    }));
    await make(tokenType, 12, (hash) => ({
      ...standard(),
      user: oneOf(userType),
      key_hash: hash,
      description: text(),
      write_enabled: draw(2) === 0,
      expires: draw(2) === 0 ? null : moment(draw),
    }));
    await make(permissionType, 8, (name) => ({
      ...standard(),
      name,
      object_types: [secretType.name],
      actions: ['view'],
      constraints: draw(2) === 0 ? null : { name },
      users: some(userType),
      groups: some(groupType),
    }));
    await make(secretsGroupType, 8, (name) => ({ ...standard(), name, slug: name, description: text() }));
    await make(secretType, 45, (name) => ({
      ...standard(),
      name,
      slug: name,
      description: text(),
      provider: pick(draw, ['text-file', 'Text-File', 'environment-variable', 'text_file']),
      parameters: members(draw, 0),
    }));
    await make(associationType, 25, (access_type) => ({
      id: randomUUID(),
      access_type,
      secret_type: text(),
      secrets_group: oneOf(secretsGroupType),
      secret: oneOf(secretType),
    }));
    await make(objectType, 25, (name) => ({
      ...standard(),
      object_type: pick(draw, ['dcim.device', 'dcim.rack']),
      name,
      slug: name,
      attributes: members(draw, 0),
      secrets_group: draw(3) === 0 ? null : oneOf(secretsGroupType),
    }));
  });
}

function shuffled<T>(draw: Draw, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(draw(left.length), 1)[0] as T);
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
