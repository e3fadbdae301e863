import { placesOf, type HostConfig } from '../config';
import { openAccessLog } from '../persistence/open-access-log';
import { openDatabase } from '../persistence/open-database';
import { shownUrl } from '../persistence/postgres/settings';

/** What was applied to one file, or to a database of PostgreSQL. */
export interface MigratedFile {
  readonly file: string;
  readonly applied: readonly string[];
}

/** Opens the database and the records, which brings each up to date, and closes them. */
export async function migrateFiles(config: HostConfig): Promise<readonly MigratedFile[]> {
  const { definitions, records } = placesOf(config);
  const files: MigratedFile[] = [];
  const into = ({ file, url }: typeof records) => {
    const name = url === undefined ? file : shownUrl(url);
    return (applied: readonly string[]) => void files.push({ file: name, applied });
  };
  const database = await openDatabase({ ...definitions, onMigrated: into(definitions) });
  try {
    const { version } = database;
    const log = await openAccessLog({ ...records, version, onMigrated: into(records) });
    await log.close();
    return files;
  } finally {
    await database.close();
  }
}
