import { describeEngines } from '../../../test/support/engines';
import { openAsking, type Asking } from '../../../test/support/asking';
import { tagType } from '../domain/annotations';
import type { Filter, ListQuery, Rows } from '../domain/ports';
import { secretType } from '../domain/secrets';
import { hostTypes } from '../domain/types';
import { createCounts } from './counts';
import { openDatabase } from './open-database';
import { postgresDialect } from './postgres/dialect';
import { createProjection, type Sql } from './projection';
import { rowsOf } from './rows';
import { sqliteDialect } from './sqlite-dialect';

const time = '2026-11-24T21:27:15.123Z';
const many = 12_000;
const everything: ListQuery = { scope: { kind: 'all' }, limit: 50, offset: 0 };

/** What the engines say differently: of statements, and of the plans for them. */
const words = {
  SQLite: {
    dialect: sqliteDialect,
    padded: `printf('%05d', "i")`,
    json: '',
    explain: 'EXPLAIN QUERY PLAN',
    step: ({ detail }: Step) => detail,
    sorts: 'USE TEMP B-TREE FOR ORDER BY',
    byName: 'USING INDEX sqlite_autoindex_secrets_3',
    one: 'SEARCH secrets USING INDEX',
    count: 'USING COVERING INDEX',
  },
  PostgreSQL: {
    dialect: postgresDialect,
    padded: `lpad("i"::text, 5, '0')`,
    json: '::json',
    explain: 'EXPLAIN',
    step: (row: Step) => row['QUERY PLAN'],
    // What is sorted otherwise are the rows of the page, or those of one name by their ids.
    sorts: 'Seq Scan on secrets ',
    byName: 'Index Scan using uq_secrets_name',
    one: 'Index Scan using',
    count: 'Index Only Scan',
  },
} as const;
type Step = Readonly<Record<string, string>>;

describeEngines('lists of a large table', ({ name: engine, newDatabase }) => {
  const { dialect, padded, json, explain, step, sorts, byName, one, count: counts } = words[engine];
  const select = createProjection(hostTypes, dialect);
  let source: Asking;
  beforeAll(async () => {
    const place = await newDatabase();
    await (await openDatabase(place)).close();
    source = await openAsking(place);
    await source.query(
      `WITH RECURSIVE "n"("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${many})
      INSERT INTO "secrets" ("id", "number", "created", "last_updated", "name", "name_folded", "slug", "description",
        "provider", "provider_folded", "parameters")
      SELECT "i", "i", '${time}', '${time}', 's ' || ${padded}, 's ' || ${padded}, "i", '',
        CASE "i" % 2 WHEN 0 THEN 'vault' ELSE 'text-file' END, CASE "i" % 2 WHEN 0 THEN 'vault' ELSE 'text-file' END,
        ('{"path":"/' || ("i" % 3) || '"}')${json} FROM "n"`,
    );
    await source.query(
      `INSERT INTO "secrets_parameters_leaves" ("owner_id", "path", "kind", "text", "folded", "number")
      SELECT "id", '["path"]', 'text', '/' || ("number" % 3), '/' || ("number" % 3), NULL FROM "secrets"`,
    );
    if (engine === 'PostgreSQL') await source.query('VACUUM ANALYZE');
  }, 60_000);
  afterAll(() => source.close());

  let version = 1;
  let asked: string[];
  let rows: Rows;
  beforeEach(() => {
    asked = [];
    const query = <T>(text: string, parameters: readonly unknown[] = []) => {
      asked.push(text);
      return source.query<T>(text, parameters);
    };
    rows = rowsOf(
      { query },
      select,
      createCounts(async () => version),
    );
  });
  const list = async (query: Partial<ListQuery>) => {
    const { count, rows: found } = await rows.list(secretType, { ...everything, ...query });
    return [count, found.length, found[0]?.name];
  };
  const counting = () => asked.filter((text) => text.includes('count(*)')).length;

  test('a large table is counted once for a version, whatever page of it is asked for', async () => {
    expect(await list({})).toEqual([many, 50, 's 00001']);
    expect(await list({ offset: 50 })).toEqual([many, 50, 's 00051']);
    expect(counting()).toBe(1);
    version += 1;
    expect(await list({})).toEqual([many, 50, 's 00001']);
    expect(counting()).toBe(2);
  });

  test('a small table is counted with its page, in one statement', async () => {
    await rows.list(tagType, everything);
    asked = [];
    expect(await rows.list(tagType, everything)).toEqual({ count: 0, rows: [] });
    expect(asked).toHaveLength(1);
  });

  describe('an estimate', () => {
    const estimate = { count: 'estimate' } as const;

    test('stops past 10,000, and is past the page exactly where there is more', async () => {
      expect(await list(estimate)).toEqual([10_001, 50, 's 00001']);
      expect(await list({ ...estimate, offset: 11_000 })).toEqual([11_051, 50, 's 11001']);
      expect(await list({ ...estimate, offset: 11_950 })).toEqual([many, 50, 's 11951']);
      expect(await list({ ...estimate, offset: 11_990 })).toEqual([many, 10, 's 11991']);
      expect(await list({ ...estimate, offset: 13_000 })).toEqual([10_001, 0, undefined]);
    });

    test('is exact where few rows match', async () => {
      const filters: Filter[] = [{ field: 'name', lookup: 'istartswith', values: ['s 000'] }];
      expect(await list({ ...estimate, filters })).toEqual([99, 50, 's 00001']);
      expect(await list({ ...estimate, filters: [{ field: 'name', values: ['nobody'] }] })).toEqual([0, 0, undefined]);
    });

    test('takes the count of lately, and counts nothing', async () => {
      await list({});
      version += 1;
      const before = counting();
      expect(await list(estimate)).toEqual([many, 50, 's 00001']);
      expect(counting()).toBe(before);
    });
  });

  describe('filters that many rows meet', () => {
    const wide: Filter[][] = [
      [{ field: 'provider', values: ['vault'] }],
      [{ field: 'provider', lookup: 'istartswith', values: ['V'] }],
      [{ field: 'parameters', keys: ['path'], values: ['/1', '/2'] }],
      [{ field: 'parameters', keys: ['path'], values: ['/1'], negated: true }],
    ];

    test.each(wide)('%j gives the same page by a walk along the order as by an index', async (...filters) => {
      const page = async (form: 'sets' | 'probes') => {
        const { text, parameters } = select.rows(secretType, { ...everything, filters, offset: 7 }, form);
        return source.query(text, parameters);
      };
      expect(await page('probes')).toEqual(await page('sets'));
      const first = await list({ filters });
      expect(first[1]).toBe(50);
      expect(await list({ filters, count: 'estimate' })).toEqual(first);
    });

    test.each(wide)('%j is answered in the order of an index, and nothing is sorted', async (...filters) => {
      await list({ filters });
      const plan = await planOf(select.rows(secretType, { ...everything, filters }, 'probes'));
      expect(asked.at(-1)).toBe(select.rows(secretType, { ...everything, filters }, 'probes').text);
      expect(plan).toContain(byName);
      expect(plan).not.toContain(sorts);
    });
  });

  test.each([
    ['the name', 's 1', 's 10000', 'gathered'],
    ['the name, though nearly all have it', 's', 's 00001', 'probes'],
  ] as const)('rows found by %s, which they are ordered by, are not walked to', async (_what, prefix, name, form) => {
    const filters: Filter[] = [{ field: 'name', lookup: 'istartswith', values: [prefix] }];
    for (const count of ['exact', 'estimate'] as const) {
      expect((await list({ filters, count }))[2]).toBe(name);
      const limit = count === 'exact' ? 50 : 51;
      expect(asked.at(-1)).toBe(select.rows(secretType, { ...everything, filters, limit }, form).text);
    }
  });

  test('rows found by what they are ordered by come from its index, and no walk along the order passes others', async () => {
    const filters: Filter[] = [{ field: 'name', lookup: 'istartswith', values: ['s 1'] }];
    const plan = await planOf(select.rows(secretType, { ...everything, filters }, 'gathered'));
    expect(plan).toContain('ix_secrets_name_folded');
    expect(plan).not.toContain(byName);
  });

  test.each([
    ['the first page', () => select.rows(secretType, everything, 'sets'), byName],
    ['one by its id', () => select.one(secretType, { id: '1' }), one],
    ['one by its name', () => select.one(secretType, { name: 'a' }), one],
    ['the count of all', () => select.count(secretType, everything) as Sql, counts],
  ])('%s needs an index alone', async (_what, statement, way) => {
    const plan = await planOf(statement());
    expect(plan).toContain(way);
    expect(plan).not.toContain(sorts);
  });

  async function planOf({ text, parameters }: Sql): Promise<string> {
    return (await source.query<Step>(`${explain} ${text}`, parameters)).map(step).join('\n');
  }
});
