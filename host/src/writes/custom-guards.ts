import {
  customFieldChoiceType,
  customFieldType,
  mostCustomFields,
  type CustomField,
  type CustomFieldChoice,
  type CustomFieldKind,
} from '../domain/custom-fields';
import type { FieldFaults } from '../domain/failures';
import type { Rows } from '../domain/ports';
import { compilePattern } from '../permissions/constraints/patterns';
import { chosen } from './custom-carry';
import { isSelection, readCustomValue } from './custom-kinds';
import type { Guard, GuardedChange } from './guard';

const typeForm = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;
const keyForm = /^[_A-Za-z][_0-9A-Za-z]*$/;
// What no JSON that is kept may have for a name.
const noKeys: ReadonlySet<string> = new Set(['constructor', 'prototype']);
const limited: ReadonlySet<CustomFieldKind> = new Set([
  'text',
  'integer',
  'url',
  'select',
  'multi-select',
  'json',
  'markdown',
]);
const matched: ReadonlySet<CustomFieldKind> = new Set(['text', 'url', 'select', 'multi-select', 'json', 'markdown']);
// What a column of whole numbers holds on every engine.
const most = 2 ** 31 - 1;

/** A custom field has a key that filters and templates can say, for life, and rules that go with its type. */
async function guardCustomField({ rows, before, after }: GuardedChange): Promise<FieldFaults | undefined> {
  if (!after) return undefined;
  const [was, field] = [before as CustomField | undefined, after as unknown as CustomField];
  const faults: Record<string, readonly string[]> = {};
  const say = (name: string, message: string | undefined): void => {
    if (message !== undefined) faults[name] ??= [message];
  };
  // Those that it had may be of a plugin that is away.
  for (const name of field.content_types)
    if (!was?.content_types.includes(name)) say('content_types', contentTypeFault(rows, name));
  say('key', was && was.key !== field.key ? 'Key cannot be changed once created' : keyFault(field.key));
  if (was && was.type !== field.type) say('type', 'Type cannot be changed once created');
  say('weight', rangeFault(field.weight, 0, 32_767));
  for (const [name, word] of [
    ['validation_minimum', 'minimum'],
    ['validation_maximum', 'maximum'],
  ] as const) {
    if (field[name] === null) continue;
    const fits = limited.has(field.type as CustomFieldKind);
    say(name, fits ? rangeFault(field[name], -most, most) : `A ${word} value may not be set for fields of this type`);
  }
  say('validation_regex', regexFault(field));
  if (Object.keys(field.scope_filter).length > 0) say('scope_filter', 'A custom field is for every row of its types.');
  if (Object.keys(faults).length > 0) return faults;
  if (field.default !== null) {
    const reading = await readCustomValue(rows, field, field.default);
    if ('fault' in reading) return { default: [`Invalid default value "${shown(field.default)}": ${reading.fault}`] };
  }
  return was ? undefined : tooMany(rows);
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 255);

function contentTypeFault(rows: Rows, name: string): string | undefined {
  if (rows.types.get(name)?.customizable) return undefined;
  return typeForm.test(name)
    ? `Invalid content type: ${name}`
    : "Invalid value. Specify a content type as '<app_label>.<model_name>'.";
}

function keyFault(key: string | undefined): string | undefined {
  if (key === undefined) return 'This field is required.';
  if (!keyForm.test(key))
    return 'This key is not Python/GraphQL safe. Please do not start the key with a digit and do not use hyphens or whitespace';
  // `cf_a__n` must mean one thing alone.
  if (key.includes('__') || key.endsWith('_')) return 'A key has no two underscores in a row, and none at its end.';
  return noKeys.has(key) ? 'This key cannot be used.' : undefined;
}

function rangeFault(value: number, low: number, high: number): string | undefined {
  if (value < low) return `Ensure this value is greater than or equal to ${low}.`;
  return value > high ? `Ensure this value is less than or equal to ${high}.` : undefined;
}

function regexFault({ validation_regex: regex, type }: CustomField): string | undefined {
  if (regex === '') return undefined;
  if (!matched.has(type as CustomFieldKind))
    return 'Regular expression validation is not supported for fields of this type';
  const pattern = compilePattern(regex, false);
  return 'fault' in pattern ? pattern.fault : undefined;
}

async function tooMany(rows: Rows): Promise<FieldFaults | undefined> {
  const { count } = await rows.list(customFieldType, { scope: { kind: 'all' }, limit: 1, offset: 0 });
  return count < mostCustomFields ? undefined : { __all__: [`There are at most ${mostCustomFields} custom fields.`] };
}

/** A choice is of a selection, meets its rules, and stays while it is in use. */
async function guardChoice({ rows, before, after }: GuardedChange): Promise<FieldFaults | undefined> {
  const [was, choice] = [before as CustomFieldChoice | undefined, after as CustomFieldChoice | undefined];
  const id = (choice ?? was)?.custom_field;
  const field = id === undefined ? undefined : await rows.get(customFieldType, { id });
  if (!field) return undefined;
  if (was && was.custom_field !== field.id) return { custom_field: ['This field may not be changed.'] };
  if (!choice) return was && leavingFault(rows, field, was.value);
  if (!isSelection(field)) return whole('Custom field choices can only be assigned to selection fields.');
  if (was && was.value !== choice.value && isDefault(field, was.value))
    return { value: ['Cannot change this choice because it is the default value for the field.'] };
  const weight = rangeFault(choice.weight, 0, 32_767);
  if (weight) return { weight: [weight] };
  const message = valueFault(field, choice.value);
  return message === undefined ? undefined : whole(message);
}

const whole = (message: string): FieldFaults => ({ __all__: [message] });

function valueFault(
  { type, validation_minimum: min, validation_maximum: max, validation_regex: regex }: CustomField,
  value: string,
): string | undefined {
  // A text for several choices is split at commas.
  if (type === 'multi-select' && value.includes(',')) return 'A choice of a multiple selection holds no comma.';
  const { length } = [...value];
  if (min !== null && length < min) return `Value must be at least ${min} characters long.`;
  if (max !== null && length > max) return `Value must not exceed ${max} characters long.`;
  const pattern = regex === '' ? undefined : compilePattern(regex, false);
  const misses = pattern && ('fault' in pattern || !pattern.test(value));
  return misses ? `Value must match regex ${regex} got ${value}.` : undefined;
}

const isDefault = ({ default: given }: CustomField, value: string): boolean => [given].flat().includes(value);

async function leavingFault(rows: Rows, field: CustomField, value: string): Promise<FieldFaults | undefined> {
  if (isDefault(field, value)) return whole('Cannot delete this choice because it is the default value for the field.');
  for (const name of field.content_types) {
    const type = rows.types.get(name);
    if (!type?.customizable) continue;
    const query = { scope: { kind: 'all' }, filters: [chosen(field, value)], limit: 1, offset: 0 } as const;
    if ((await rows.list(type, query)).count > 0)
      return whole('Cannot delete this choice because it is in active use.');
  }
  return undefined;
}

/** The guards of custom fields and of their choices, by the name of the type. */
export const customGuards: Readonly<Record<string, Guard>> = {
  [customFieldType.name]: guardCustomField,
  [customFieldChoiceType.name]: guardChoice,
};
