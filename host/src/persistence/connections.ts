import { migrate } from './migrate';
import { handleOf, openSource, type OpenSourceOptions } from './source';
import { statementsOf, type Statements } from './statements';
import type { OnMigrated } from './store';

/** The connections to one file. */
export interface Connections {
  /** The one that writes, for prepared statements. */
  readonly writing: Statements;
  readonly readers: readonly Statements[];
  close(): Promise<void>;
}

interface ConnectionsOptions extends OpenSourceOptions {
  readonly readers: number;
  readonly onMigrated?: OnMigrated | undefined;
}

/** Opens a file for one writer, brings its tables up to date, and opens readers beside it; all of them or none. */
export async function openConnections(options: ConnectionsOptions): Promise<Connections> {
  const { file, busyTimeout, readers } = options;
  const writer = await openSource(options);
  const opened = [writer];
  const statements: Statements[] = [];
  const close = async () => {
    for (const one of statements) await one.finalize();
    // The writer goes last: it alone may fold the journal into the file.
    for (const source of opened.toReversed()) await source.destroy();
  };
  try {
    const migrated = await migrate(writer);
    options.onMigrated?.(migrated);
    for (let i = 0; i < readers; i++) opened.push(await openSource({ file, busyTimeout, readOnly: true }));
  } catch (error) {
    await close();
    throw error;
  }
  statements.push(...opened.map((source) => statementsOf(handleOf(source))));
  const [writing, ...reading] = statements;
  return { writing: writing as Statements, readers: reading, close };
}
