import { filterKinds } from '../../collections/filter-kinds';
import { ownPart, ownRows } from '../../collections/listing';
import type { OpenCollection } from '../../collections/collection';
import type { Action, Principal } from '../../domain/access';
import type { AnyRow, RowOf, TypeDescriptor } from '../../domain/descriptor';
import { Forbidden, NotFound } from '../../domain/failures';
import { noRow } from '../../domain/messages';
import type { Filter } from '../../domain/ports';
import type { Policy } from '../../permissions/policy';
import { judge, seesSubject } from '../../permissions/related';
import type { HttpServices } from '../services';

/** Who looks for a row. */
export interface Seeker {
  readonly principal: Principal;
  readonly policy: Policy;
}

/** Refuses who may do this to no row of a type, before anything is looked up. */
export function permitAny({ principal, policy }: Seeker, action: Action, type: TypeDescriptor): void {
  if (policy.scope(principal, action, type).kind === 'none') throw new Forbidden();
}

/** The row that an address means, by id or by one of the collection's keys; what this may not be done to is not there. */
export async function findRow(
  collection: OpenCollection,
  key: string,
  seeker: Seeker,
  action: Action = 'view',
): Promise<AnyRow> {
  const { type } = collection;
  permitAny(seeker, action, type);
  const row = await meant(collection, key);
  const { principal, policy } = seeker;
  if (!row || !(await judge(policy, collection.definitions, { principal, action, type, before: row })).allowed)
    throw new NotFound(noRow(type));
  if (!(await seesSubject(policy, collection.definitions, { principal, type, row }))) throw new NotFound(noRow(type));
  return row;
}

/** The row of an id, or the only one that a key means: what is one row's name and another's slug means neither. */
async function meant({ type, keys, rows, within }: OpenCollection, key: string): Promise<AnyRow | undefined> {
  const by = async (name: string): Promise<AnyRow | undefined> => {
    const reading = filterKinds[type.fields[name]?.kind ?? 'secret'].filter?.safeParse(key);
    if (!reading?.success) return undefined;
    const fields = { ...within, [name]: reading.data } as Partial<RowOf<TypeDescriptor>>;
    return (await rows.get(type, fields)) as AnyRow | undefined;
  };
  let found = await by('id');
  if (found) return found;
  for (const name of keys) {
    const row = await by(name);
    if (row && found && row.id !== found.id) return undefined;
    found ??= row;
  }
  return found;
}

/** The same, within what {@link ownOnly} leaves. */
export async function findOwnRow(
  services: HttpServices,
  collection: OpenCollection,
  key: string,
  principal: Principal,
): Promise<AnyRow> {
  const row = await findRow(collection, key, { principal, policy: services.policy });
  const mine = ownOnly(services, collection, principal).every(({ field, values }) =>
    values.includes(row[field] as string),
  );
  if (!mine) throw new NotFound(noRow(collection.type));
  return row;
}

/**
 * What narrows a collection to its own part of a type's rows, and one of owned rows to one's own; the owner of the data
 * folder, on its socket, has everybody's.
 */
export function ownOnly({ localActing }: HttpServices, collection: OpenCollection, principal: Principal): Filter[] {
  return [...ownPart(collection), ...(localActing ? [] : ownRows(collection, principal))];
}
