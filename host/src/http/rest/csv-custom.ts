import type { CustomField } from '../../domain/custom-fields';
import type { FieldKind } from '../../domain/descriptor';
import type { Shown } from './expand';

/** A custom field as a column: its heading, what of a row it shows, and the kind of field that its cells are read as. */
export interface CustomColumn {
  readonly name: string;
  readonly key: string;
  readonly kind: FieldKind;
  valueOf(row: Shown): unknown;
}

const kinds: Readonly<Record<string, FieldKind>> = { json: 'constraint', 'multi-select': 'list' };

/** The columns of custom fields, as Nautobot names them. */
export function customColumns(fields: readonly CustomField[]): CustomColumn[] {
  return fields.map(({ key, type }) => ({
    name: `cf_${key}`,
    key,
    kind: kinds[type] ?? 'text',
    valueOf({ custom_fields: values }) {
      const value = (values as Readonly<Record<string, unknown>> | undefined)?.[key] ?? null;
      // So that a text in it is told from what it could be read as.
      return type === 'json' && value !== null ? JSON.stringify(value) : value;
    },
  }));
}
