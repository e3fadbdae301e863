import { openAccessLog } from '../../host/src/persistence/open-access-log';
import { openDatabase } from '../../host/src/persistence/open-database';
import { startPostgres } from './postgres';
import { testServerVariable, testTemplate } from './test-database';

/** Starts a PostgreSQL for a whole run of tests, which puts their hosts on it; gives what ends it. */
export default async function startForRun(): Promise<void> {
  const postgres = await startPostgres();
  process.env[testServerVariable] = postgres.url();
  (globalThis as { endPostgresOfRun?: () => Promise<void> }).endPostgresOfRun = postgres.stop;
  // Its tables are copied, which takes less time than to make them for every host.
  const url = postgres.url(testTemplate);
  await postgres.newDatabase({ name: testTemplate });
  await (await openDatabase({ url })).close();
  await (await openAccessLog({ url, version: async () => 1 })).close();
}
