import { RecordStore } from './record-store';
import type { RecordOf } from './records/record-kinds';
import { unreadColumns } from './records/unread-columns';
import type { ImportTally } from './report';
import { SecretHistory } from './secret-history';
import type { NetboxSource, SourceFacts } from './source';
import { versionOf, type NetboxVersion } from './version';

/** What one reading of a dump leaves in memory: all but the values of secrets and of the change log. */
export interface Catalogue {
  readonly facts: SourceFacts;
  readonly version: NetboxVersion;
  /** The application whose secrets are imported: `secrets`, or that of a successor. */
  readonly app: string;
  readonly records: RecordStore;
  readonly history: SecretHistory;
  /** The hash of each secret by its number. */
  readonly hashes: ReadonlyMap<number, string>;
}

const appOf = (table: string): string => table.slice(0, table.indexOf('.'));
// A dump may hold the application and its successor; the last one that has secrets, or keys at least, is in use.
const apps = ['netbox_secrets', 'netbox_secretstore', 'secrets'];
const inUse = (has: ReadonlySet<string>): string | undefined => apps.find((app) => has.has(app));

const dropped = (secret: RecordOf<'secret'>) => ({ pk: secret.pk, hash: secret.hash, app: appOf(secret.table) });

/** Reads a dump once, counts, and keeps what the plan refers to. */
export async function readCatalogue(source: NetboxSource, tally: ImportTally): Promise<Catalogue> {
  const records = new RecordStore();
  const history = new SecretHistory();
  const secrets: ReturnType<typeof dropped>[] = [];
  const all = source.records();
  for (let next = await all.next(); ; next = await all.next()) {
    if (next.done) return settle(next.value);
    const record = next.value;
    if (record.kind === 'fault') tally.fault(record);
    else {
      tally.found(record.kind);
      if (record.kind === 'secret') secrets.push(dropped(record));
      else if (record.kind === 'change') history.add(record, records);
      else records.add(record);
    }
  }

  function settle(facts: SourceFacts): Catalogue {
    const withKeys = new Set([...records.all('user-key'), ...records.all('role')].map(({ table }) => appOf(table)));
    const app = inUse(new Set(secrets.map((one) => one.app))) ?? inUse(withKeys) ?? 'secrets';
    const others = secrets.filter((one) => one.app !== app);
    for (const other of others)
      tally.find({ code: 'other-application', of: 'secret', pk: other.pk, detail: other.app });
    records.settle(app);
    const mine = secrets.flatMap(({ pk, hash, app: of }) =>
      of === app && pk !== undefined ? [[pk, hash] as const] : [],
    );
    const version = versionOf(facts.shape, app);
    tally.tell('format', source.format);
    tally.tell('compressed', source.file.compressed);
    tally.tell('rows', facts.rows);
    tally.tell('netbox', version.name);
    if (!version.isPromised) tally.tell('best effort', 'this version is read as far as it is known');
    for (const { table, columns } of unreadColumns(facts.shape))
      tally.find({ code: 'columns-left', of: table, pk: undefined, detail: columns.join(', ') });
    if (facts.cutOff !== undefined) tally.tell('cut off', facts.cutOff);
    return { facts, version, app, records, history, hashes: new Map(mine) };
  }
}
