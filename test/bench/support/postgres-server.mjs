import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** A private server with durable commits; undefined where its programs are not installed. */
export async function postgresServer() {
  load('../../support/typescript.cjs');
  const { startPostgres } = load('../../support/postgres.ts');
  return startPostgres({ durable: true }).catch((error) => {
    if (error.message !== 'PostgreSQL is not installed.') throw error;
  });
}
