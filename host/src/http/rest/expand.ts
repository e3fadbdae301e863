import type { OpenCollection } from '../../collections/collection';
import { shownField } from '../../collections/collection';
import type { Presenter } from '../../collections/present';
import type { Principal } from '../../domain/access';
import type { AnyRow } from '../../domain/descriptor';
import { keyOf } from '../../domain/keys';
import type { Filter } from '../../domain/ports';
import type { Policy } from '../../permissions/policy';
import { relationOf } from '../../permissions/constraints/relations';
import type { Shape } from './shape';

/** A row as it is shown. */
export type Shown = Record<string, unknown>;

/** Who looks, and what the rows of other types are shown with. */
export interface Looking {
  readonly principal: Principal;
  readonly policy: Policy;
  /** The collection of a type, with its presenter; undefined where it has none. */
  readonly collectionOf: (type: string) => { collection: OpenCollection; presenter: Presenter } | undefined;
}

interface Reference {
  readonly id: string;
  readonly object_type: string;
}

const pageSize = 1000;

/**
 * Gives shown rows the shape that was asked for. A reference is followed to what may be viewed; what may not stays a
 * reference, so that depth tells nothing that the row by itself would not.
 */
export async function shaped(
  collection: OpenCollection,
  rows: readonly Shown[],
  { depth, excludeMany, include }: Shape,
  looking: Looking,
): Promise<readonly Shown[]> {
  const many = collection.fields.filter((name) => shownField(collection.type, name)?.kind === 'references');
  const shown = excludeMany === true ? rows.map((row) => without(row, many)) : rows;
  if (excludeMany === false) await addRelated(collection, shown, looking);
  if (depth > 0) await follow(collection, shown, { depth, looking });
  if (collection.customizable) {
    const names = ['computed_fields', 'relationships'].filter((name) => include.has(name));
    for (const row of shown) for (const name of names) row[name] = {};
  }
  return shown;
}

function without(row: Shown, names: readonly string[]): Shown {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

/** The rows that a collection shows on request, as references, by the name that they are shown under. */
async function addRelated(collection: OpenCollection, shown: readonly Shown[], looking: Looking): Promise<void> {
  for (const [name, relation] of Object.entries(collection.onRequest ?? {})) {
    const via = relationOf(collection.type, relation)?.via;
    const far = via && looking.collectionOf(via.type);
    if (!via || !far) throw new Error(`${collection.type.name} cannot show "${relation}".`);
    const found = await visible(
      far.collection,
      { field: via.from, values: shown.map(({ id }) => String(id)) },
      looking,
    );
    const references = (await far.presenter.present(found, looking)).map(({ id, object_type, url }) => ({
      id,
      object_type,
      url,
    }));
    for (const row of shown) row[name] = references.filter((_, index) => found[index]?.[via.from] === row.id);
  }
}

async function follow(
  { type, fields, onRequest }: OpenCollection,
  shown: readonly Shown[],
  { depth, looking }: { readonly depth: number; readonly looking: Looking },
): Promise<void> {
  const names = [
    ...fields.filter((name) => shownField(type, name)?.target !== undefined),
    ...Object.keys(onRequest ?? {}),
  ];
  const references = shown.flatMap((row) => names.flatMap((name) => row[name])).filter(isReference);
  const ids = new Map<string, Set<string>>();
  for (const { id, object_type: name } of references) ids.set(name, (ids.get(name) ?? new Set()).add(id));
  const known = new Map<string, Shown>();
  for (const [name, wanted] of ids) {
    const target = looking.collectionOf(name);
    if (!target) continue;
    const { collection, presenter } = target;
    const found = await visible(collection, { field: 'id', values: [...wanted] }, looking);
    const rows = await presenter.present(found, looking);
    const shape: Shape = { depth: depth - 1, excludeMany: true, include: new Set() };
    for (const row of await shaped(collection, rows, shape, looking)) known.set(keyOf(name, String(row.id)), row);
  }
  const followed = (value: unknown): unknown =>
    isReference(value) ? (known.get(keyOf(value.object_type, value.id)) ?? value) : value;
  for (const row of shown)
    for (const name of names.filter((one) => Object.hasOwn(row, one))) {
      const value = row[name];
      row[name] = Array.isArray(value) ? (value as readonly unknown[]).map(followed) : followed(value);
    }
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'id' in value && 'object_type' in value;
}

/** Every row that the filter leaves of those that may be viewed. */
async function visible(
  { type, rows }: OpenCollection,
  filter: Filter,
  { principal, policy }: Looking,
): Promise<readonly AnyRow[]> {
  const scope = policy.scope(principal, 'view', type);
  if (scope.kind === 'none' || filter.values.length === 0) return [];
  const found: AnyRow[] = [];
  for (;;) {
    const page = await rows.list(type, { scope, filters: [filter], limit: pageSize, offset: found.length });
    found.push(...(page.rows as readonly AnyRow[]));
    if (page.rows.length < pageSize) return found;
  }
}
