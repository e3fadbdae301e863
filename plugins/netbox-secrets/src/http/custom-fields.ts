import type { AnyRow, CustomField, Rows } from '@latchkey/host/extend';
import { allOf, where } from '../service/rows';
import type { Shape } from './shape';

/** The choices of selections by the id of the field. */
export type ChoicesByField = ReadonlyMap<string, readonly { readonly number: number; readonly value: string }[]>;

/** The choices that the selections among the fields offer. */
export async function choicesOf(rows: Rows, fields: readonly CustomField[]): Promise<ChoicesByField> {
  const ids = fields.filter(({ type }) => type.endsWith('select')).map(({ id }) => id);
  const type = rows.types.get('extras.customfieldchoice');
  if (ids.length === 0 || !type) return new Map();
  const found = (await allOf(rows, type, [where('custom_field', ...ids)])) as unknown as readonly AnyRow[];
  return new Map(
    ids.map((id) => [
      id,
      found
        .filter((row) => row.custom_field === id)
        .map(({ number, value }) => ({ number: Number(number), value: String(value) })),
    ]),
  );
}

/** The values of every field; 2.9 shows a choice with its number. */
export function shownCustomFields(
  { fields, choices }: { readonly fields: readonly CustomField[]; readonly choices: ChoicesByField },
  values: Readonly<Record<string, unknown>>,
  shape: Shape,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ id, key, type }) => {
      const value = values[key] ?? null;
      if (shape === '2.11' || type !== 'select' || value === null) return [key, value];
      const choice = choices.get(id)?.find((one) => one.value === value);
      return [key, choice ? { value: choice.number, label: choice.value } : value];
    }),
  );
}

/** The values that a body gives, with the numbers of choices turned into what they stand for. */
export function readCustomFields(
  { fields, choices }: { readonly fields: readonly CustomField[]; readonly choices: ChoicesByField },
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const field = fields.find((one) => one.key === key);
      if (field?.type !== 'select' || !Number.isInteger(value)) return [key, value];
      return [key, choices.get(field.id)?.find(({ number }) => number === value)?.value ?? value];
    }),
  );
}
