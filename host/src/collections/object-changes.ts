import { objectChangeType, type ObjectChange } from '../domain/changes';
import type { AnyRow } from '../domain/descriptor';
import { keyOf } from '../domain/keys';
import type { Rows } from '../domain/ports';
import { defineCollection, type Surroundings } from './collection';
import { naturalSlug } from './natural-slug';

type Snapshot = Readonly<Record<string, unknown>>;

const labels: Readonly<Record<string, string>> = { create: 'Created', update: 'Updated', delete: 'Deleted' };

/** The change log, in Nautobot's shape, and with what was before, after, and different. */
export const objectChanges = defineCollection({
  type: objectChangeType,
  address: 'extras/object-changes',
  title: 'Object Changes',
  fields: [
    'action',
    'changed_object_type',
    'related_object_type',
    'time',
    'user',
    'user_name',
    'request_id',
    'changed_object_id',
    'change_context',
    'change_context_detail',
    'related_object_id',
    'object_repr',
    'before',
    'after',
    'secrets_changed',
  ],
  filters: [
    'id',
    'action',
    'changed_object_type',
    'related_object_type',
    'time',
    'user',
    'user_name',
    'request_id',
    'changed_object_id',
    'change_context',
    'change_context_detail',
    'related_object_id',
    'object_repr',
  ],
  keys: [],
  naturalKey: ['id'],
  verbs: [],
  besideFields: {
    action: { kind: 'json' },
    user: { kind: 'reference', target: 'users.user', nullable: true },
    changed_object: { kind: 'reference', nullable: true },
    object_data: { kind: 'json' },
    object_data_v2: { kind: 'json' },
    difference: { kind: 'json' },
  },
  async beside(shown, around) {
    const changes = shown as unknown as readonly ObjectChange[];
    const standing = await standingOf(changes, around.definitions);
    return changes.map((change) => ({
      display: displayOf(change, around.definitions),
      action: { value: change.action, label: labels[change.action ?? ''] ?? change.action },
      user: around.reference('users.user', change.user),
      changed_object: standing.has(changedKey(change))
        ? around.reference(change.changed_object_type ?? '', change.changed_object_id)
        : null,
      object_data: without(change.after ?? change.before, ['id', 'number']),
      object_data_v2: wholeOf(change, around),
      difference: differenceOf(change),
    }));
  },
});

function displayOf(change: ObjectChange, { types }: Rows): string {
  const { changed_object_type: type, object_repr: repr, action, user_name: user } = change;
  const app = type?.split('.')[0] ?? '';
  const capital = app.charAt(0).toUpperCase() + app.slice(1);
  const label = types.get(type ?? '')?.label ?? type;
  return `${capital} | ${label} ${repr} ${(labels[action ?? ''] ?? action ?? '').toLowerCase()} by ${user}`;
}

const changedKey = ({ changed_object_type: type, changed_object_id: id }: ObjectChange): string =>
  keyOf(type ?? '', id ?? '');

/** What has changed since and is still there. */
async function standingOf(changes: readonly ObjectChange[], rows: Rows): Promise<ReadonlySet<string>> {
  const standing = new Set<string>();
  for (const name of new Set(changes.map(({ changed_object_type: type }) => type))) {
    const type = rows.types.targets.get(name ?? '');
    if (!type) continue;
    const ids = changes.filter((change) => change.changed_object_type === name);
    const values = [...new Set(ids.map(({ changed_object_id: id }) => id ?? ''))];
    const filters = [{ field: 'id', values }];
    const page = await rows.list(type, { scope: { kind: 'all' }, filters, limit: values.length, offset: 0 });
    for (const { id } of page.rows as unknown as readonly AnyRow[]) standing.add(keyOf(type.name, id));
  }
  return standing;
}

function without(row: Snapshot | null, names: readonly string[]): Snapshot {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => !names.includes(name)));
}

/** The object much as REST shows it, with an address that holds on any host. */
function wholeOf(change: ObjectChange, { addressOf, definitions }: Surroundings): Snapshot {
  const { changed_object_type: name, changed_object_id: id, object_repr: display } = change;
  const type = definitions.types.targets.get(name ?? '');
  const address = addressOf(name ?? '');
  return {
    object_type: name,
    ...(change.after ?? change.before),
    id,
    display,
    ...(address !== undefined && { url: `/api/${address}/${id}/` }),
    ...(address !== undefined && type?.noted && { notes_url: `/api/${address}/${id}/notes/` }),
    ...(type?.fields[type.display]?.unique && { natural_slug: naturalSlug([display ?? ''], id ?? '') }),
  };
}

const stamps = new Set(['last_updated']);

/** What went and what came, by field; when the row was changed is no difference. */
function differenceOf({ before, after }: ObjectChange): { readonly removed: Snapshot; readonly added: Snapshot } {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = names.filter((name) => !stamps.has(name) && canonical(before?.[name]) !== canonical(after?.[name]));
  const of = (row: Snapshot | null): Snapshot =>
    Object.fromEntries(changed.filter((name) => row && Object.hasOwn(row, name)).map((name) => [name, row?.[name]]));
  return { removed: of(before), added: of(after) };
}

/** One text for what is equal: the order of an object's members means nothing. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
