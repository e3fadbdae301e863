import { describePostgres, query, startPostgres, type Postgres } from './postgres';

describePostgres('a private PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.stop());

  test('has databases of its own, and an order of texts that is not that of code points', async () => {
    const [one, two] = [await postgres.newDatabase(), await postgres.newDatabase()];
    await query(one, 'CREATE TABLE "t" ()');
    await expect(query(two, 'SELECT * FROM "t"')).rejects.toMatchObject({ code: '42P01' });
    await expect(query(one, `SELECT 'a' < 'B' AS "language"`)).resolves.toEqual([{ language: true }]);
  });

  test('is gone once it is halted, and back with what was committed once it is started', async () => {
    const url = await postgres.newDatabase();
    await query(url, 'CREATE TABLE "kept" AS SELECT 7 AS "number"');
    await postgres.halt();
    await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await postgres.start();
    await expect(query(url, 'SELECT * FROM "kept"')).resolves.toEqual([{ number: 7 }]);
  }, 30_000);
});
