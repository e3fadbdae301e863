import { join } from 'node:path';
import { openDatabase, type Place } from '../../host/src/persistence/open-database';
import { describePostgres, startPostgres, type Postgres } from './postgres';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder';

/** An engine that the tests of a block run on. */
export interface TestEngine {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** A new place with nothing in it. */
  newPlace(): Promise<Place>;
  /** A new place with empty tables, which costs less to open. */
  newDatabase(): Promise<Place>;
}

/** Describes what holds on every engine, once for each; PostgreSQL is started for the block and ended after it. */
export function describeEngines(name: string, tests: (engine: TestEngine) => void): void {
  describe(`${name} on SQLite`, () => {
    afterAll(removeTemporaryFolders);
    const newPlace = () => Promise.resolve({ file: join(temporaryFolder(), 'data', 'latchkey.db') });
    tests({ name: 'SQLite', newPlace, newDatabase: newPlace });
  });
  describePostgres(`${name} on PostgreSQL`, () => {
    let postgres: Postgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    }, 60_000);
    afterAll(() => postgres.stop());
    let migrated: string | undefined;
    const newDatabase = async () => {
      if (migrated === undefined) {
        migrated = await postgres.newDatabase();
        await (await openDatabase({ url: migrated })).close();
      }
      return { url: await postgres.newDatabase({ like: migrated }) };
    };
    tests({ name: 'PostgreSQL', newPlace: async () => ({ url: await postgres.newDatabase() }), newDatabase });
  });
}
