import type { Field, FieldKind } from '../domain/descriptor';
import type { ItemFaults } from '../domain/failures';
import { notAList, pythonType } from '../domain/messages';
import type { Choices } from '../domain/secrets';
import { textFault } from './text';

/** What reading one field of an input gives: the value to keep, or what is wrong with it. */
export type FieldReading = { readonly value: unknown } | { readonly fault: string | ItemFaults };

type Reader = (input: unknown, field: Field, choices: Choices) => FieldReading;

const fault = (message: string): FieldReading => ({ fault: message });
/** The most items of a list, or of the rows that one refers to. */
export const mostItems = 1000;
/** Said of a list with more. */
export const tooManyItems = `Ensure this field has no more than ${mostItems} elements.`;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const datetime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/;
const words = new Map<unknown, boolean>(Object.entries({ true: true, false: false, 1: true, 0: false }));

/** True for a UUID in its usual form. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}

function readText(input: unknown, field: Field, trim: boolean): FieldReading {
  if (typeof input !== 'string' && typeof input !== 'number') return fault('Not a valid string.');
  const value = trim ? String(input).trim() : String(input);
  const refusal = textFault(value, field.max);
  if (refusal) return fault(refusal);
  if (value === '') return field.default === '' ? { value } : fault('This field may not be blank.');
  return field.pattern && !field.pattern.expression.test(value) ? fault(field.pattern.message) : { value };
}

function readChoice(input: unknown, field: Field, choices: Choices): FieldReading {
  const known = field.oneOf ?? (field.choices ? choices[field.choices] : {});
  // As it is shown: with its label.
  const given =
    field.oneOf && typeof input === 'object' ? (input as { readonly value?: unknown } | null)?.value : input;
  if (typeof given === 'string' && Object.hasOwn(known, given)) return { value: given };
  const scalar = typeof given !== 'object' && String(given).length <= 255 && !textFault(String(given));
  return fault(scalar ? `"${String(given)}" is not a valid choice.` : 'Not a valid choice.');
}

function readJson(input: unknown): FieldReading {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return fault(`Expected a dictionary of items but got type "${pythonType(input)}".`);
  const refusal = jsonFault(input);
  return refusal ? fault(refusal) : { value: input };
}

function readList(input: unknown, field: Field): FieldReading {
  if (!Array.isArray(input)) return fault(notAList(input));
  if (input.length > mostItems) return fault(tooManyItems);
  if (input.length === 0 && !field.mayBeEmpty) return fault('This field cannot be blank.');
  const faults: Record<string, readonly string[]> = {};
  const items = input.map((given: unknown, index) => {
    const item = typeof given === 'string' ? given.trim() : undefined;
    const refusal = item === undefined ? 'Not a valid string.' : textFault(item, field.max);
    if (refusal || item === '') faults[index] = [refusal ?? 'This field may not be blank.'];
    return item;
  });
  return Object.keys(faults).length > 0 ? { fault: faults } : { value: [...new Set(items)] };
}

/** What each kind of field takes from outside, with Nautobot's messages; a reference is read with the database. */
export const fieldKinds = {
  id: (input) => (isUuid(input) ? { value: input.toLowerCase() } : fault('Must be a valid UUID.')),
  number: (input) => (Number.isSafeInteger(input) ? { value: input } : fault('A valid integer is required.')),
  text: (input, field) => readText(input, field, true),
  secret: (input, field) => readText(input, field, false),
  choice: readChoice,
  json: readJson,
  flag: (input) => {
    const value = typeof input === 'object' ? undefined : words.get(String(input).toLowerCase());
    return value === undefined ? fault('Must be a valid boolean.') : { value };
  },
  datetime: (input) => {
    const time = typeof input === 'string' && datetime.test(input) ? Date.parse(input) : NaN;
    return Number.isNaN(time)
      ? fault('Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss][+HH:MM|Z].')
      : { value: new Date(time).toISOString() };
  },
  reference: () => fault('Not a valid reference.'),
  references: () => fault('Not valid references.'),
  list: readList,
  // What it means depends on the rest of the row, so that a rule of the type reads it.
  constraint: (input) => ({ value: input }),
} as const satisfies Record<FieldKind, Reader>;

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
const deepest = 32;

function jsonFault(value: unknown, depth = 1): string | undefined {
  if (typeof value === 'string') return textFault(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > deepest) return `Nested deeper than ${deepest} levels.`;
  for (const [key, inner] of Object.entries(value)) {
    if (forbidden.has(key)) return `The name "${key}" is not allowed.`;
    const refusal = textFault(key) ?? jsonFault(inner, depth + 1);
    if (refusal) return refusal;
  }
  return undefined;
}
