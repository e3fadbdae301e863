import {
  customFieldChoiceType,
  customFieldType,
  type CustomField,
  type CustomFieldChoice,
} from '../domain/custom-fields';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { Conflict } from '../domain/failures';
import type { Filter, Rows } from '../domain/ports';

/** A change of a definition, of which values of custom fields may be a consequence. */
interface Changed {
  readonly type: TypeDescriptor;
  readonly before: AnyRow;
  /** Undefined where the row goes. */
  readonly after: AnyRow | undefined;
}

/** Saves what became of the values of a row. */
export type SaveValues = (type: TypeDescriptor, row: AnyRow, values: Values) => Promise<void>;

type Values = Readonly<Record<string, unknown>>;

const pageSize = 500;
/** How many rows a change of a custom field carries along; more would hold up the writes of everybody. */
export const mostCarried = 2000;

/**
 * Takes values off the rows that a custom field is no longer for, and gives those of a choice its new name: in the
 * transaction of the change, so that no row ever holds what no field stands for.
 */
export async function carryValues(rows: Rows, { type, before, after }: Changed, save: SaveValues): Promise<void> {
  if (type.name === customFieldType.name) {
    const { key, content_types: had } = before as unknown as CustomField;
    const stays = new Set((after as unknown as CustomField | undefined)?.content_types);
    const holding: Filter = { field: 'custom_fields', keys: [key], lookup: 'isnull', values: [false] };
    const without = ({ [key]: _gone, ...values }: Values): Values => values;
    for (const name of had.filter((one) => !stays.has(one))) await each(rows, name, holding, without, save);
  }
  if (type.name === customFieldChoiceType.name && after) {
    const [{ value: old }, { value, custom_field: id }] = [before, after] as unknown as [
      CustomFieldChoice,
      CustomFieldChoice,
    ];
    const field = old === value ? undefined : await rows.get(customFieldType, { id });
    if (!field) return;
    const renamed = (one: unknown): unknown => (one === old ? value : one);
    const into = ({ [field.key]: now, ...values }: Values): Values => ({
      ...values,
      [field.key]: Array.isArray(now) ? now.map(renamed) : renamed(now),
    });
    for (const name of field.content_types) await each(rows, name, chosen(field, old), into, save);
  }
}

/** The rows that have this choice. */
export function chosen({ key, type }: CustomField, value: string): Filter {
  return { field: 'custom_fields', keys: [key], values: [value], ...(type === 'multi-select' && { holds: true }) };
}

async function each(
  rows: Rows,
  name: string,
  filter: Filter,
  become: (values: Values) => Values,
  save: SaveValues,
): Promise<void> {
  const type = rows.types.get(name);
  if (!type?.customizable) return;
  // What is saved is no longer found, so that every page is the first one.
  for (let left = mostCarried; ; left -= pageSize) {
    const page = await rows.list(type, { scope: { kind: 'all' }, filters: [filter], limit: pageSize, offset: 0 });
    if (page.count === 0) return;
    if (page.count > left)
      throw new Conflict(
        `More than ${mostCarried} rows of ${name} have a value that goes with this: change those first.`,
        [],
      );
    for (const row of page.rows as unknown as readonly AnyRow[])
      await save(type, row, become(row.custom_fields as Values));
  }
}
