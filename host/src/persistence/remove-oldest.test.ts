import { join } from 'node:path';
import { entryAt } from '../../../test/support/access-entries';
import { describeEngines } from '../../../test/support/engines';
import { accessEntryType } from '../domain/audit';
import { openAccessLog, type OpenAccessLog } from './open-access-log';

const whole = { scope: { kind: 'all' }, limit: 1000, offset: 0 } as const;

describeEngines('removing old records', ({ newPlace }) => {
  let log: OpenAccessLog;
  beforeEach(async () => {
    const place = await newPlace();
    const records = place.url === undefined ? { file: join(place.file, '../records.db') } : place;
    log = await openAccessLog({ ...records, version: async () => 1 });
  });
  afterEach(() => log.close());

  const keep = (count: number, time: string) =>
    Promise.all(Array.from({ length: count }, () => log.append(entryAt(time))));
  const numbers = async () => (await log.rows.list(accessEntryType, whole)).rows.map(({ number }) => number);

  test('takes what is older, a few at a time, and leaves the rest', async () => {
    await keep(510, '2026-01-01T00:00:00.000Z');
    await keep(3, '2026-02-01T00:00:00.000Z');
    const before = '2026-02-01T00:00:00.000Z';
    expect([await log.removeOldest(before), await log.removeOldest(before), await log.removeOldest(before)]).toEqual([
      500, 10, 0,
    ]);
    expect(await numbers()).toEqual([511, 512, 513]);
  });

  test('the newest stays, so that no number is given twice', async () => {
    await keep(3, '2026-01-01T00:00:00.000Z');
    expect(await log.removeOldest('2027-01-01T00:00:00.000Z')).toBe(2);
    await keep(1, '2026-01-02T00:00:00.000Z');
    expect(await numbers()).toEqual([3, 4]);
  });
});
