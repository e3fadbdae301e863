import { placesOf, type HostConfig, type Place } from '../config';
import { createLogger } from '../observability/logger';
import { extensionsOf, openKernel } from '../open-kernel';
import { openAccessLog } from '../persistence/open-access-log';
import { openDatabase } from '../persistence/open-database';
import { planFor, type Known, type MigrationPlan } from '../persistence/plan';
import { shownUrl } from '../persistence/postgres/settings';

/** What was applied to one file, or to a database of PostgreSQL. */
export interface MigratedFile {
  readonly file: string;
  readonly applied: readonly string[];
}

/** What would be applied to it. */
export interface PlannedFile extends MigrationPlan {
  readonly file: string;
}

/** The name of a place that may be shown. */
export const nameOf = ({ file, url }: Place): string => (url === undefined ? file : shownUrl(url));

/** The types and migrations of the host and of its plugins, which are loaded for that. */
export async function withPlugins<T>(config: HostConfig, work: (known: Known) => Promise<T>): Promise<T> {
  const kernel = openKernel(config, createLogger('silent'));
  try {
    await kernel.start();
    return await work(extensionsOf(kernel));
  } finally {
    await kernel.stop();
  }
}

/** Opens the database and the records, which brings each up to date, and closes them. */
export function migrateFiles(config: HostConfig): Promise<readonly MigratedFile[]> {
  const { definitions, records } = placesOf(config);
  return withPlugins(config, async ({ types, migrations }) => {
    const files: MigratedFile[] = [];
    const into = (place: Place) => (applied: readonly string[]) => void files.push({ file: nameOf(place), applied });
    const database = await openDatabase({ ...definitions, types, migrations, onMigrated: into(definitions) });
    try {
      const { version } = database;
      const log = await openAccessLog({ ...records, version, onMigrated: into(records) });
      await log.close();
      return files;
    } finally {
      await database.close();
    }
  });
}

/** What {@link migrateFiles} would do; it changes nothing. */
export function planFiles(config: HostConfig): Promise<readonly PlannedFile[]> {
  const { definitions, records } = placesOf(config);
  return withPlugins(config, async (known) => [
    { file: nameOf(definitions), ...(await planFor('definitions', definitions, known)) },
    { file: nameOf(records), ...(await planFor('records', records, known)) },
  ]);
}
