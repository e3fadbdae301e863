import { z } from 'zod';
import { customFieldsOf, type CustomField, type CustomFieldKind } from '../domain/custom-fields';
import type { Scalar } from '../domain/ports';
import { normalInstant } from '../permissions/constraints/operands';
import type { OpenCollection } from './collection';
import { filterKinds } from './filter-kinds';
import { suffixes, suffixesOfKind, type FilterParameter, type SuffixName } from './filter-suffixes';

interface CustomFilter {
  readonly reader?: z.ZodType<Scalar, string> | undefined;
  readonly suffixes: readonly SuffixName[];
  /** Whether a value without a suffix may be a part of the text. */
  readonly loose?: true;
  /** Whether the values are in a list. */
  readonly holds?: true;
}

const isDay = (given: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(given) && (normalInstant(`${given}T00:00:00Z`)?.startsWith(given) ?? false);
const day = z
  .string()
  .transform((given) => given.trim())
  .refine(isDay, { error: 'Enter a valid date.' });
const ordered = [...suffixesOfKind.number, 'isnull'] as const;
const textual = {
  reader: filterKinds.text.filter,
  suffixes: [...suffixesOfKind.text, 'isnull'],
} satisfies CustomFilter;

/** How lists are filtered by a custom field of each type, as Nautobot has it. */
const filters: Readonly<Record<CustomFieldKind, CustomFilter>> = {
  text: { ...textual, loose: true },
  url: { ...textual, loose: true },
  markdown: { ...textual, loose: true },
  integer: { reader: filterKinds.number.filter, suffixes: ordered },
  boolean: { reader: filterKinds.flag.filter, suffixes: ['', 'isnull'] },
  date: { reader: day, suffixes: ordered },
  datetime: { reader: filterKinds.datetime.filter, suffixes: ordered },
  select: textual,
  'multi-select': { reader: filterKinds.text.filter, suffixes: ['', 'n', 'isnull'], holds: true },
  // What it holds may be of any shape.
  json: { suffixes: ['isnull'] },
};

const begins = 'cf_';
const known = new WeakMap<readonly CustomField[], ReadonlyMap<string, FilterParameter>>();
const none: ReadonlyMap<string, FilterParameter> = new Map();

/** The parameters about custom fields, by name; looked for where a query string could have one. */
export async function customParameters(
  collection: Pick<OpenCollection, 'type' | 'kept'>,
  query: URLSearchParams,
): Promise<ReadonlyMap<string, FilterParameter>> {
  return [...query.keys()].some((name) => name.startsWith(begins)) ? allCustomParameters(collection) : none;
}

/** All of them. */
export async function allCustomParameters({
  type,
  kept,
}: Pick<OpenCollection, 'type' | 'kept'>): Promise<ReadonlyMap<string, FilterParameter>> {
  if (!type.customizable) return none;
  const fields = await customFieldsOf(kept, type);
  let parameters = known.get(fields);
  if (!parameters) known.set(fields, (parameters = new Map(fields.flatMap(parametersOf))));
  return parameters;
}

function parametersOf({ key, type, filter_logic: logic }: CustomField): [string, FilterParameter][] {
  if (logic === 'disabled') return [];
  const { suffixes: names, reader, loose, holds } = filters[type as CustomFieldKind];
  const about = { name: 'custom_fields', keys: [key], kind: 'json', field: undefined, relation: undefined } as const;
  const more = { ...(reader && { reader }), ...(holds && { holds }) };
  return names.map((name) => {
    const meaning = name === '' && loose && logic === 'loose' ? suffixes.ic : suffixes[name];
    return [begins + (name === '' ? key : `${key}__${name}`), { ...about, ...more, ...meaning }];
  });
}
