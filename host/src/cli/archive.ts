import { readFileSync } from 'node:fs';
import path from 'node:path';
import { safeCause } from '@latchkey/core/kernel';
import type { HostConfig } from '../config';
import { placesOf } from '../config';
import { CommandError } from './exit-codes';

/** What a backup, which is a folder, says of itself. */
export interface Manifest {
  readonly format: 1;
  /** When it was begun: what was changed before is in it. */
  readonly time: string;
  /** The version of Latchkey that made it. */
  readonly version: string;
  /** Tells which token key belongs to it; nothing of the key can be told from that. */
  readonly token_key_id: string;
  readonly files: readonly string[];
}

/** The name of the file that says what a backup is. */
export const manifestName = 'backup.json';

/** The files of the embedded databases: where each is kept, and its name in a backup. */
export function embeddedFiles(config: HostConfig): readonly { readonly file: string; readonly name: string }[] {
  const { definitions, records } = placesOf(config);
  if (definitions.url !== undefined || records.url !== undefined) {
    const remedy = 'Use pg_dump and pg_restore, and keep the token key beside.';
    throw new CommandError('invalid', 'The database is PostgreSQL, which has tools of its own for that.', remedy);
  }
  return [
    { file: definitions.file, name: 'latchkey.sqlite' },
    { file: records.file, name: 'access-records.sqlite' },
  ];
}

/** Reads what a backup says of itself. */
export function readManifest(folder: string): Manifest {
  const remedy = 'Name a folder that latchkey backup made.';
  try {
    const given = JSON.parse(readFileSync(path.join(folder, manifestName), 'utf8')) as Manifest;
    if (given.format === 1 && Array.isArray(given.files)) return given;
  } catch (error) {
    throw new CommandError('invalid', `${folder} is no backup (${safeCause(error).message}).`, remedy);
  }
  throw new CommandError('invalid', `${folder} is a backup of a form that this version does not know.`, remedy);
}
