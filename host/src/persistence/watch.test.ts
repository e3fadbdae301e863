import { describeEngines } from '../../../test/support/engines';
import { describePostgres, query, startPostgres } from '../../../test/support/postgres';
import { settingType } from '../domain/access';
import { openDatabase, type Place } from './open-database';
import { listen } from './postgres/listen';

const change = async (place: Place, id: string): Promise<void> => {
  const other = await openDatabase(place);
  await other.run((transaction) => transaction.insert(settingType, { id, name: id, value: '' }));
  await other.close();
};

describeEngines('who watches a database', (engine) => {
  test('is told of what another has changed', async () => {
    const place = await engine.newDatabase();
    const database = await openDatabase(place);
    const before = await database.version();
    const told: (() => void)[] = [];
    const watching = database.watch?.(() => told.splice(0).forEach((call) => call()));
    await change(place, 'a');
    while ((await database.version()) === before) await new Promise<void>((resolve) => told.push(resolve));
    // Told once more, since each second is a chance that something was missed.
    await new Promise<void>((resolve) => told.push(resolve));
    await watching?.stop();
    expect(await database.version()).toBeGreaterThan(before);
    await database.close();
  }, 20_000);
});

describePostgres('who listens to PostgreSQL', () => {
  test('is told of each change, also after the connection was lost', async () => {
    const postgres = await startPostgres();
    const url = await postgres.newDatabase();
    await (await openDatabase({ url })).close();
    const told: (() => void)[] = [];
    const next = () => new Promise<void>((resolve) => told.push(resolve));
    const begun = next();
    const listening = listen(url, () => told.shift()?.());
    await begun;
    const first = next();
    await change({ url }, 'a');
    await first;
    const again = next();
    await query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`);
    await again;
    const second = next();
    await change({ url }, 'b');
    await second;
    await listening.stop();
    await expect(query(url, `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`)).resolves.toEqual([]);
    await postgres.stop();
  }, 30_000);
});
