import { describeType, standardFields, type RowOf, type TypeDescriptor } from './descriptor';
import type { Rows } from './ports';

/** What a custom field may hold: Nautobot's types with their labels. */
export const customFieldTypes = {
  text: 'Text',
  integer: 'Integer',
  boolean: 'Boolean (true/false)',
  date: 'Date',
  datetime: 'Date/time',
  url: 'URL',
  select: 'Selection',
  'multi-select': 'Multiple selection',
  json: 'JSON',
  markdown: 'Markdown',
} as const;

/** One of {@link customFieldTypes}. */
export type CustomFieldKind = keyof typeof customFieldTypes;

/** How a filter without a suffix compares texts: anywhere in them, as a whole, or not at all. */
export const filterLogics = { disabled: 'Disabled', loose: 'Loose', exact: 'Exact' } as const;

/** A field that an installation adds to the rows of some types. */
export const customFieldType = describeType({
  name: 'extras.customfield',
  label: 'custom field',
  table: 'extras_custom_fields',
  noted: true,
  folded: false,
  fields: {
    ...standardFields,
    content_types: { kind: 'list', max: 100, required: true },
    type: { kind: 'choice', oneOf: customFieldTypes, max: 50, required: true },
    filter_logic: { kind: 'choice', oneOf: filterLogics, max: 50, default: 'loose' },
    label: { kind: 'text', max: 255, required: true, searchable: true },
    grouping: { kind: 'text', max: 255, default: '' },
    // Made of the label where it is not given.
    key: { kind: 'text', max: 255, unique: true },
    description: { kind: 'text', max: 255, default: '' },
    required: { kind: 'flag', default: false },
    default: { kind: 'constraint', nullable: true },
    weight: { kind: 'number', default: 100 },
    validation_minimum: { kind: 'number', nullable: true },
    validation_maximum: { kind: 'number', nullable: true },
    validation_regex: { kind: 'text', max: 500, default: '' },
    advanced_ui: { kind: 'flag', default: false },
    scope_filter: { kind: 'json', default: {}, opaque: true },
  },
  unique: [],
  order: ['weight', 'label'],
  display: 'key',
});

/** One of the values that a selection offers. */
export const customFieldChoiceType = describeType({
  name: 'extras.customfieldchoice',
  label: 'custom field choice',
  table: 'extras_custom_field_choices',
  folded: false,
  fields: {
    ...standardFields,
    custom_field: { kind: 'reference', target: 'extras.customfield', required: true, onDelete: 'cascade' },
    value: { kind: 'text', max: 255, required: true, searchable: true },
    weight: { kind: 'number', default: 100 },
  },
  unique: [['custom_field', 'value']],
  order: ['custom_field', 'weight', 'value'],
  display: 'value',
});

/** A field that an installation added. */
export type CustomField = RowOf<typeof customFieldType>;
export type CustomFieldChoice = RowOf<typeof customFieldChoiceType>;

/** The most custom fields of an installation, so that one page holds them all. */
export const mostCustomFields = 1000;

const every = { scope: { kind: 'all' }, limit: mostCustomFields, offset: 0 } as const;
const ofTypes = new WeakMap<readonly CustomField[], Map<string, readonly CustomField[]>>();
const none: readonly CustomField[] = Object.freeze([]);

/** The custom fields of a type's rows, in the order in which they are shown. */
export async function customFieldsOf(rows: Rows, type: TypeDescriptor): Promise<readonly CustomField[]> {
  if (!type.customizable) return none;
  const { rows: all } = await rows.list(customFieldType, every);
  // A page that is kept is sorted out once.
  let known = ofTypes.get(all);
  if (!known) ofTypes.set(all, (known = new Map()));
  let fields = known.get(type.name);
  if (!fields) known.set(type.name, (fields = all.filter((field) => field.content_types.includes(type.name))));
  return fields;
}

/** The values that a selection offers, in order. */
export async function choicesOfField(rows: Rows, { id }: CustomField): Promise<readonly string[]> {
  const values: string[] = [];
  for (;;) {
    const query = { ...every, filters: [{ field: 'custom_field', values: [id] }], offset: values.length };
    const page = await rows.list(customFieldChoiceType, query);
    values.push(...page.rows.map(({ value }) => value));
    if (page.rows.length < every.limit) return values;
  }
}

/** Every custom field of a row with its value, null where it has none. */
export function customValuesOf(fields: readonly CustomField[], stored: unknown): Record<string, unknown> {
  const values = (stored ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(fields.map(({ key }) => [key, values[key] ?? null]));
}
