import { existsSync } from 'node:fs';
import { placesOf, type HostConfig } from '../config';
import type { NewAccessEntry } from '../domain/audit';
import { accessEntryType } from '../domain/audit';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { Filter, Rows } from '../domain/ports';
import { answers, socketPath } from '../http/local-socket';
import { isNew } from '../persistence/is-new';
import { openAccessLog } from '../persistence/open-access-log';
import { openDatabase } from '../persistence/open-database';
import { CommandError } from './exit-codes';
import { withPlugins } from './migrations';

/** How many rows of a type were copied, and are there now. */
export interface CopiedType {
  readonly type: string;
  readonly rows: number;
}

const batchSize = 500;

/**
 * Copies the embedded databases to PostgreSQL, every type in the order of its references, ids and numbers kept, and
 * counts what came. The host must not run, and the target must be empty; what breaks off leaves the source as it was.
 */
export async function copyDatabase(
  config: HostConfig,
  url: string,
  told: (type: string, done: number) => void,
): Promise<readonly CopiedType[]> {
  const source = placesOf(config);
  const target = placesOf({ ...config, databaseUrl: url });
  if (config.databaseUrl !== undefined || source.definitions.file === undefined || !existsSync(source.definitions.file))
    throw new CommandError(
      'not-found',
      'There is no embedded database to copy.',
      'Name its data folder with --data-dir.',
    );
  if (await answers(socketPath(config.dataDir)))
    throw new CommandError('conflict', 'A host runs on the data folder.', 'Stop it first, so that nothing is missed.');
  if (!(await isNew(target.definitions)))
    throw new CommandError('conflict', 'The target holds a database of Latchkey already.', 'Name an empty one.');

  return withPlugins(config, async ({ types, migrations }) => {
    const [from, to] = [
      await openDatabase({ ...source.definitions, types, migrations }),
      await openDatabase({ ...target.definitions, types, migrations }),
    ];
    const [reads, writes] = [
      await openAccessLog({ ...source.records, version: from.version, types }),
      await openAccessLog({ ...target.records, version: to.version, types }),
    ];
    try {
      const copied: CopiedType[] = [];
      for (const type of types.definitions) {
        const rows = await copyRows(
          from.rows,
          type,
          (batch) =>
            to.run(async (transaction) => {
              for (const row of batch) await transaction.insert(type, row as never);
            }),
          told,
        );
        copied.push(verified(type, rows, await countOf(to.rows, type)));
      }
      const rows = await copyRows(
        reads.rows,
        accessEntryType,
        (batch) =>
          Promise.all(
            batch.map(({ id: _id, number: _number, ...entry }) => writes.append(entry as unknown as NewAccessEntry)),
          ),
        told,
      );
      copied.push(verified(accessEntryType, rows, await countOf(writes.rows, accessEntryType)));
      return copied;
    } finally {
      for (const open of [writes, reads, to, from]) await open.close();
    }
  });
}

/** Copies all rows of a type in batches, in the order of their numbers, or ids where they have none; gives how many. */
async function copyRows(
  rows: Rows,
  type: TypeDescriptor,
  keep: (batch: readonly AnyRow[]) => Promise<unknown>,
  told: (type: string, done: number) => void,
): Promise<number> {
  const key = type.fields.number ? 'number' : 'id';
  let done = 0;
  let filters: readonly Filter[] = [];
  for (;;) {
    const query = { scope: { kind: 'all' }, filters, order: [key], limit: batchSize, offset: 0 } as const;
    const batch = (await rows.list(type, query)).rows as unknown as readonly AnyRow[];
    if (batch.length > 0) await keep(batch);
    done += batch.length;
    told(type.name, done);
    if (batch.length < batchSize) return done;
    filters = [{ field: key, lookup: 'gt', values: [batch.at(-1)?.[key] as string | number] }];
  }
}

const countOf = async (rows: Rows, type: TypeDescriptor): Promise<number> =>
  (await rows.list(type, { scope: { kind: 'all' }, limit: 1, offset: 0 })).count;

function verified({ name }: TypeDescriptor, rows: number, there: number): CopiedType {
  if (rows === there) return { type: name, rows };
  const remedy = 'Empty the target, and copy again; the source is as it was.';
  throw new CommandError('host', `${rows} rows of ${name} were copied, and ${there} are there.`, remedy);
}
