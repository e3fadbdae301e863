import type { OpenCollection } from '../../collections/collection';
import type { AnyRow } from '../../domain/descriptor';
import { InvalidInput } from '../../domain/failures';
import type { ListQuery } from '../../domain/ports';

const pageSize = 1000;
const mostRows = 10_000;

/** Every row that a list asks for, whatever page of it; refused where they are too many for one answer. */
export async function allRows({ type, rows }: OpenCollection, query: ListQuery): Promise<AnyRow[]> {
  const found: AnyRow[] = [];
  for (;;) {
    const page = await rows.list(type, { ...query, limit: pageSize, offset: found.length });
    if (page.count > mostRows) {
      throw new InvalidInput({ non_field_errors: [`More than ${mostRows} rows: narrow the filter.`] });
    }
    found.push(...(page.rows as readonly AnyRow[]));
    if (page.rows.length < pageSize) return found;
  }
}
