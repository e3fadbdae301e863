import type { Filter, Rows, Scope, TypeDescriptor, RowOf } from '@latchkey/host/extend';

const pageSize = 1000;
const everything = { kind: 'all' } as const;

/** Every row of a type that the filters leave, past permissions. */
export async function allOf<T extends TypeDescriptor>(
  rows: Rows,
  type: T,
  filters: readonly Filter[] = [],
): Promise<RowOf<T>[]> {
  const found: RowOf<T>[] = [];
  for (;;) {
    const query = { scope: everything, filters, limit: pageSize, offset: found.length, count: 'none' } as const;
    const page = await rows.list(type, query);
    found.push(...page.rows);
    if (page.rows.length < pageSize) return found;
  }
}

/** As many as a page may have that comes from memory. */
const kept = 100;

/** The rows with these ids, by id, as far as a scope reaches; a list of up to 100 may come from memory. */
export async function rowsWith<T extends TypeDescriptor>(
  rows: Rows,
  type: T,
  ids: readonly string[],
  scope: Scope = everything,
): Promise<ReadonlyMap<string, RowOf<T>>> {
  const wanted = [...new Set(ids)];
  const limit = wanted.length > kept ? pageSize : kept;
  const parts = Array.from({ length: Math.ceil(wanted.length / limit) }, (_, i) =>
    wanted.slice(i * limit, (i + 1) * limit),
  );
  const pages = await Promise.all(
    parts.map((part) =>
      rows.list(type, { scope, filters: [where('id', ...part)], order: ['id'], limit, offset: 0, count: 'none' }),
    ),
  );
  return new Map(pages.flatMap((page) => page.rows.map((row) => [row.id, row] as [string, RowOf<T>])));
}

/** The one row with this id, or undefined. */
export async function byId<T extends TypeDescriptor>(rows: Rows, type: T, id: string): Promise<RowOf<T> | undefined> {
  return rows.get(type, { id } as unknown as Partial<RowOf<T>>);
}

/** A filter on one field. */
export const where = (field: string, ...values: Filter['values'][number][]): Filter => ({ field, values });

/** What is kept as base64. */
export const toText = (bytes: Buffer): string => bytes.toString('base64');
export const toBytes = (text: unknown): Buffer => Buffer.from(typeof text === 'string' ? text : '', 'base64');
