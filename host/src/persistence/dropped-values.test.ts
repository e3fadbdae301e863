import { describeEngines } from '../../../test/support/engines';
import type { Filter, UnitOfWork } from '../domain/ports';
import { secretType } from '../domain/secrets';
import { openDatabase } from './open-database';

describeEngines('a list', (engine) => {
  let database: UnitOfWork;
  beforeAll(async () => {
    database = await openDatabase(await engine.newDatabase());
  });
  afterAll(() => database.close());

  // Engines refuse values that have no place in their statement.
  test.each<[string, Filter[]]>([
    [
      'nothing can meet',
      [
        { field: 'provider', values: ['x'] },
        { field: 'name', values: [] },
      ],
    ],
    ['only memory can tell', [{ field: 'parameters', keys: ['a'], values: ['x'], lookup: 'regex', negated: true }]],
    ['only memory can tell of all', [{ field: 'name', values: ['x', 'y'], lookup: 'iregex', negated: true }]],
  ])('whose conditions hold what %s is answered', async (_, filters) => {
    const query = { scope: { kind: 'all' }, filters, limit: 5, offset: 0 } as const;
    await expect(database.rows.list(secretType, query)).resolves.toEqual({ count: 0, rows: [] });
  });

  test.each(['a\0b', 'half \ud800 a pair'])('asked for a text that no engine must hold, %j, has none', async (text) => {
    const filters = [{ field: 'name', values: [text, 'x'] }];
    const query = { scope: { kind: 'all' }, filters, search: text, limit: 5, offset: 0 } as const;
    await expect(database.rows.list(secretType, query)).resolves.toEqual({ count: 0, rows: [] });
    await expect(database.rows.get(secretType, { name: text })).resolves.toBeUndefined();
  });
});
