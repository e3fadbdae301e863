import { readDumpdata } from './dumpdata';
import { openDumpFile, readChunks, type DumpFile } from './read/chunks';
import type { DumpEnd, DumpReader } from './read/dump-row';
import { recogniseFormat, type DumpFormat } from './read/format';
import { faultOf, jsonDialect, readRecords, sqlDialect, type Dialect, type RowFault } from './records/read-record';
import { kindSpecs, type Kind, type NetboxRecord } from './records/record-kinds';
import { readSqlDump } from './sql-dump';

/** What one reading of a dump has found out about it as a whole. */
export interface SourceFacts extends DumpEnd {
  /** The columns of each table that was read, by `application.model`. */
  readonly shape: ReadonlyMap<string, readonly string[]>;
}

/** A dump of NetBox on disk, whatever its form; it can be read again and again, and is never held as a whole. */
export interface NetboxSource {
  readonly file: DumpFile;
  readonly format: DumpFormat;
  /** The records of the kinds named, as they stand in the dump, and the rows that cannot be read; at last, the facts. */
  records(kinds?: readonly Kind[]): AsyncGenerator<NetboxRecord | RowFault, SourceFacts, undefined>;
}

/** How {@link openNetboxDump} reads. */
export interface OpenNetboxDumpOptions {
  /** Told how many bytes of the file one reading has passed. */
  readonly onRead?: (bytes: number) => void;
}

const readers: Readonly<Record<DumpFormat, { readonly read: DumpReader; readonly dialect: Dialect }>> = {
  sql: { read: readSqlDump, dialect: sqlDialect },
  dumpdata: { read: readDumpdata, dialect: jsonDialect },
};

interface Home {
  readonly kind: Kind;
  readonly name: string;
}

function homesOf({ table }: Dialect, kinds: readonly Kind[]): Map<string, Home> {
  const wanted = kinds.map((kind) => [kind, kindSpecs.get(kind)?.tables ?? []] as const);
  return new Map(wanted.flatMap(([kind, names]) => names.map((name) => [table(name), { kind, name }])));
}

async function* readSource(
  { file, format }: Pick<NetboxSource, 'file' | 'format'>,
  kinds: readonly Kind[],
  { onRead }: OpenNetboxDumpOptions,
): AsyncGenerator<NetboxRecord | RowFault, SourceFacts, undefined> {
  const { read, dialect } = readers[format];
  const homes = homesOf(dialect, kinds);
  const shape = new Map<string, readonly string[]>();
  const rows = read(readChunks(file, onRead), { wants: (table) => homes.has(table), shape });
  for (let next = await rows.next(); ; next = await rows.next()) {
    if (next.done) {
      const named = [...shape].map(([table, columns]) => [homes.get(table)?.name ?? table, columns] as const);
      return { ...next.value, shape: new Map(named) };
    }
    for (const row of next.value) {
      const home = homes.get(row.table);
      if (home) yield* readRecords(row, home.kind, home.name, dialect);
      else if (row.fault !== undefined) yield faultOf(row, undefined, row.fault);
    }
  }
}

/** Opens a dump: SQL or dumpdata, plain or gzip, each known by its content. */
export async function openNetboxDump(path: string, options: OpenNetboxDumpOptions = {}): Promise<NetboxSource> {
  const file = await openDumpFile(path);
  const format = await recogniseFormat(file);
  return { file, format, records: (kinds = [...kindSpecs.keys()]) => readSource({ file, format }, kinds, options) };
}
