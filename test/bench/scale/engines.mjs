import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const load = createRequire(import.meta.url);

/** The engines that there are on this machine: of each, how a database comes to be and is filled, and how it all ends. */
export async function openEngines(folder, say) {
  const engines = [sqlite(folder)];
  const postgres = await postgresServer();
  if (postgres) engines.push(postgres);
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

/** A private server with durable commits; undefined where its programs are not installed. */
async function postgresServer() {
  load('../../support/typescript.cjs');
  const { startPostgres } = load('../../support/postgres.ts');
  const { Client } = load('pg');
  const server = await startPostgres({ durable: true }).catch((error) => {
    if (error.message !== 'PostgreSQL is not installed.') throw error;
  });
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
