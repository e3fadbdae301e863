import { settingType } from '../domain/access';
import { accessEntryType } from '../domain/audit';
import type { Engine } from './kinds';
import type { SqliteFile } from './sqlite-file';
import type { Queryable } from './statements';

/** What is wrong with the pages of a file, and with its references; a quick look passes over the indexes. */
export async function damageOf(database: SqliteFile, look: 'quick' | 'whole'): Promise<readonly string[]> {
  try {
    const pragma = look === 'quick' ? 'quick_check' : 'integrity_check';
    const found = await database.query<Record<string, string>>(`PRAGMA ${pragma}(10)`);
    const faults = found.flatMap((row) => Object.values(row)).filter((text) => text !== 'ok');
    return faults.length > 0 ? faults : await looseEnds(database);
  } catch (error) {
    const { message } = error as Error;
    if (/SQLITE_(CORRUPT|NOTADB)/.test(message)) return ['its pages cannot be read'];
    throw error;
  }
}

async function looseEnds(database: SqliteFile): Promise<string[]> {
  const loose = await database.query<{ table: string; parent: string }>('PRAGMA foreign_key_check');
  const lines = loose.map(({ table, parent }) => `a row of ${table} refers to one of ${parent} that is not there`);
  return [...new Set(lines)];
}

const tableIn: Readonly<Record<Engine, (table: string) => string>> = {
  sqlite: (table) => `SELECT "name" FROM sqlite_master WHERE "type" = 'table' AND "name" = '${table}'`,
  postgres: (table) => `SELECT 1 AS "name" WHERE to_regclass('${table}') IS NOT NULL`,
};

async function hasTable(database: Queryable, engine: Engine, table: string): Promise<boolean> {
  return (await database.query(tableIn[engine](table))).length > 0;
}

/** The names of the migrations that a database has, in their order; none where there is no table of them. */
export async function appliedIn(database: Queryable, engine: Engine, table = 'migrations'): Promise<readonly string[]> {
  if (!(await hasTable(database, engine, table))) return [];
  return (await database.query<{ name: string }>(`SELECT "name" FROM "${table}" ORDER BY "id"`)).map(
    ({ name }) => name,
  );
}

/** Whether a host has ever started on the database: its first start leaves a setting. */
export async function wasStarted(database: Queryable, engine: Engine): Promise<boolean> {
  if (!(await hasTable(database, engine, settingType.table))) return false;
  return (await database.query(`SELECT 1 FROM "${settingType.table}" LIMIT 1`)).length > 0;
}

/** A setting that the database keeps. */
export async function settingIn(database: Queryable, engine: Engine, name: string): Promise<string | undefined> {
  if (!(await hasTable(database, engine, settingType.table))) return undefined;
  const value = `SELECT "value" FROM "${settingType.table}" WHERE "name" = '${name}'`;
  return (await database.query<{ value: string }>(value))[0]?.value;
}

/** The time of the record that came last. */
export async function lastRecordIn(database: Queryable, engine: Engine): Promise<string | undefined> {
  const { table } = accessEntryType;
  if (!(await hasTable(database, engine, table))) return undefined;
  const last = `SELECT "time" FROM "${table}" ORDER BY "number" DESC LIMIT 1`;
  return (await database.query<{ time: string }>(last))[0]?.time;
}
