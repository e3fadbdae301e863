import { join } from 'node:path';
import * as sqlite3 from 'sqlite3';
import { accessEntryType } from '../../host/src/domain/audit';
import type * as AccessLogFile from '../../host/src/persistence/open-access-log';
import { openAccessLog } from '../../host/src/persistence/open-access-log';
import { startHost, adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { createHost, type Host } from '../../host/src/compose';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(60_000);

type Log = Awaited<ReturnType<typeof openAccessLog>>;
let mockLog: Log | undefined;
jest.mock('../../host/src/persistence/open-access-log', () => {
  const actual = jest.requireActual<typeof AccessLogFile>('../../host/src/persistence/open-access-log');
  // The host's own log, held here as well, for its count of commits.
  return { openAccessLog: async (options: never) => (mockLog = await actual.openAccessLog(options)) };
});

let host: Host;
let rest: Rest;
let dataDir: string;
let secret: { id: string };

async function open(): Promise<void> {
  const config = localConfig();
  ({ dataDir } = config);
  host = await createHost(config);
  rest = restClient(await host.listen(), adminToken);
}

beforeEach(async () => {
  process.env.DURABLE_A = 'value-a';
  await open();
  const parameters = { variable: 'DURABLE_A' };
  secret = await create(rest, 'extras/secrets', { name: 'A', provider: 'environment-variable', parameters });
});
afterEach(async () => {
  await host.close();
  removeTemporaryFolders();
});

const recordsFile = () => join(dataDir, 'access-records.sqlite');

/** Runs SQL on the file of the records as another process would. */
function sql<Row>(text: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(recordsFile(), (failure) => failure && reject(failure));
    database.all(text, (failure, rows) => database.close(() => (failure ? reject(failure) : resolve(rows as Row[]))));
  });
}

test('64 callers read 10,000 times: every read is on record, in at most 1,000 commits', async () => {
  const admin = host.as('admin');
  const held = await admin.secrets.get({ name: 'A' });
  // The first read after a change of definitions decides twice, and is on record twice.
  await held.getValue();
  const before = mockLog?.stats() ?? { entries: 0, commits: 0, failures: 0 };
  let left = 10_000;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const value = await held.getValue();
      if (value.reveal() !== 'value-a') throw new Error('another value');
    }
  };
  await Promise.all(Array.from({ length: 64 }, caller));
  const after = mockLog?.stats() ?? before;
  expect(after.entries - before.entries).toBe(10_000);
  expect(after.failures).toBe(0);
  expect(after.commits - before.commits).toBeLessThanOrEqual(1000);
  const [row] = await sql<{ reads: number; ids: number }>(
    `SELECT count(*) AS reads, count(DISTINCT "id") AS ids FROM "access_entries" WHERE "outcome" = 'ok' AND "action" = 'use'`,
  );
  expect(row).toEqual({ reads: before.entries + 10_000, ids: before.entries + 10_000 });
});

describe('when records cannot be written', () => {
  const refuse = () =>
    sql(`CREATE TRIGGER "refuse" BEFORE INSERT ON "access_entries" BEGIN SELECT RAISE(ABORT, 'no more'); END`);
  const allow = () => sql('DROP TRIGGER "refuse"');

  test('no value and no check is answered; both are again once it works', async () => {
    const held = await host.as('admin').secrets.get({ name: 'A' });
    const check = () => rest('GET', `/api/extras/secrets/${secret.id}/check/`);
    await refuse();
    const failure = await held.getValue().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'access-record', retriable: true });
    expect(await check()).toMatchObject({
      status: 503,
      body: { detail: 'The read could not be recorded, so no value is returned.' },
    });
    // What is refused anyway may not be looked into without a record, either.
    const denied = host.as('admin').secrets.get({ name: 'A' });
    await expect((await denied).check()).rejects.toMatchObject({ code: 'access-record' });
    expect((await rest('GET', '/readyz')).status).toBe(503);

    await allow();
    expect((await held.getValue()).reveal()).toBe('value-a');
    expect((await check()).body).toEqual({ result: true, message: 'Passed' });
    expect((await rest('GET', '/readyz')).status).toBe(200);
  });

  test('of many readers at once none gets a value', async () => {
    const held = await host.as('admin').secrets.get({ name: 'A' });
    await refuse();
    const settled = await Promise.allSettled(Array.from({ length: 200 }, () => held.getValue()));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    await allow();
    expect(await sql('SELECT "id" FROM "access_entries"')).toEqual([]);
  });
});

test('a check that was answered is on record after kill -9, a hundred times', async () => {
  const rounds = 50;
  // Two hosts side by side, since most of the time goes into starting them.
  const lane = async (name: string): Promise<void> => {
    const folder = temporaryFolder();
    const options = {
      dataDir: folder,
      env: { DURABLE_A: 'value-a' },
      config: { plugins: { enabled: ['@latchkey/provider-environment-variable'] } },
    };
    let id = '';
    const answered: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const child = await startHost(options);
      const parameters = { variable: 'DURABLE_A' };
      const body = { name: 'A', provider: 'environment-variable', parameters };
      if (id === '') ({ id } = await create(child.rest, 'extras/secrets', body));
      const found = (await child.rest('GET', '/api/audit/entries/?limit=1')).body.count;
      expect(found).toBe(answered.length);
      const request = `${name}-${round}`;
      const { body: answer } = await child.rest('GET', `/api/extras/secrets/${id}/check/`, {
        headers: { 'X-Request-Id': request },
      });
      const dead = child.kill9();
      expect(answer).toEqual({ result: true, message: 'Passed' });
      answered.push(request);
      await dead;
    }
    const log = await openAccessLog({ file: join(folder, 'access-records.sqlite'), version: async () => 1 });
    const { rows } = await log.rows.list(accessEntryType, { scope: { kind: 'all' }, limit: 1000, offset: 0 });
    await log.close();
    expect(rows.map(({ request_id }) => request_id)).toEqual(answered);
  };
  await Promise.all([lane('one'), lane('two')]);
}, 420_000);
