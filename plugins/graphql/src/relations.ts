import type { OpenCollection, TypeDescriptor } from '@latchkey/host/extend';
import type { RowsOfRequest, Seen } from './rows';

/** A way from a row to others: whose they are, whether there may be several, and how they are found. */
export interface Way {
  readonly to: OpenCollection;
  readonly many: boolean;
  follow(seen: Seen, rows: RowsOfRequest): Promise<readonly Seen[]>;
}

/** Finds ways between collections; none leads to rows that belong to someone, such as tokens. */
export function waysAmong(collections: readonly OpenCollection[], listName: (collection: OpenCollection) => string) {
  const open = collections.filter(({ owner }) => owner === undefined);
  const whole = new Map(open.filter(({ within }) => within === undefined).map((one) => [one.type.name, one]));

  /** The way that a field is by itself. */
  function forward(type: TypeDescriptor, name: string): Way | undefined {
    const { kind, target = '' } = type.fields[name] ?? {};
    const to = kind === 'reference' || kind === 'references' ? whole.get(target) : undefined;
    if (!to) return undefined;
    const follow: Way['follow'] = async ({ row }, rows) => rows.byIds(to, [row[name]].flat());
    return { to, many: kind === 'references', follow };
  }

  /** The ways that other rows make by what they refer to, by name: the relations of the type, then who refers to it. */
  function backward(type: TypeDescriptor): ReadonlyMap<string, Way> {
    const ways = new Map<string, Way>();
    for (const [name, { target, via }] of Object.entries(type.relations ?? {})) {
      const [joining, far] = [whole.get(via?.type ?? ''), whole.get(target)];
      if (!via || !joining || !far) continue;
      const near: Way['follow'] = ({ row }, rows) => rows.where(joining, via.from, row.id);
      const follow: Way['follow'] = async (seen, rows) => {
        const joins = await near(seen, rows);
        return rows.byIds(
          far,
          joins.map(({ row }) => row[via.to]),
        );
      };
      ways.set(name, { to: far, many: true, follow: via.to === 'id' ? near : follow });
    }
    for (const from of open)
      for (const [field, { kind, target }] of Object.entries(from.type.fields)) {
        if (kind !== 'reference' || target !== type.name) continue;
        const name = ways.has(listName(from)) ? `${listName(from)}_by_${field}` : listName(from);
        const isKnown = from.within === undefined && hasWay(type, from.type.name, field);
        if (!isKnown)
          ways.set(name, { to: from, many: true, follow: ({ row }, rows) => rows.where(from, field, row.id) });
      }
    return ways;
  }

  return { forward, backward };
}

function hasWay({ relations = {} }: TypeDescriptor, type: string, from: string): boolean {
  return Object.values(relations).some(({ via }) => via?.type === type && via.from === from && via.to === 'id');
}
