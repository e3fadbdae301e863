import { filterKinds } from '../../collections/filter-kinds';
import type { OpenCollection } from '../../collections/collection';
import type { Principal } from '../../domain/access';
import type { AnyRow, RowOf, TypeDescriptor } from '../../domain/descriptor';
import { Forbidden, NotFound } from '../../domain/failures';
import { noRow } from '../../domain/messages';
import type { Policy } from '../../permissions/policy';
import { judge } from '../../permissions/related';

/** Who looks for a row. */
export interface Seeker {
  readonly principal: Principal;
  readonly policy: Policy;
}

/** Refuses who may view nothing of a type, before anything is looked up. */
export function permitView({ principal, policy }: Seeker, type: TypeDescriptor): void {
  if (policy.scope(principal, 'view', type).kind === 'none') throw new Forbidden();
}

/** The row that an address means, by id or by one of the collection's keys; what may not be viewed is not there. */
export async function findRow(collection: OpenCollection, key: string, seeker: Seeker): Promise<AnyRow> {
  const { type, keys, rows } = collection;
  permitView(seeker, type);
  for (const name of ['id', ...keys]) {
    const reading = filterKinds[type.fields[name]?.kind ?? 'secret'].filter?.safeParse(key);
    if (!reading?.success) continue;
    const row = (await rows.get(type, { [name]: reading.data } as Partial<RowOf<TypeDescriptor>>)) as
      | AnyRow
      | undefined;
    if (!row) continue;
    const { principal, policy } = seeker;
    if (!(await judge(policy, collection.definitions, { principal, action: 'view', type, before: row })).allowed) break;
    return row;
  }
  throw new NotFound(noRow(type));
}
