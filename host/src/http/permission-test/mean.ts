import type { Principal } from '../../domain/access';
import type { AnyRow, TypeDescriptor } from '../../domain/descriptor';
import { InvalidInput } from '../../domain/failures';
import { readReference } from '../../writes/references';
import type { HttpServices } from '../services';

/** The row that a field of a body means; what may not be viewed is answered as what is not there. */
export async function mean(
  { collections, policy }: HttpServices,
  principal: Principal,
  { type, field, input }: { readonly type: TypeDescriptor; readonly field: string; readonly input: unknown },
): Promise<AnyRow> {
  const rows = collections.find((collection) => collection.type === type)?.definitions;
  if (!rows) throw new TypeError(`There is no collection of ${type.name}.`);
  const typeOf = (name: string): TypeDescriptor => rows.types.targets.get(name) ?? type;
  const reading = await readReference({ rows, policy, principal, typeOf }, type, input);
  if ('fault' in reading)
    throw new InvalidInput({ [field]: typeof reading.fault === 'string' ? [reading.fault] : reading.fault });
  return (await rows.get(type, { id: reading.value as string })) as unknown as AnyRow;
}
