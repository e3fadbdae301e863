import { choicesOfField, type CustomField, type CustomFieldKind } from '../domain/custom-fields';
import type { Rows } from '../domain/ports';
import { normalInstant } from '../permissions/constraints/operands';
import { compilePattern } from '../permissions/constraints/patterns';

/** A value in the form that is kept, or what is wrong with it. */
export type CustomReading = { readonly value: unknown } | { readonly fault: string };

type Reader = (value: unknown, field: CustomField, choices: readonly string[]) => CustomReading;

const fault = (message: string): CustomReading => ({ fault: message });

// Nautobot's ALLOWED_URL_SCHEMES: a link that is shown must not run a script.
const schemes: ReadonlySet<string> = new Set(
  'file ftp ftps http https irc mailto sftp ssh tel telnet tftp vnc xmpp'.split(' ').map((scheme) => `${scheme}:`),
);
const truths = new Map<string, boolean>([
  ...['y', 'yes', 't', 'true', 'on', '1'].map((word) => [word, true] as const),
  ...['n', 'no', 'f', 'false', 'off', '0'].map((word) => [word, false] as const),
]);
const day = /^\d{4}-\d\d-\d\d$/;
const instant = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)$/;

const isDay = (text: string): boolean =>
  day.test(text) && (normalInstant(`${text}T00:00:00Z`)?.startsWith(text) ?? false);

/** What the limits of a field say to a text. */
function textLimits(
  text: string,
  { validation_minimum: min, validation_maximum: max, validation_regex: regex }: CustomField,
): string | undefined {
  const length = min === null && max === null ? 0 : [...text].length;
  if (min !== null && length < min) return `Value must be at least ${min} characters in length`;
  if (max !== null && length > max) return `Value must not exceed ${max} characters in length`;
  if (regex === '') return undefined;
  const pattern = compilePattern(regex, false);
  return 'fault' in pattern || !pattern.test(text) ? `Value must match regex '${regex}'` : undefined;
}

const text: Reader = (value, field) => {
  if (typeof value !== 'string') return fault('Value must be a string');
  const refusal = textLimits(value, field);
  return refusal === undefined ? { value } : fault(refusal);
};

const integer: Reader = (value, { validation_minimum: min, validation_maximum: max }) => {
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number)) return fault('Value must be an integer.');
  if (min !== null && (number as number) < min) return fault(`Value must be at least ${min}`);
  if (max !== null && (number as number) > max) return fault(`Value must not exceed ${max}`);
  return { value: number };
};

// What is in a body may have a `toString` of its own, which is no function.
const plain = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
const shown = (value: unknown): string =>
  (Array.isArray(value) ? `[${value.map((one) => `'${plain(one)}'`).join(', ')}]` : plain(value)).slice(0, 255);
const available = (choices: readonly string[]): string => `Available choices are: ${choices.join(', ')}`;

/** Reads a value for a custom field of each type, with Nautobot's messages; null and what is empty are read before. */
const readers: Readonly<Record<CustomFieldKind, Reader>> = {
  text,
  markdown: text,
  url: (value, field, choices) => {
    const reading = text(value, field, choices);
    if ('fault' in reading) return reading;
    const known = URL.canParse(value as string) && schemes.has(new URL(value as string).protocol);
    return known ? reading : fault('Enter a valid URL.');
  },
  integer,
  boolean: (value) => {
    const truth = typeof value === 'object' ? undefined : truths.get(String(value).toLowerCase());
    return truth === undefined ? fault('Value must be true or false.') : { value: truth };
  },
  date: (value) =>
    typeof value === 'string' && isDay(value) ? { value } : fault('Date values must be in the format YYYY-MM-DD.'),
  datetime: (value) => {
    const [, on = '', at, offset] = (typeof value === 'string' && instant.exec(value)) || [];
    const normal = isDay(on) ? normalInstant(`${on}T${at}${offset}`) : undefined;
    return normal === undefined
      ? fault('Datetime values must be in the format YYYY-MM-DDThh:mm[:ss][+HH:MM|Z].')
      : { value: normal };
  },
  select: (value, _field, choices) =>
    typeof value === 'string' && choices.includes(value)
      ? { value }
      : fault(`Invalid choice (${shown(value)}). ${available(choices)}`),
  'multi-select': (value, _field, choices) => {
    const values: unknown = typeof value === 'string' ? value.split(',') : value;
    return Array.isArray(values) && values.every((one) => choices.includes(one as string))
      ? { value: [...new Set(values)] }
      : fault(`Invalid choice(s) (${shown(values)}). ${available(choices)}`);
  },
  json: (value, field) => {
    const refusal = textLimits(JSON.stringify(value), field);
    return refusal === undefined ? { value } : fault(refusal);
  },
};

const selections: ReadonlySet<string> = new Set<CustomFieldKind>(['select', 'multi-select']);

/** Whether the values of a field are chosen from what it offers. */
export function isSelection({ type }: Pick<CustomField, 'type'>): boolean {
  return selections.has(type);
}

const keptEmpty: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(['""']),
  markdown: new Set(['""']),
  url: new Set(['""']),
  'multi-select': new Set(['[]']),
  json: new Set(['""', '[]']),
};

/** Reads a value for a custom field. */
export async function readCustomValue(rows: Rows, field: CustomField, value: unknown): Promise<CustomReading> {
  const json = JSON.stringify(value);
  if (value === null || json === '""' || json === '[]') {
    if (field.required) return fault('Required field cannot be empty.');
    return { value: keptEmpty[field.type]?.has(json) ? value : null };
  }
  const choices = isSelection(field) ? await choicesOfField(rows, field) : [];
  return readers[field.type as CustomFieldKind](value, field, choices);
}
