import { tellingEntry } from '../../../test/support/access-entries';
import { describeEngines } from '../../../test/support/engines';
import { accessEntryType, type NewAccessEntry } from '../domain/audit';
import { openAccessLog } from './open-access-log';
import type { Place } from './open-database';

const everything = { scope: { kind: 'all' }, limit: 20_000, offset: 0 } as const;
const entry: NewAccessEntry = { ...tellingEntry, duration_us: 2 ** 40 };

describeEngines('the record of reads', (engine) => {
  let place: Place;
  let log: Awaited<ReturnType<typeof openAccessLog>>;
  beforeEach(async () => {
    place = await engine.newPlace();
    log = await openAccessLog({ ...place, version: async () => 7 });
  });
  afterEach(() => log.close());
  const rows = async () => (await log.rows.list(accessEntryType, everything)).rows;

  test('gives an entry back as it was given, with an id and a number, and the version of after', async () => {
    await expect(log.append(entry)).resolves.toBe(7);
    const [found] = await rows();
    expect(found).toEqual({ ...entry, id: expect.stringMatching(/^[0-9a-f-]{36}$/), number: 1 });
    await expect(log.rows.get(accessEntryType, { id: found?.id ?? '' })).resolves.toEqual(found);
  });

  test('64 callers with 5,000 entries take at most 500 commits, and every entry is there', async () => {
    let next = 0;
    const call = async () => {
      while (next < 5_000) await log.append({ ...entry, request_id: String(next++) });
    };
    await Promise.all(Array.from({ length: 64 }, call));
    expect(log.stats()).toMatchObject({ entries: 5_000, failures: 0 });
    expect(log.stats().commits).toBeLessThanOrEqual(500);
    const kept = await rows();
    expect(kept.map(({ number }) => number)).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1));
    expect(new Set(kept.map(({ request_id }) => request_id)).size).toBe(5_000);
  }, 60_000);

  test('no name, however long and whatever is in it, is a reason to refuse a read, or those of others', async () => {
    const names = ['x'.repeat(10_000), 'a\0b', 'half \ud800 a pair', '\udc00', 'é'];
    await Promise.all(names.map((object) => log.append({ ...entry, object })));
    const kept = (await rows()).map(({ object }) => object);
    expect([kept.length, kept[0], kept[4]]).toEqual([5, names[0], 'é']);
    expect(kept[1]).toBe(engine.name === 'PostgreSQL' ? 'a\ufffdb' : 'a\0b');
    expect(kept[2]).toMatch(/^half \ufffd+ a pair$/);
  });

  test('a second host adds to the same record', async () => {
    const other = await openAccessLog({ ...place, version: async () => 8 });
    expect(await Promise.all([log.append(entry), other.append({ ...entry, user: 'ann' })])).toEqual([7, 8]);
    await other.close();
    expect((await rows()).map(({ user }) => user).toSorted()).toEqual(['admin', 'ann']);
  });

  test('filters on its own columns', async () => {
    for (const user of ['ann', 'Bob', 'bob']) await log.append({ ...entry, user });
    const list = async (lookup: 'exact' | 'iexact', values: string[]) => {
      const filters = [{ field: 'user', lookup, values }];
      return (await log.rows.list(accessEntryType, { ...everything, filters })).rows.map(({ user }) => user);
    };
    expect(await list('exact', ['bob', 'ann'])).toEqual(['ann', 'bob']);
    expect(await list('iexact', ['BOB'])).toEqual(['Bob', 'bob']);
  });
});
