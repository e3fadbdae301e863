import type { RecordOf } from '../records/record-kinds';
import { groupBy, settle, type PlanContext } from './context';
import { importedTypes } from './permissions';
import type { CustomFieldStep } from './steps';

// Until 2.7 the types were numbers.
const numberedTypes: ReadonlyMap<string, string> = new Map([
  ['100', 'text'],
  ['200', 'integer'],
  ['300', 'boolean'],
  ['400', 'date'],
  ['500', 'url'],
  ['600', 'select'],
]);
const numberedFilters: ReadonlyMap<string, string> = new Map([
  ['0', 'disabled'],
  ['1', 'loose'],
  ['2', 'exact'],
]);

/** The type of a custom field in words. */
export const fieldType = ({ type }: RecordOf<'custom-field'>): string => numberedTypes.get(type) ?? type;

function choicesOf({ records }: PlanContext['catalogue'], field: RecordOf<'custom-field'>): CustomFieldStep['choices'] {
  const numbered = records
    .all('custom-field-choice')
    .filter((choice) => records.find('custom-field', choice.field) === field);
  const sorted = numbered.toSorted((a, b) => (a.weight ?? 0) - (b.weight ?? 0) || (a.value < b.value ? -1 : 1));
  const rows = sorted.map(({ pk, value }) => ({ value, number: pk }));
  return rows.length > 0 ? rows : (field.choices ?? []).map((value) => ({ value, number: undefined }));
}

/** Custom fields of what is imported. */
export async function* planCustomFields(context: PlanContext): AsyncGenerator<CustomFieldStep> {
  const { records } = context.catalogue;
  const types = groupBy(records.all('custom-field-type'), (link) => records.find('custom-field', link.customfield));
  for (const field of records.all('custom-field')) {
    const names = (types.get(field) ?? []).flatMap(
      (link) => records.typeName(link.contenttype ?? link.objecttype) ?? [],
    );
    const known = names.flatMap((name) => importedTypes.get(name)?.type ?? []);
    if (known.length === 0) continue;
    const { id, isNew } = await settle(context, field, 'custom-field', { name: field.name });
    if (!isNew) continue;
    yield {
      kind: 'custom-field',
      id,
      number: field.pk,
      name: field.name,
      label: field.label ?? '',
      description: field.description ?? '',
      type: fieldType(field),
      required: field.required ?? false,
      default: field.default === '' ? undefined : field.default,
      weight: field.weight ?? 100,
      filter_logic: numberedFilters.get(field.filter_logic ?? '') ?? field.filter_logic ?? 'loose',
      choices: choicesOf(context.catalogue, field),
      object_types: [...new Set(known)],
      validation_minimum: field.validation_minimum,
      validation_maximum: field.validation_maximum,
      validation_regex: field.validation_regex ?? '',
    };
  }
}

type Values = Readonly<Record<string, unknown>>;

function readValue(context: PlanContext, field: RecordOf<'custom-field'>, text: string): unknown {
  if (text === '') return undefined;
  const type = fieldType(field);
  if (type === 'integer') return Number(text);
  if (type === 'boolean') return text === '1' || text.toLowerCase() === 'true';
  return type === 'select' ? context.catalogue.records.find('custom-field-choice', Number(text))?.value : text;
}

/** The values of custom fields: rows of their own until 2.9, a column of JSON from 2.10 on. Fields without one are left out. */
export function customValues(
  context: PlanContext,
): (type: string, row: { pk: number | undefined; data: unknown }) => Values {
  const { records } = context.catalogue;
  const rows = groupBy(records.all('custom-field-value'), (value) => {
    const type = records.typeName(value.obj_type);
    return type === undefined ? undefined : `${type} ${value.obj_id}`;
  });
  const names = new Set(records.all('custom-field').map(({ name }) => name));
  const isSet = ([, value]: readonly [string, unknown]): boolean => value !== undefined && value !== null;
  return (type, { pk, data }) => {
    const left = (detail: string): [] => {
      context.tally.find({ code: 'value-left', of: type, pk, detail });
      return [];
    };
    const old = (rows.get(`${type} ${pk}`) ?? []).flatMap((row) => {
      const field = records.find('custom-field', row.field);
      if (!field) return left(`custom field ${String(row.field)}`);
      const value = readValue(context, field, row.serialized_value);
      return value === undefined && row.serialized_value !== '' ? left(field.name) : [[field.name, value] as const];
    });
    const entries = data === undefined || data === null ? old : Object.entries(data as Values);
    return Object.fromEntries(entries.filter(isSet).filter(([name]) => names.has(name) || left(name).length > 0));
  };
}
