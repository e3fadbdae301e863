import type { AnyRow, Change, Collection, TypeDescriptor } from '@latchkey/host/extend';

type Told = Readonly<Record<string, unknown>>;

/** One change as receivers are told of it, in Nautobot's shape. */
export interface Payload {
  readonly event: 'created' | 'updated' | 'deleted';
  readonly timestamp: string;
  readonly model: string;
  readonly username: string;
  readonly request_id: string | null;
  readonly data: Told;
  readonly snapshots: {
    readonly prechange: Told | null;
    readonly postchange: Told | null;
    readonly differences: { readonly removed: Told | null; readonly added: Told | null };
  };
}

/** What a payload is made with. */
export interface PayloadContext {
  readonly timestamp: string;
  /** The collection of the type whose rows change; only what it shows is told. */
  readonly collection: Collection;
  /** The address under `/api/` of the rows of a type. */
  addressOf(type: string): string | undefined;
}

/** Makes the payload of a change; addresses hold on any host, and a field of kind `secret` is never in it. */
export function payloadOf(change: Change, { timestamp, collection, addressOf }: PayloadContext): Payload {
  const { type, before, after, principal, origin } = change;
  const names = shownFields(collection);
  const [prechange, postchange] = [before, after].map((row) => (row ? snapshotOf(row, names) : null)) as [
    Told | null,
    Told | null,
  ];
  return {
    event: !before ? 'created' : after ? 'updated' : 'deleted',
    timestamp,
    model: type.name.slice(type.name.indexOf('.') + 1),
    username: principal.name,
    request_id: origin.requestId ?? null,
    data: dataOf(type, (after ?? before) as AnyRow, names, addressOf),
    snapshots: { prechange, postchange, differences: differencesOf(prechange, postchange) },
  };
}

/** The names of what REST shows of rows; custom fields are shown where the type has them. */
function shownFields({ type, fields }: Collection): string[] {
  const own = fields.map((name) => type.aliases?.[name] ?? name);
  const named = [...new Set([...own, ...(type.customizable ? ['custom_fields'] : [])])];
  return named.filter((name) => name !== 'id' && type.fields[name] && type.fields[name].kind !== 'secret');
}

function snapshotOf(row: AnyRow, names: readonly string[]): Told {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

/** The row as REST shows it by itself: references with their types and addresses, choices with their labels. */
function dataOf(
  type: TypeDescriptor,
  row: AnyRow,
  names: readonly string[],
  addressOf: PayloadContext['addressOf'],
): Told {
  const urlOf = (target: string, id: string): string | null => {
    const address = addressOf(target);
    return address === undefined ? null : `/api/${address}/${id}/`;
  };
  const refer = (target: string, id: unknown): Told | null =>
    typeof id === 'string' ? { id, object_type: target, url: urlOf(target, id) } : null;
  const shown = (name: string): unknown => {
    const { kind, target = '', oneOf } = type.fields[name] ?? {};
    const value = row[name] ?? null;
    if (kind === 'reference') return refer(target, value);
    if (kind === 'references') return (value as readonly unknown[]).map((id) => refer(target, id));
    return oneOf && value !== null ? { value, label: oneOf[String(value)] ?? value } : value;
  };
  return {
    id: row.id,
    object_type: type.name,
    display: String(row[type.display]),
    url: urlOf(type.name, row.id),
    ...Object.fromEntries(names.map((name) => [name, shown(name)])),
  };
}

/** What went and what came, by field, as Nautobot tells it: the whole of what was made or removed. */
function differencesOf(before: Told | null, after: Told | null): Payload['snapshots']['differences'] {
  if (!before || !after) return { removed: before, added: after };
  const changed = Object.keys(after).filter(
    (name) => name !== 'last_updated' && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const of = (row: Told): Told => Object.fromEntries(changed.map((name) => [name, row[name]]));
  return { removed: of(before), added: of(after) };
}
