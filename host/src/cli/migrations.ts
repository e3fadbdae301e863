import { openAccessLog } from '../persistence/open-access-log';
import { openDatabase } from '../persistence/open-database';

/** What was applied to one file. */
export interface MigratedFile {
  readonly file: string;
  readonly applied: readonly string[];
}

/** Opens the database and the records, which brings each up to date, and closes them. */
export async function migrateFiles(databaseFile: string, recordsFile: string): Promise<readonly MigratedFile[]> {
  const files: MigratedFile[] = [];
  const into = (file: string) => (applied: readonly string[]) => void files.push({ file, applied });
  const database = await openDatabase({ file: databaseFile, onMigrated: into(databaseFile) });
  try {
    const { version } = database;
    const records = await openAccessLog({ file: recordsFile, version, onMigrated: into(recordsFile) });
    await records.close();
    return files;
  } finally {
    await database.close();
  }
}
