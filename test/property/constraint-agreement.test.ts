import { join } from 'node:path';
import type { DataSource } from 'typeorm';
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
import { createProjection } from '../../host/src/persistence/projection';
import { openSource } from '../../host/src/persistence/source';
import { fillWorld, snapshotOf, worldTypes, type Snapshot } from '../support/constraint-world';
import { drawFrom, pick } from '../support/random-constraints';
import { sqlFaults } from '../support/sql-vocabulary';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { constraintOn } from '../support/world-constraints';

/** How many constraints are tried, each on every row of its type; `npm run bench` asks for more. */
const tries = Number(process.env['LATCHKEY_CONSTRAINTS'] ?? 1_000);
const seed = Number(process.env['LATCHKEY_SEED'] ?? 20_261_124);

const select = createProjection(hostTypes);
const types = (name: string) => worldTypes.find((type) => type.name === name);

let database: UnitOfWork;
let reader: DataSource;
let world: Snapshot;
beforeAll(async () => {
  const file = join(temporaryFolder(), 'latchkey.db');
  database = await openDatabase({ file });
  reader = await openSource({ file, busyTimeout: 1_000, readOnly: true });
  await fillWorld(database, drawFrom(seed));
  world = await snapshotOf(database);
});
afterAll(async () => {
  await reader.destroy();
  await database.close();
  removeTemporaryFolders();
});

interface Try {
  readonly type: TypeDescriptor;
  readonly json: unknown;
  readonly constraint: Constraint;
  readonly user: UserIdentity;
}

/** Constraints within the grammar, and the users that they are asked for. */
function* triesFrom(draw: ReturnType<typeof drawFrom>): Generator<Try> {
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

async function inMemory({ type, constraint, user }: Try): Promise<string[]> {
  const predicate = compilePredicate(constraint, type, types);
  const meets = async (row: AnyRow) => {
    const related = await loadRelated(world.rows, { type, row, paths: predicate.relations });
    return predicate.matches(row, matchContext(user), related);
  };
  const met: string[] = [];
  for (const row of world.of(type)) if (await meets(row)) met.push(row.id);
  return met.toSorted();
}

async function inSql({ type, constraint, user }: Try) {
  const scope = { kind: 'constraint', constraint, user } as const;
  const query = { scope, limit: 1_000, offset: 0 };
  const { count, rows } = await database.rows.list(type, query);
  const ids = idsOf(rows as unknown as AnyRow[]);
  // Where SQL cannot tell by itself, a list takes no other form.
  return { ids, count, rowByRow: select.count(type, query) ? await askedRowByRow(type, query) : ids };
}

const idsOf = (rows: readonly AnyRow[]) => rows.map(({ id }) => id).toSorted();

/** The form of the SQL that only lists of many rows take. */
async function askedRowByRow(type: TypeDescriptor, query: ListQuery): Promise<string[]> {
  const { text, parameters } = select.rows(type, query, 'probes');
  const [page] = (await reader.query(text, [...parameters])) as [{ rows: string }];
  return idsOf(JSON.parse(page.rows) as AnyRow[]);
}

test(`memory and SQL agree on ${tries} constraints, each on every row of its type`, async () => {
  const draw = drawFrom(seed);
  const source = triesFrom(draw);
  const told: Record<string, { met: number; failed: number }> = {};
  let pairs = 0;
  for (let i = 0; i < tries; i += 1) {
    const one = source.next().value as Try;
    const expected = await inMemory(one);
    const { ids: met, ...more } = await inSql(one);
    const about = { json: one.json, user: one.user };
    expect({ ...about, met, ...more }).toEqual({ ...about, met: expected, rowByRow: expected, count: expected.length });
    pairs += world.of(one.type).length;
    const failed = world.of(one.type).length - met.length;
    for (const lookup of new Set(JSON.stringify(one.constraint).match(/(?<="lookup":")\w+/g))) {
      const sum = (told[lookup] ??= { met: 0, failed: 0 });
      sum.met += met.length;
      sum.failed += failed;
    }
  }
  expect(pairs).toBeGreaterThan(tries);
  // Agreement says something only where every lookup has both let through and kept out.
  expect(Object.keys(told).toSorted()).toEqual(Object.keys(lookups).toSorted());
  for (const { met, failed } of Object.values(told)) expect(Math.min(met, failed)).toBeGreaterThan(tries / 100);
}, 300_000);

test('the SQL of a constraint holds names of its own, and nothing of what was given', () => {
  const source = triesFrom(drawFrom(seed + 1));
  for (let i = 0; i < 500; i += 1) {
    const { type, constraint, user, json } = source.next().value as Try;
    const query = { scope: { kind: 'constraint', constraint, user }, limit: 50, offset: 0 } as const;
    for (const { text } of [select.candidates(type, query), select.rows(type, query, 'probes')]) {
      // Before it stands what makes JSON of a row, the same for every query.
      const asked = text.slice(text.indexOf('FROM (SELECT * '));
      expect({ json, text, faults: sqlFaults(asked) }).toEqual({ json, text, faults: [] });
    }
  }
});
