import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../../host/src/config/database';

/** Where the run's PostgreSQL is, where `LATCHKEY_TEST_DATABASE=postgres` asked for one; its setup sets this. */
export const testServerVariable = 'LATCHKEY_TEST_SERVER';

/** The database that those of the hosts begin as. */
export const testTemplate = 'hosts_begin';

const made = new Set<string>();

/** The address of the database that belongs to a data folder in this run, made if need be; undefined on SQLite. */
export function testDatabaseUrl(dataDir: string): string | undefined {
  const server = process.env[testServerVariable];
  if (server === undefined) return undefined;
  const name = `host_${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  if (!made.has(name))
    execFileSync('psql', ['-qX', server, '-c', `CREATE DATABASE ${name} TEMPLATE ${testTemplate}`], { stdio: 'pipe' });
  made.add(name);
  return server.replace(/[^/]*$/, name);
}

/** What tells a command or a host where the database of a data folder is; nothing on SQLite. */
export function testDatabase(dataDir: string | undefined): Readonly<Record<string, string>> {
  const url = dataDir === undefined ? undefined : testDatabaseUrl(dataDir);
  return url === undefined ? {} : { LATCHKEY_DATABASE_URL: url };
}

/** Where the definitions of a data folder are in this run. */
export function testPlace(dataDir: string): Place {
  const url = testDatabaseUrl(dataDir);
  return url === undefined ? { file: join(dataDir, 'latchkey.sqlite') } : { url };
}

/** Every byte that the hosts of a data folder have kept, in files and in PostgreSQL, but for the key of the tokens. */
export function everythingKept(dataDir: string): Buffer {
  const files = readdirSync(dataDir)
    .map((name) => join(dataDir, name))
    .filter((path) => statSync(path).isFile() && !path.endsWith('token.key'))
    .map((path) => readFileSync(path));
  const url = testDatabaseUrl(dataDir);
  return Buffer.concat(url === undefined ? files : [...files, execFileSync('pg_dump', [url])]);
}
