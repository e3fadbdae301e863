import { join } from 'node:path';
import type { Constraint, UserIdentity } from '../../host/src/domain/constraint';
import type { AnyRow, TypeDescriptor } from '../../host/src/domain/descriptor';
import type { ListQuery, UnitOfWork } from '../../host/src/domain/ports';
import { hostTypes } from '../../host/src/domain/types';
import { matchContext } from '../../host/src/permissions/constraints/conditions';
import { lookups } from '../../host/src/permissions/constraints/lookups';
import { parseConstraints } from '../../host/src/permissions/constraints/parse';
import { compilePredicate } from '../../host/src/permissions/constraints/predicate';
import { loadRelated } from '../../host/src/permissions/related';
import { openDatabase } from '../../host/src/persistence/open-database';
import { postgresDialect } from '../../host/src/persistence/postgres/dialect';
import { queriesOf } from '../../host/src/persistence/postgres/queries';
import { openPool } from '../../host/src/persistence/postgres/settings';
import { createProjection, type Projection, type Sql } from '../../host/src/persistence/projection';
import { openSource } from '../../host/src/persistence/source';
import { copyWorld, fillWorld, snapshotOf, worldTypes, type Snapshot } from '../support/constraint-world';
import { describePostgres, startPostgres, type Postgres } from '../support/postgres';
import { drawFrom, pick } from '../support/random-constraints';
import { sqlFaults } from '../support/sql-vocabulary';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { constraintOn } from '../support/world-constraints';

/** How many constraints are tried, each on every row of its type; `npm run bench` asks for more. */
const tries = Number(process.env['LATCHKEY_CONSTRAINTS'] ?? 1_000);
/** How long a test may take, in milliseconds. */
const patience = 300_000 + 150 * tries;
const seed = Number(process.env['LATCHKEY_SEED'] ?? 20_261_124);

const types = (name: string) => worldTypes.find((type) => type.name === name);

/** A database that is asked, and a connection of its own to it. */
interface Side {
  readonly database: UnitOfWork;
  readonly select: Projection;
  query(sql: Sql): Promise<readonly { readonly rows: string }[]>;
  close(): Promise<void>;
}

async function onSqlite(): Promise<Side> {
  const file = join(temporaryFolder(), 'latchkey.db');
  const database = await openDatabase({ file });
  const reader = await openSource({ file, busyTimeout: 1_000, readOnly: true });
  const close = async () => {
    await reader.destroy();
    await database.close();
  };
  const query = ({ text, parameters }: Sql) => reader.query(text, [...parameters]) as Promise<{ rows: string }[]>;
  return { database, select: createProjection(hostTypes), query, close };
}

async function onPostgres(url: string): Promise<Side> {
  const database = await openDatabase({ url });
  const pool = openPool({ url, most: 1, lockTimeout: 1_000 });
  const { query } = queriesOf(pool);
  const close = async () => {
    await pool.end();
    await database.close();
  };
  const select = createProjection(hostTypes, postgresDialect);
  return { database, select, query: ({ text, parameters }) => query(text, parameters), close };
}

interface Try {
  readonly type: TypeDescriptor;
  readonly json: unknown;
  readonly constraint: Constraint;
  readonly user: UserIdentity;
}

/** Constraints within the grammar, and the users that they are asked for. */
function* triesFrom(world: Snapshot, draw: ReturnType<typeof drawFrom>): Generator<Try> {
  const weighted = worldTypes.flatMap((type) => (type.name === 'extras.secret' ? [type, type, type] : [type]));
  for (;;) {
    const type = pick(draw, weighted);
    const json = constraintOn(type, draw, world, types);
    const someone = pick(draw, world.of(types('users.user') as TypeDescriptor));
    const user =
      draw(8) === 0 ? { id: undefined, name: 'system' } : { id: someone.id, name: String(someone['username']) };
    const parsed = parseConstraints(json, type, types);
    if ('constraint' in parsed && parsed.constraint) yield { type, json, constraint: parsed.constraint, user };
  }
}

async function inMemory(world: Snapshot, { type, constraint, user }: Try): Promise<string[]> {
  const predicate = compilePredicate(constraint, type, types);
  const meets = async (row: AnyRow) => {
    const related = await loadRelated(world.rows, { type, row, paths: predicate.relations });
    return predicate.matches(row, matchContext(user), related);
  };
  const met: string[] = [];
  for (const row of world.of(type)) if (await meets(row)) met.push(row.id);
  return met.toSorted();
}

async function inSql(side: Side, { type, constraint, user }: Try) {
  const { database, select } = side;
  const scope = { kind: 'constraint', constraint, user } as const;
  const query = { scope, limit: 1_000, offset: 0 };
  const { count, rows } = await database.rows.list(type, query);
  const met = idsOf(rows as unknown as AnyRow[]);
  // Where SQL cannot tell by itself, a list takes no other form.
  return { met, count, rowByRow: select.count(type, query) ? await askedRowByRow(side, type, query) : met };
}

const idsOf = (rows: readonly AnyRow[]) => rows.map(({ id }) => id).toSorted();

/** The form of the SQL that only lists of many rows take. */
async function askedRowByRow({ select, query: ask }: Side, type: TypeDescriptor, query: ListQuery): Promise<string[]> {
  const [page] = await ask(select.rows(type, query, 'probes'));
  return idsOf(JSON.parse(page?.rows ?? '[]') as AnyRow[]);
}

/** Tries constraints in memory and on each side, which have the same rows; gives how many pairs of both were tried. */
async function pairsThatAgree(world: Snapshot, sides: readonly Side[]): Promise<number> {
  const source = triesFrom(world, drawFrom(seed));
  const told: Record<string, { met: number; failed: number }> = {};
  let pairs = 0;
  for (let i = 0; i < tries; i += 1) {
    const one = source.next().value as Try;
    const met = await inMemory(world, one);
    const about = { json: one.json, user: one.user };
    const expected = { met, rowByRow: met, count: met.length };
    for (const side of sides) expect({ ...about, ...(await inSql(side, one)) }).toEqual({ ...about, ...expected });
    pairs += world.of(one.type).length;
    const failed = world.of(one.type).length - met.length;
    for (const lookup of new Set(JSON.stringify(one.constraint).match(/(?<="lookup":")\w+/g))) {
      const sum = (told[lookup] ??= { met: 0, failed: 0 });
      sum.met += met.length;
      sum.failed += failed;
    }
  }
  // Agreement says something only where every lookup has both let through and kept out.
  expect(Object.keys(told).toSorted()).toEqual(Object.keys(lookups).toSorted());
  for (const { met, failed } of Object.values(told)) expect(Math.min(met, failed)).toBeGreaterThan(tries / 100);
  return pairs;
}

/** What stands in the text of statements that is no name of their own. */
function strangeWords(world: Snapshot, select: Projection): unknown[] {
  const found: unknown[] = [];
  const source = triesFrom(world, drawFrom(seed + 1));
  for (let i = 0; i < 500; i += 1) {
    const { type, constraint, user, json } = source.next().value as Try;
    const query = { scope: { kind: 'constraint', constraint, user }, limit: 50, offset: 0 } as const;
    for (const { text } of [select.candidates(type, query), select.rows(type, query, 'probes')]) {
      // Before it stands what makes JSON of a row, the same for every query.
      const asked = text.slice(text.indexOf('FROM (SELECT * '));
      const faults = sqlFaults(asked);
      if (faults.length > 0) found.push({ json, text, faults });
    }
  }
  return found;
}

describe('in a file, which holds any text', () => {
  let sqlite: Side;
  let world: Snapshot;
  beforeAll(async () => {
    sqlite = await onSqlite();
    await fillWorld(sqlite.database, drawFrom(seed));
    world = await snapshotOf(sqlite.database);
  });
  afterAll(async () => {
    await sqlite.close();
    removeTemporaryFolders();
  });

  test(
    `memory and SQL agree on ${tries} constraints, each on every row of its type`,
    async () => {
      expect(await pairsThatAgree(world, [sqlite])).toBeGreaterThan(tries);
    },
    patience,
  );

  test('the SQL of a constraint holds names of its own, and nothing of what was given', () => {
    expect(strangeWords(world, sqlite.select)).toEqual([]);
  });
});

describePostgres('on both engines', () => {
  let postgres: Postgres;
  let sides: readonly [Side, Side];
  let world: Snapshot;
  beforeAll(async () => {
    postgres = await startPostgres();
    sides = [await onSqlite(), await onPostgres(await postgres.newDatabase())];
    await fillWorld(sides[0].database, drawFrom(seed), { held: true });
    world = await snapshotOf(sides[0].database);
    await copyWorld(world, sides[1].database);
  }, 60_000);
  afterAll(async () => {
    for (const side of sides) await side.close();
    await postgres.stop();
    removeTemporaryFolders();
  });

  test('the rows are the same, whatever they hold', async () => {
    const copied = await snapshotOf(sides[1].database);
    for (const type of worldTypes) expect(copied.of(type)).toEqual(world.of(type));
  });

  test(
    `memory, SQLite and PostgreSQL agree on ${tries} constraints, each on every row of its type`,
    async () => {
      expect(await pairsThatAgree(world, sides)).toBeGreaterThan(tries);
    },
    patience,
  );

  test('the SQL of a constraint holds names of its own, and nothing of what was given', () => {
    expect(strangeWords(world, sides[1].select)).toEqual([]);
  });
});
