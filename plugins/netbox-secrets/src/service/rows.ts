import type { Filter, Rows, TypeDescriptor, RowOf } from '@latchkey/host/extend';

const pageSize = 1000;

/** Every row of a type that the filters leave, past permissions. */
export async function allOf<T extends TypeDescriptor>(
  rows: Rows,
  type: T,
  filters: readonly Filter[] = [],
): Promise<RowOf<T>[]> {
  const found: RowOf<T>[] = [];
  for (;;) {
    const query = { scope: { kind: 'all' }, filters, limit: pageSize, offset: found.length } as const;
    const page = await rows.list(type, query);
    found.push(...page.rows);
    if (page.rows.length < pageSize) return found;
  }
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
