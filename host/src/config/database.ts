import { homedir } from 'node:os';
import path from 'node:path';
import { hostError } from '../errors';

/** Where something is kept: a file of SQLite's, or the address of a database of PostgreSQL. */
export type Place =
  | { readonly file: string; readonly url?: undefined }
  | { readonly url: string; readonly file?: undefined };

/** Where the database is, by the setting. */
export interface DatabaseSetting {
  /** The file of the embedded database; not there where the database is PostgreSQL. */
  readonly databaseFile: string;
  /** The address of PostgreSQL, a password in it too; undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
}

const advice = 'give postgres://user@host/database, or sqlite:///path';
const refused = (fault: string) => hostError('config-invalid', { source: 'database_url', fault });

/** Reads the setting; what is wrong with it is told without it, since it may hold a password. */
export function databaseSetting(url: string | undefined, dataDir: string): DatabaseSetting {
  const embedded = { databaseFile: path.join(dataDir, 'latchkey.sqlite'), databaseUrl: undefined };
  if (url === undefined) return embedded;
  if (url.startsWith('sqlite:')) {
    return { databaseFile: path.resolve(url.replace(/^sqlite:(\/\/)?/, '')), databaseUrl: undefined };
  }
  if (!/^postgres(ql)?:\/\//.test(url)) throw refused(advice);
  if (!URL.canParse(url) || !/^\/[^/]+$/.test(new URL(url).pathname)) throw refused(`not a whole address: ${advice}`);
  return { ...embedded, databaseUrl: url };
}

/** The files that an address of PostgreSQL names, and that of its passwords; they hold credentials. */
export function databaseFiles({ databaseUrl }: DatabaseSetting): string[] {
  if (databaseUrl === undefined) return [];
  const { searchParams } = new URL(databaseUrl);
  const named = ['sslkey', 'sslcert', 'sslrootcert'].flatMap((name) => searchParams.get(name) ?? []);
  return [...named.map((file) => path.resolve(file)), process.env['PGPASSFILE'] ?? path.join(homedir(), '.pgpass')];
}

/** Where the definitions are kept, and where the records of reads: in files of their own, or all in PostgreSQL. */
export function placesOf({ databaseFile, databaseUrl, dataDir }: DatabaseSetting & { readonly dataDir: string }): {
  readonly definitions: Place;
  readonly records: Place;
} {
  if (databaseUrl !== undefined) return { definitions: { url: databaseUrl }, records: { url: databaseUrl } };
  return { definitions: { file: databaseFile }, records: { file: path.join(dataDir, 'access-records.sqlite') } };
}
