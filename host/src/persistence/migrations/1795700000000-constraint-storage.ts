import type { MigrationInterface, QueryRunner } from 'typeorm';

import { fold } from '../../domain/fold';
import { leavesOf } from '../json-leaves';

const folded: readonly (readonly [table: string, lengths: Readonly<Record<string, number>>])[] = [
  ['users', { first_name: 150, last_name: 150, email: 254 }],
  ['users_tokens', { description: 255 }],
  ['users_permissions', { description: 255 }],
  ['secrets', { slug: 255, description: 255, provider: 255 }],
  ['secrets_groups', { slug: 255, description: 255 }],
  ['secrets_groups_associations', { access_type: 32, secret_type: 32 }],
  ['inventory_objects', { object_type: 100, slug: 255 }],
];
const json = [
  ['secrets', 'parameters'],
  ['inventory_objects', 'attributes'],
] as const;
const indexed = [
  ['users_groups', 'name_folded'],
  ['users', 'username_folded'],
  ['users_permissions', 'name_folded'],
  ['secrets', 'provider'],
  ['secrets', 'name_folded'],
  ['secrets_groups', 'name_folded'],
  ['inventory_objects', 'name_folded'],
] as const;

const leaves = (table: string, owner: string): [string, ...string[]] => [
  `CREATE TABLE "${table}" (
  "owner_id" varchar(36) NOT NULL,
  "path" varchar NOT NULL,
  "kind" varchar(8) NOT NULL,
  "text" varchar,
  "folded" varchar,
  "number" double,
  CONSTRAINT "fk_${table}_owner_id" FOREIGN KEY ("owner_id") REFERENCES "${owner}" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("owner_id", "path"))`,
  `CREATE INDEX "ix_${table}_text" ON "${table}" ("path", "text", "owner_id")`,
  `CREATE INDEX "ix_${table}_folded" ON "${table}" ("path", "folded", "owner_id")`,
];

const batch = 500;

type Row = Readonly<Record<string, string | null>> & { readonly id: string };
type Cells = readonly (string | number | null)[];

/** Gives the rows of a table, by id, a batch at a time. */
async function* batchesOf(runner: QueryRunner, table: string, columns: readonly string[]): AsyncGenerator<Row[]> {
  const named = ['id', ...columns].map((column) => `"${column}"`).join(', ');
  const select = `SELECT ${named} FROM "${table}" WHERE "id" > ? ORDER BY "id" LIMIT ${batch}`;
  for (let last = ''; ;) {
    const rows: Row[] = await runner.query(select, [last]);
    if (rows.length > 0) yield rows;
    if (rows.length < batch) return;
    last = rows.at(-1)?.id ?? '';
  }
}

const valuesOf = (rows: readonly Cells[]): string => {
  const places = `(${(rows[0] ?? []).map(() => '?').join(', ')})`;
  return `VALUES ${rows.map(() => places).join(', ')}`;
};

async function foldTexts(runner: QueryRunner, table: string, columns: readonly string[]): Promise<void> {
  const changes = columns.map((column) => `"${column}_folded" = "given"."${column}"`).join(', ');
  const names = ['id', ...columns].map((column) => `"${column}"`).join(', ');
  const inFoldedCase = (text: string | null | undefined) => (typeof text === 'string' ? fold(text) : null);
  for await (const rows of batchesOf(runner, table, columns)) {
    const cells = rows.map((row) => [row.id, ...columns.map((column) => inFoldedCase(row[column]))]);
    await runner.query(
      `WITH "given" (${names}) AS (${valuesOf(cells)})
        UPDATE "${table}" SET ${changes} FROM "given" WHERE "${table}"."id" = "given"."id"`,
      cells.flat(),
    );
  }
}

async function keepLeaves(runner: QueryRunner, owner: string, column: string, table: string): Promise<void> {
  const insert = `INSERT INTO "${table}" ("owner_id", "path", "kind", "text", "folded", "number")`;
  for await (const rows of batchesOf(runner, owner, [column])) {
    const cells = rows.flatMap((row) =>
      leavesOf(JSON.parse(row[column] ?? 'null')).map((leaf): Cells => {
        return [row.id, leaf.path, leaf.kind, leaf.text, leaf.folded, leaf.number];
      }),
    );
    for (let i = 0; i < cells.length; i += batch) {
      const some = cells.slice(i, i + batch);
      await runner.query(`${insert} ${valuesOf(some)}`, some.flat());
    }
  }
}

/** What constraints rest on: texts in folded case, the leaves of JSON by their type, and indexes. */
export class ConstraintStorage1795700000000 implements MigrationInterface {
  readonly name = 'ConstraintStorage1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, lengths] of folded) {
      // Folding may lengthen a text, at most threefold.
      for (const [column, length] of Object.entries(lengths))
        await runner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}_folded" varchar(${3 * length})`);
      await foldTexts(runner, table, Object.keys(lengths));
    }
    // Indexes follow the rows, since one that is filled at once is made faster than one that grows.
    for (const [owner, column] of json) {
      const table = `${owner}_${column}_leaves`;
      const [create, ...indexes] = leaves(table, owner);
      await runner.query(create);
      await keepLeaves(runner, owner, column, table);
      for (const statement of indexes) await runner.query(statement);
    }
    for (const [table, column] of indexed)
      await runner.query(`CREATE INDEX "ix_${table}_${column}" ON "${table}" ("${column}")`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
