import type { AnyRow, CustomField, Rows } from '@latchkey/host/extend';
import { allOf, where } from '../service/rows';
import type { Shape } from './shape';
import { isWhole } from './text';

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

/** Fields, and what the selections among them offer. */
interface Known {
  readonly fields: readonly CustomField[];
  readonly choices: ChoicesByField;
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);
const flag = (value: unknown): boolean | undefined => flags.get(String(value).toLowerCase());
const isDay = /^\d{4}-\d\d?-\d\d?$/;

/** What NetBox 2.9 says of a value that a field cannot hold; undefined where it can. */
const faultsOf: Readonly<Record<string, (name: string, value: unknown) => string | undefined>> = {
  integer: (name, value) =>
    isWhole(String(value)) ? undefined : `Invalid value for integer field ${name}: ${String(value)}`,
  boolean: (name, value) =>
    flag(value) !== undefined ? undefined : `Invalid value for boolean field ${name}: ${String(value)}`,
  date: (name, value) =>
    isDay.test(String(value)) && !Number.isNaN(Date.parse(String(value)))
      ? undefined
      : `Invalid date for field ${name}: ${String(value)}. (Required format is YYYY-MM-DD.)`,
};

/** What NetBox 2.9 says of the first value that is wrong; a choice may be given by its text, too. */
export function faultOfCustomFields(
  { fields, choices }: Known,
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [key, value] of Object.entries(given)) {
    const field = fields.find((one) => one.key === key);
    if (!field) return `Invalid custom field for secrets | secret objects: ${key.slice(0, 255)}`;
    if (value === null || value === '') {
      if (field.required) return `Required field ${key} cannot be empty.`;
      continue;
    }
    const shown = typeof value === 'string' ? value.slice(0, 255) : value;
    const offered = field.type === 'select' ? (choices.get(field.id) ?? []) : undefined;
    if (offered && !offered.some(({ value: text, number }) => text === value || String(number) === String(value)))
      return isWhole(String(value))
        ? `Invalid choice for field ${key}: ${String(shown)}`
        : `${key}: Choice selections must be passed as integers.`;
    const fault = faultsOf[field.type]?.(key, shown);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const whole = (value: unknown): unknown => (typeof value === 'string' && isWhole(value) ? Number(value) : value);

/** How a value is taken of a field, where NetBox takes more than the host. */
const conversions: Readonly<Record<string, (value: unknown) => unknown>> = {
  text: (value) => (typeof value === 'number' ? String(value) : value),
  integer: whole,
  boolean: (value) => flag(value) ?? value,
};

/** The values that a body gives, with the numbers of choices turned into what they stand for. */
export function readCustomFields(
  { fields, choices }: Known,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const field = fields.find((one) => one.key === key);
      if (!field || value === null) return [key, value];
      if (value === '' && field.type !== 'text') return [key, null];
      if (field.type !== 'select') return [key, conversions[field.type]?.(value) ?? value];
      const offered = choices.get(field.id) ?? [];
      if (offered.some((one) => one.value === value)) return [key, value];
      return [key, offered.find(({ number }) => number === whole(value))?.value ?? value];
    }),
  );
}
