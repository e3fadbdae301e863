import { copyDatabase } from '../../host/src/cli/copy';
import { readConfig } from '../../host/src/config';
import { openDatabase } from '../../host/src/persistence/open-database';
import { secretType } from '../../host/src/domain/secrets';
import { startHost } from '../support/host-process';
import { describePostgres, startPostgres, type Postgres } from '../support/postgres';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

describePostgres('an embedded database that moves to PostgreSQL', () => {
  const dataDir = temporaryFolder();
  let postgres: Postgres;
  let url: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.newDatabase();
    const host = await startHost({ dataDir, env: { GIT_TOKEN: 'a value' } });
    const parameters = { variable: 'GIT_TOKEN' };
    const secrets = [1, 2, 3].map((i) => ({ name: `Secret ${i}`, provider: 'environment-variable', parameters }));
    await host.rest('POST', '/api/extras/tags/', { body: { name: 'classic', content_types: ['extras.secret'] } });
    await host.rest('POST', '/api/extras/secrets/', { body: secrets.map((one) => ({ ...one, tags: ['classic'] })) });
    await host.rest('GET', '/api/extras/secrets/secret-1/check/');
    await host.stop();
  });
  afterAll(async () => {
    await postgres.stop();
    removeTemporaryFolders();
  });

  test('comes whole: counted, with ids, numbers and links, and hosts go on with the same key', async () => {
    const told: string[] = [];
    const config = readConfig({}, { data_dir: dataDir });
    const copied = await copyDatabase(config, url, (type, done) => void told.push(`${type} ${done}`));
    const counts = Object.fromEntries(copied.map(({ type, rows }) => [type, rows]));
    expect(counts).toMatchObject({ 'extras.secret': 3, 'extras.tag': 1, 'users.token': 1, 'audit.entry': 1 });
    expect(told).toContain('extras.secret 3');

    const [from, to] = [await openDatabase({ file: config.databaseFile }), await openDatabase({ url })];
    const all = { scope: { kind: 'all' }, limit: 10, offset: 0 } as const;
    expect((await to.rows.list(secretType, all)).rows).toEqual((await from.rows.list(secretType, all)).rows);
    await Promise.all([from.close(), to.close()]);

    const host = await startHost({ dataDir, env: { LATCHKEY_DATABASE_URL: url, GIT_TOKEN: 'a value' } });
    try {
      expect((await host.rest('GET', '/api/extras/secrets/?tags=classic')).body.count).toBe(3);
      expect((await host.rest('GET', '/api/extras/secrets/secret-1/check/')).body.result).toBe(true);
      const more = { name: 'Secret 4', provider: 'environment-variable', parameters: { variable: 'X' } };
      expect((await host.rest('POST', '/api/extras/secrets/', { body: more })).status).toBe(201);
    } finally {
      await host.stop();
    }
  });

  test('is refused where the target holds something, and while a host runs', async () => {
    const config = readConfig({}, { data_dir: dataDir });
    await expect(copyDatabase(config, url, () => {})).rejects.toThrow('holds a database of Latchkey already');
    const host = await startHost({ dataDir });
    try {
      await expect(copyDatabase(config, await postgres.newDatabase(), () => {})).rejects.toThrow('A host runs');
    } finally {
      await host.stop();
    }
  });
});
