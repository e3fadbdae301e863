import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { postgresServer } from '../support/postgres-server.mjs';

/** The engines that there are on this machine: of each, how a database comes to be and is filled, and how it all ends. */
export async function openEngines(folder, say) {
  const engines = [sqlite(folder)];
  const other = await postgres();
  if (other) engines.push(other);
  else say('PostgreSQL is not installed, and is left out.');
  return engines;
}

function sqlite(folder) {
  return {
    engine: 'sqlite',
    title: 'SQLite',
    newPlace: async (name) => ({ settings: {}, file: join(folder, name, 'latchkey.sqlite') }),
    async asking({ file }, work) {
      const source = resolve(import.meta.dirname, '../../../host/dist/persistence/source.js');
      const { openSource } = await import(source);
      const connection = await openSource({ file, busyTimeout: 5000 });
      const query = (text) => connection.query(text);
      for (const setting of ['synchronous = OFF', 'cache_size = -400000']) await query(`PRAGMA ${setting}`);
      await work(query);
      await query('PRAGMA wal_checkpoint(TRUNCATE)');
      await connection.destroy();
    },
    stop: async () => undefined,
  };
}

/** A private server; undefined where its programs are not installed. */
async function postgres() {
  const { Client } = createRequire(import.meta.url)('pg');
  const server = await postgresServer();
  return (
    server && {
      engine: 'postgres',
      title: 'PostgreSQL',
      async newPlace(name) {
        const url = await server.newDatabase({ name: name.replaceAll('-', '_') });
        return { settings: { LATCHKEY_DATABASE_URL: url }, url };
      },
      async asking({ url }, work) {
        const client = new Client({ connectionString: url });
        await client.connect();
        await client.query('SET synchronous_commit = off');
        await work((text) => client.query(text));
        // Which the server does by itself in time.
        await client.query('VACUUM ANALYZE');
        await client.end();
      },
      stop: server.stop,
    }
  );
}
