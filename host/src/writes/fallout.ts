import type { AnyRow, Field, TypeDescriptor } from '../domain/descriptor';
import { keyOf } from '../domain/keys';
import type { Filter, Rows } from '../domain/ports';

/** A row that changes, or goes, because another goes. */
export interface Fallout {
  readonly type: TypeDescriptor;
  readonly before: AnyRow;
  /** Undefined where the row goes too. */
  readonly after: AnyRow | undefined;
}

/** The row that goes, and the types whose rows may refer to it. */
export interface Removal {
  readonly type: TypeDescriptor;
  readonly id: string;
  readonly types: readonly TypeDescriptor[];
}

const pageSize = 1000;

/** Everything that a removal takes along: rows that go, those that lose a reference, and what is about any of them. */
export async function falloutOf(rows: Rows, removal: Removal): Promise<Fallout[]> {
  const found = new Map<string, Fallout>();
  await collect(rows, removal, found);
  return [...found.values()];
}

async function collect(rows: Rows, { type, id, types }: Removal, found: Map<string, Fallout>): Promise<void> {
  const goes = async (other: TypeDescriptor, row: AnyRow): Promise<void> => {
    const key = keyOf(other.name, row.id);
    const known = found.get(key);
    if (known && known.after === undefined) return;
    found.set(key, { type: other, before: known?.before ?? row, after: undefined });
    await collect(rows, { type: other, id: row.id, types }, found);
  };
  const changes = (other: TypeDescriptor, row: AnyRow, lost: (row: AnyRow) => Record<string, unknown>): void => {
    const key = keyOf(other.name, row.id);
    const known = found.get(key);
    if (known && known.after === undefined) return;
    const last = known?.after ?? row;
    found.set(key, { type: other, before: known?.before ?? row, after: { ...last, ...lost(last) } });
  };
  for (const other of types) {
    for (const [name, field] of Object.entries<Field>(other.fields)) {
      if (field.target !== type.name || field.onDelete === 'restrict') continue;
      const referring = await all(rows, other, [{ field: name, values: [id] }]);
      for (const row of referring) {
        if (field.kind === 'references')
          changes(other, row, (last) => ({ [name]: (last[name] as readonly string[]).filter((one) => one !== id) }));
        else if (field.onDelete === 'cascade') await goes(other, row);
        else if (field.onDelete === 'set-null') changes(other, row, () => ({ [name]: null }));
      }
    }
    if (!other.about) continue;
    const about = [
      { field: other.about.type, values: [type.name] },
      { field: other.about.id, values: [id] },
    ];
    for (const row of await all(rows, other, about)) await goes(other, row);
  }
}

async function all(rows: Rows, type: TypeDescriptor, filters: readonly Filter[]): Promise<AnyRow[]> {
  const found: AnyRow[] = [];
  for (;;) {
    const query = { scope: { kind: 'all' }, filters, limit: pageSize, offset: found.length } as const;
    const page = await rows.list(type, query);
    found.push(...(page.rows as unknown as AnyRow[]));
    if (page.rows.length < pageSize) return found;
  }
}
