import type { Catalogue } from '../catalogue';
import { keyOf, naturalName } from '../record-store';
import type { NetboxRecord } from '../records/record-kinds';
import type { ImportTally } from '../report';
import { stableId } from '../stable-id';

/** What the plan asks about rows that are there already. */
export interface Existing {
  user(username: string): Promise<{ readonly id: string; readonly is_superuser: boolean } | undefined>;
  /** The id of a row that goes by the same: a tag or a role by slug or else by name, an object by type and name. */
  find(
    kind: 'group' | 'tag' | 'role' | 'object' | 'custom-field',
    by: Readonly<Record<string, string>>,
  ): Promise<string | undefined>;
}

/** An installation without rows. */
export const nothingExists: Existing = {
  user: async () => undefined,
  find: async () => undefined,
};

/** What every part of the plan works with. */
export interface PlanContext {
  readonly catalogue: Catalogue;
  readonly instance: string;
  readonly existing: Existing;
  readonly tally: ImportTally;
  readonly masterKeys: readonly Buffer[];
  /** The ids of planned and of merged rows, by kind and key. */
  readonly ids: Map<string, string>;
  /** The keys of users that were there before. */
  readonly merged: Set<number | string>;
}

/** The id that a record has in every import. */
export const ownId = ({ instance }: PlanContext, record: NetboxRecord): string =>
  stableId(instance, record.kind, keyOf(record));

/** Lets others refer to a record by an id: its own, or that of the row that it is merged with. */
export const settleId = ({ ids }: PlanContext, record: NetboxRecord, id: string): string => {
  ids.set(`${record.kind} ${keyOf(record)}`, id);
  return id;
};

/** The id of a record that was settled. */
export const idOf = ({ ids }: PlanContext, record: NetboxRecord | undefined): string | undefined =>
  record && ids.get(`${record.kind} ${keyOf(record)}`);

/** Settles a record on the row that goes by the same, or on its own id; whether a step is needed. */
export async function settle(
  context: PlanContext,
  record: NetboxRecord & { kind: 'tag' | 'old-tag' | 'role' | 'device' | 'virtual-machine' | 'custom-field' },
  kind: Parameters<Existing['find']>[0],
  by: Readonly<Record<string, string>>,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const own = ownId(context, record);
  const id = (await context.existing.find(kind, by)) ?? own;
  if (id !== own)
    context.tally.find({ code: 'row-merged', of: record.kind, pk: record.pk, detail: naturalName(record) });
  return { id: settleId(context, record, id), isNew: id === own };
}

/** Groups the records of a link by what one of its ends is. */
export function groupBy<T, K>(items: readonly T[], key: (item: T) => K | undefined): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const one = key(item);
    if (one === undefined) continue;
    const group = groups.get(one);
    if (group) group.push(item);
    else groups.set(one, [item]);
  }
  return groups;
}
