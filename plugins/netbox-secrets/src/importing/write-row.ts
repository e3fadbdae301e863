import type { Changes, Rows, TypeDescriptor } from '@latchkey/host/extend';
import type { CustomFieldStep } from '../import/plan/steps';
import { byId, where } from '../service/rows';
import { given, rowOf, type RowStep } from './step-rows';

/** A type of the host, which is there. */
export function typeNamed({ types }: Rows, name: string): TypeDescriptor {
  const type = types.get(name);
  if (!type) throw new Error(`There is no type ${name}.`);
  return type;
}

/** The id, and the number where no other row has it. */
export async function ownOf(
  rows: Rows,
  type: TypeDescriptor,
  { id, number }: { readonly id: string; readonly number: number | undefined },
): Promise<Record<string, unknown>> {
  if (number === undefined) return { id };
  const filters = [where('number', number)];
  const { count } = await rows.list(type, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 });
  return count === 0 ? { id, number } : { id };
}

/** Makes the row of a step, unless it is there; whether it was made. */
export async function writeRow({ transaction, create }: Changes, step: RowStep): Promise<boolean> {
  const { type: name, input, own } = rowOf(step, transaction.types);
  const type = typeNamed(transaction, name);
  if (await byId(transaction, type, step.id)) return false;
  await create(type, input, { ...(await ownOf(transaction, type, step)), ...own });
  if (step.kind === 'custom-field') await writeChoices({ transaction, create }, step);
  return true;
}

async function writeChoices(
  { transaction, create }: Pick<Changes, 'transaction' | 'create'>,
  { id: field, choices }: CustomFieldStep,
): Promise<void> {
  const type = typeNamed(transaction, 'extras.customfieldchoice');
  for (const [at, { value, number }] of choices.entries()) {
    const { number: free } = await ownOf(transaction, type, { id: '', number });
    await create(type, { custom_field: { id: field }, value, weight: (at + 1) * 10 }, given({ number: free }));
  }
}
