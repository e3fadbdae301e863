import type { RecordOf } from '../records/record-kinds';
import { loggedValues } from '../secret-history';
import { openSecret } from '../secrets';
import type { NetboxSource } from '../source';
import { stableId } from '../stable-id';
import { idOf, ownId, type PlanContext } from './context';
import { importedTypes } from './permissions';
import type { ChangeStep, VersionStep } from './steps';

type Change = RecordOf<'change'>;

/** What the history needs to know of the secrets that were planned. */
export interface PlannedSecrets {
  readonly ids: ReadonlyMap<number, string>;
  /** By number, the hashes of all values, the oldest first. */
  readonly versions: ReadonlyMap<number, readonly string[]>;
}

const logged = new Set(['secrets.secret', 'secrets.secretrole', 'extras.tag']);
// Until 2.6 the actions were numbers.
const numberedActions: ReadonlyMap<string, string> = new Map([
  ['1', 'create'],
  ['2', 'update'],
  ['3', 'delete'],
]);
const hidden = new Set(['ciphertext', 'hash', 'plaintext']);

function withoutValues(image: unknown): unknown {
  if (typeof image !== 'object' || image === null) return undefined;
  return Object.fromEntries(Object.entries(image).filter(([field]) => !hidden.has(field)));
}

/** A line of the change log; until 2.10 a line has one image, that of after, or of a removal that of before. */
function changeStep(context: PlanContext, change: Change, type: string): ChangeStep {
  const { records } = context.catalogue;
  const action = numberedActions.get(change.action) ?? change.action;
  const isRemoval = action === 'delete';
  const { type: ours, kind } = importedTypes.get(type) ?? { type, kind: type };
  return {
    kind: 'change',
    id: ownId(context, change),
    number: change.pk,
    time: change.time,
    user: idOf(context, records.find('user', change.user)),
    user_name: change.user_name,
    request_id: change.request_id,
    action,
    changed_object_type: ours,
    changed_object_id: stableId(context.instance, kind, change.changed_object_id),
    object_repr: change.object_repr,
    before: withoutValues(change.prechange_data ?? (isRemoval ? change.object_data : undefined)),
    after: withoutValues(change.postchange_data ?? (isRemoval ? undefined : change.object_data)),
  };
}

/** The older values that a change tells of first. */
function* versionSteps(
  context: PlanContext,
  change: Change,
  { ids, versions }: PlannedSecrets,
  done: Set<string>,
): Generator<VersionStep> {
  const pk = change.changed_object_id;
  const secret = ids.get(pk);
  const current = context.catalogue.hashes.get(pk);
  const older = (versions.get(pk) ?? []).filter((hash) => hash !== current);
  for (const value of loggedValues(change)) {
    const version = older.indexOf(value.hash) + 1;
    if (version === 0 || secret === undefined || done.has(`${pk} ${version}`)) continue;
    const opened = openSecret(value, context.masterKeys);
    if (!opened.ok) {
      const detail = `change ${change.pk ?? ''}: ${opened.fault}`;
      context.tally.find({ code: 'version-lost', of: 'secret', pk, detail });
      continue;
    }
    done.add(`${pk} ${version}`);
    yield {
      kind: 'version',
      id: stableId(context.instance, 'version', `${change.pk ?? ''} ${value.image}`),
      number: undefined,
      secret,
      version,
      plaintext: opened.plaintext,
      legacy_hash: value.hash,
      created: value.time,
    };
  }
}

/** The change log of what is imported, and the older values of secrets that it holds. */
export async function* planHistory(
  context: PlanContext,
  source: NetboxSource,
  secrets: PlannedSecrets,
): AsyncGenerator<ChangeStep | VersionStep> {
  const done = new Set<string>();
  const removed = new Set([...secrets.versions.keys()].filter((pk) => !context.catalogue.hashes.has(pk)));
  for (const pk of removed) context.tally.find({ code: 'history-of-removed', of: 'secret', pk });
  for await (const change of source.records(['change'])) {
    if (change.kind !== 'change') continue;
    const type = context.catalogue.records.typeName(change.changed_object_type);
    if (type === undefined || !logged.has(type)) continue;
    if (type === 'secrets.secret') yield* versionSteps(context, change, secrets, done);
    yield changeStep(context, change, type);
  }
}
