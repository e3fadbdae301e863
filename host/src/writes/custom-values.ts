import { customFieldsOf } from '../domain/custom-fields';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { Rows } from '../domain/ports';
import { readCustomValue } from './custom-kinds';
import type { Faults } from './validate';

type Values = Readonly<Record<string, unknown>>;

// A page of rows is read whole.
const mostText = 65_536;

/**
 * The values that a row would have of its custom fields: what is given over what it had, a default where it has nothing.
 * What is wrong is said of the row as a whole, as Nautobot does.
 */
export async function customValuesAfter(
  rows: Rows,
  type: TypeDescriptor,
  { before, given }: { readonly before: AnyRow | undefined; readonly given: unknown },
  faults: Faults,
): Promise<Values> {
  const fields = await customFieldsOf(rows, type);
  const [had, input] = [before?.custom_fields ?? {}, given ?? {}] as [Values, Values];
  const values: Record<string, unknown> = { ...had };
  for (const name of Object.keys(input))
    if (!fields.some(({ key }) => key === name))
      faults.add('__all__', `Unknown field name '${name.slice(0, 255)}' in custom field data.`);
  for (const field of fields) {
    const { key } = field;
    const isGiven = Object.hasOwn(input, key);
    if (!isGiven && Object.hasOwn(values, key)) continue;
    if (!isGiven && field.default === null) {
      if (field.required) faults.add('__all__', `Missing required custom field '${key}'.`);
      continue;
    }
    const reading = await readCustomValue(rows, field, isGiven ? input[key] : field.default);
    if ('fault' in reading) faults.add('__all__', `Invalid value for custom field '${key}': ${reading.fault}`);
    else values[key] = reading.value;
  }
  if (JSON.stringify(values).length > mostText)
    faults.add('__all__', `The custom fields of a row hold at most ${mostText} characters of JSON together.`);
  return values;
}
