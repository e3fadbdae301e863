import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createHost, readConfig } from '@latchkey/host';
import { postgresServer } from '../support/postgres-server.mjs';
import { median, rateOf, repeat } from '../support/rate.mjs';
import { environment, hostSettings, tell } from '../support/story.mjs';

const { Client } = createRequire(import.meta.url)('pg');
const host = (path) => import(resolve(import.meta.dirname, '../../../host/dist', `${path}.js`));
const callers = 64;

/** Durable records on a private PostgreSQL; no figures where its programs are not installed. */
export async function measure(settings) {
  const server = await postgresServer();
  if (!server) {
    process.stderr.write('bench: PostgreSQL is not installed, and is left out.\n');
    return {};
  }
  const resolving = await openResolving(await server.newDatabase(), settings);
  const records = await openRecords(await server.newDatabase());
  const all = [];
  // The three take turns, so that whatever else the machine does falls on all of them.
  for (let round = 0; round < (settings.quick ? 1 : 9); round += 1) {
    const once = { ...settings, rounds: 1 };
    const record = (await rateOf(repeat(records.append, callers), once)).perSecond;
    const size = records.size();
    const bare =
      (
        await rateOf(
          repeat(() => records.commit(size)),
          once,
        )
      ).perSecond * size;
    const shared = (await rateOf(repeat(resolving.read, callers), once)).perSecond;
    all.push({ record, bare, size, shared, ratio: record / bare });
  }
  const alone = (await rateOf(repeat(resolving.read), settings)).perSecond;
  for (const one of [records, resolving]) await one.close();
  await server.stop();
  const middle = (name) => median(all.map((each) => each[name]));
  return {
    ratio: middle('ratio'),
    record: middle('record'),
    bare: middle('bare'),
    size: middle('size'),
    shared: middle('shared'),
    alone,
  };
}

/** A host on a database, and a read of a value. */
async function openResolving(url, { folder }) {
  Object.assign(process.env, environment);
  const config = readConfig({ ...hostSettings(join(folder, 'postgres')), LATCHKEY_DATABASE_URL: url });
  const running = await createHost(config);
  const rows = await tell(await running.listen(), 0);
  const session = running.as('admin');
  const obj = await session.objects.get({ id: rows.object });
  const secret = await session.secrets.get({ name: 'Templated' });
  return { read: () => secret.getValue({ obj }), close: () => running.close() };
}

/** The record of reads as a host opens it, and a connection that does nothing but commit rows like its own. */
async function openRecords(url) {
  const { openDatabase } = await host('persistence/open-database');
  const { openAccessLog } = await host('persistence/open-access-log');
  const { accessEntry } = await host('domain/audit');
  const { entryFields, insertEntries, listsOf } = await host('persistence/records');
  const definitions = await openDatabase({ url });
  const log = await openAccessLog({ url, version: definitions.version });
  const id = '0a1b2c3d-0000-4000-8000-000000000001';
  const told = { user_id: id, user: 'admin', action: 'use', decision: 'allowed', rule: 'superuser', outcome: 'ok' };
  const secret = { secret_id: id, secret: 'Templated', provider: 'environment-variable', duration_us: 31 };
  const object = { object_id: id, object_type: 'extras.gitrepository', object: 'Golden config', request_id: id };
  const entry = () => accessEntry({ ...told, ...secret, ...object });

  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE "bare" (LIKE "access_entries" INCLUDING ALL)');
  const items = entryFields.map((name, i) =>
    name === 'duration_us' ? `("item" ->> ${i})::bigint` : `"item" ->> ${i}`,
  );
  // In the order of their ids, as the host's are.
  const ids = `lpad(($2::bigint + "nth")::text, 36, '0')`;
  const text = `${insertEntries.replace('access_entries', 'bare')} SELECT ${[ids, ...items.slice(1)].join(', ')}
    FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS "batch"("item", "nth")`;
  const batches = new Map();
  let committed = 0;
  let before = log.stats();
  return {
    append: () => log.append(entry()),
    /** How many records a commit was of, since the last time. */
    size() {
      const now = log.stats();
      const size = (now.entries - before.entries) / (now.commits - before.commits);
      before = now;
      return Math.round(size);
    },
    async commit(size) {
      if (!batches.has(size)) batches.set(size, JSON.stringify(listsOf(Array.from({ length: size }, entry))));
      await client.query({ name: 'bare', text, values: [batches.get(size), committed] });
      committed += size;
    },
    async close() {
      await client.end();
      await log.close();
      await definitions.close();
    },
  };
}
