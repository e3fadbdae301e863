import { userType, type Principal } from '../domain/access';
import { customFieldsOf, customValuesOf } from '../domain/custom-fields';
import type { AnyRow, FieldKind } from '../domain/descriptor';
import { keyOf } from '../domain/keys';
import type { Policy } from '../permissions/policy';
import { shownField, type OpenCollection, type Surroundings } from './collection';
import { naturalSlug } from './natural-slug';

/** What a reference is shown with. */
export interface PresentOptions {
  /** The address that clients reach this host at; never taken from a request. */
  readonly publicUrl: string;
  /** The address of the collection of each type that has one, by the name of the type. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** Who is shown rows, and by which policy. */
export interface Viewer {
  readonly principal: Principal;
  readonly policy: Policy;
}

/** Turns rows into what REST shows of them; other rows are named to who may view them, and are an id to all else. */
export interface Presenter {
  present(shown: readonly AnyRow[], viewer: Viewer): Promise<Record<string, unknown>[]>;
}

type Show = (value: unknown, target: string | undefined) => unknown;
type Labels = ReadonlyMap<string, string>;

const asIs: Show = (value) => value;

/** Makes the presenter of a collection; its plan is made once. */
export function createPresenter(collection: OpenCollection, { publicUrl, addresses }: PresentOptions): Presenter {
  const { type, fields, naturalKey, display, displayFrom = naturalKey } = collection;
  const urlOf = (address: string, id: string): string => `${publicUrl}/api/${address}/${id}/`;
  const reference: Show = (id, target = '') => {
    if (typeof id !== 'string') return null;
    const address = addresses.get(target);
    return { id, object_type: target, url: address === undefined ? null : urlOf(address, id) };
  };
  const surroundings: Omit<Surroundings, 'viewer'> = {
    definitions: collection.definitions,
    reference: (target, id) => reference(id, target),
    addressOf: (target) => addresses.get(target),
  };
  const kinds: Readonly<Record<Exclude<FieldKind, 'secret'>, Show>> = {
    id: asIs,
    number: asIs,
    text: asIs,
    choice: asIs,
    json: asIs,
    flag: asIs,
    datetime: asIs,
    reference,
    references: (ids, target) => (ids as readonly string[]).map((id) => reference(id, target)),
    list: asIs,
    constraint: asIs,
  };
  const plan = fields.map((name) => {
    const { kind, target, oneOf } = shownField(type, name) ?? { kind: 'secret' };
    if (kind === 'secret') throw new Error(`${type.name}.${name} is never shown.`);
    const show: Show = oneOf ? (value) => ({ value, label: oneOf[String(value)] ?? value }) : kinds[kind];
    return [name, type.aliases?.[name] ?? name, show, target] as const;
  });
  const ownObjectType = fields.includes('object_type');
  const placed = (names: readonly string[]) => names.map((name) => [name, type.fields[name]?.target] as const);
  const [keyParts, displayParts] = [placed(naturalKey), placed(displayFrom)];
  const place = urlOf(collection.address, '').slice(0, -1);

  // Member by member, since to join objects of a page costs more than all else that is done to it.
  const show = (row: AnyRow, labels: Labels): Record<string, unknown> => {
    const labelled = (parts: typeof keyParts): string[] =>
      parts.map(([name, target]) => {
        const own = String(row[name]);
        return (target === undefined ? undefined : labels.get(keyOf(target, own))) ?? own;
      });
    const url = `${place}${row.id}/`;
    const shown: Record<string, unknown> = { id: row.id };
    if (!ownObjectType) shown.object_type = type.name;
    shown.display = display ? display(labelled(displayParts)) : String(row[type.display]);
    shown.url = url;
    if (keyParts.length > 0) shown.natural_slug = naturalSlug(labelled(keyParts), row.id);
    for (const [name, own, present, target] of plan) shown[name] = present(row[own], target);
    if (type.noted) shown.notes_url = `${url}notes/`;
    return shown;
  };

  return {
    async present(shown, viewer) {
      const labels = await labelsOf(collection, shown, viewer);
      const beside = await collection.beside?.(shown, { ...surroundings, viewer });
      const custom = type.customizable && (await customFieldsOf(collection.kept, type));
      return shown.map((row, i) => {
        const one = Object.assign(show(row, labels), beside?.[i]);
        if (custom) one.custom_fields = customValuesOf(custom, row.custom_fields);
        return one;
      });
    },
  };
}

/** The displays of the rows that natural keys refer to, in one list a type. */
async function labelsOf(
  collection: OpenCollection,
  shown: readonly AnyRow[],
  { principal, policy }: Viewer,
): Promise<Labels> {
  const { type, naturalKey, displayFrom = [], definitions } = collection;
  const labels = new Map<string, string>();
  // One's own name is no secret.
  if (principal.id !== undefined) labels.set(keyOf(userType.name, principal.id), principal.name);
  for (const name of new Set([...naturalKey, ...displayFrom])) {
    const target = definitions.types.targets.get(type.fields[name]?.target ?? '');
    if (!target || shown.length === 0) continue;
    const values = [...new Set(shown.map((row) => String(row[name])))];
    const query = {
      scope: policy.scope(principal, 'view', target),
      filters: [{ field: 'id', values }],
      limit: values.length,
      offset: 0,
    } as const;
    for (const row of (await definitions.list(target, query)).rows as readonly AnyRow[])
      labels.set(keyOf(target.name, row.id), String(row[target.display]));
  }
  return labels;
}
