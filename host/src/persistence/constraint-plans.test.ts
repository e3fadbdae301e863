import { openAsking, type Asking } from '../../../test/support/asking';
import { describeEngines } from '../../../test/support/engines';
import type { ListQuery } from '../domain/ports';
import { secretType } from '../domain/secrets';
import { hostTypes } from '../domain/types';
import { parseConstraints } from '../permissions/constraints/parse';
import { openDatabase } from './open-database';
import { postgresDialect } from './postgres/dialect';
import { createProjection, type Sql } from './projection';
import { sqliteDialect } from './sqlite-dialect';

function scoped(json: unknown): ListQuery {
  const parsed = parseConstraints(json, secretType, (name) => hostTypes.targets.get(name));
  if ('faults' in parsed || !parsed.constraint) throw new Error(JSON.stringify(parsed));
  const user = { id: undefined, name: 'nobody' };
  return { scope: { kind: 'constraint', constraint: parsed.constraint, user }, limit: 50, offset: 0 };
}

const ways = [
  {
    json: { parameters__path__startswith: '/opt/' },
    SQLite: 'ix_secrets_parameters_leaves_text (path=? AND text>? AND text<?)',
    PostgreSQL: 'ix_secrets_parameters_leaves_text',
  },
  {
    json: { parameters__path__istartswith: '/opt/' },
    SQLite: 'ix_secrets_parameters_leaves_folded (path=? AND folded>? AND folded<?)',
    PostgreSQL: 'ix_secrets_parameters_leaves_folded',
  },
  {
    json: { parameters__path: '/opt' },
    SQLite: 'ix_secrets_parameters_leaves_text (path=? AND text=?)',
    PostgreSQL: 'ix_secrets_parameters_leaves_text',
  },
  { json: { provider: 'vault' }, SQLite: 'ix_secrets_provider (provider=?)', PostgreSQL: 'ix_secrets_provider' },
  {
    json: { name__istartswith: 'a' },
    SQLite: 'ix_secrets_name_folded (name_folded>? AND name_folded<?)',
    PostgreSQL: 'ix_secrets_name_folded',
  },
  {
    json: { provider: 'vault', parameters__path__startswith: '/opt/' },
    SQLite: 'secrets_1 (id=?)',
    PostgreSQL: 'ix_secrets_parameters_leaves_text',
  },
  {
    json: { secrets_groups__name: 'a' },
    SQLite: 'sqlite_autoindex_secrets_groups_3 (name=?)',
    PostgreSQL: 'uq_secrets_groups_name',
  },
] as const;

describeEngines('the plan for a scope', ({ name: engine, newDatabase }) => {
  const isPostgres = engine === 'PostgreSQL';
  const select = createProjection(hostTypes, isPostgres ? postgresDialect : sqliteDialect);
  let source: Asking;
  beforeAll(async () => {
    const place = await newDatabase();
    await (await openDatabase(place)).close();
    source = await openAsking(place);
    // Empty tables are read whole by a planner that counts rows; which indexes there are to use is what is asked here.
    for (const way of isPostgres ? ['seqscan', 'sort'] : []) await source.query(`SET enable_${way} = off`);
  }, 60_000);
  afterAll(() => source.close());

  const planOf = async ({ text, parameters }: Sql) => {
    const explain = isPostgres ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
    const steps = await source.query<Readonly<Record<string, string>>>(`${explain} ${text}`, parameters);
    return steps.map((step) => step['detail'] ?? step['QUERY PLAN']).join('\n');
  };

  test.each(ways)('finds $json by an index, alone and as one of ten', async ({ json, [engine]: index }) => {
    const [alone, ten] = [json, Array.from({ length: 10 }, () => json)].map(scoped);
    for (const query of [alone, ten] as ListQuery[]) {
      const plan = await planOf(select.count(secretType, query) as Sql);
      expect(plan).toContain(index);
      expect(plan).not.toMatch(/SCAN secrets(?!_)/);
    }
  });

  test('walks along the order of the list where the scope is wide', async () => {
    const query = scoped([{ provider: 'vault' }, { parameters__path__startswith: '/' }]);
    const plan = await planOf(select.rows(secretType, query, 'probes'));
    expect(plan).toMatch(isPostgres ? /Scan using uq_secrets_name on secrets/ : /SCAN secrets USING INDEX \w+_3/);
    expect(plan).not.toContain('USE TEMP B-TREE FOR ORDER BY');
  });
});
