import type { Answer } from '@latchkey/host/extend';
import { csvText } from '@latchkey/host/extend';
import type { Shape } from './shape';

type Shown = Readonly<Record<string, unknown>>;

const nameOf = (value: unknown): unknown => (value as { readonly name?: unknown } | null | undefined)?.name;
const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** The columns of the files that NetBox exports, and what stands in them. */
const columns = {
  '2.9': {
    device: ({ device }: Shown) => nameOf(device),
    role: ({ role }: Shown) => nameOf(role),
    name: ({ name }: Shown) => name,
    plaintext: () => '',
  },
  '2.11': {
    assigned_object_type: ({ assigned_object_type: type }: Shown) => type,
    assigned_object_id: ({ assigned_object_id: id }: Shown) => id,
    role: ({ role }: Shown) => nameOf(role),
    name: ({ name }: Shown) => name,
    plaintext: () => '',
  },
  roles: {
    name: ({ name }: Shown) => name,
    slug: ({ slug }: Shown) => slug,
    description: ({ description }: Shown) => description,
  },
} as const satisfies Record<Shape | 'roles', Record<string, (shown: Shown) => unknown>>;

/** A page as the CSV file that NetBox exports; values of secrets are left out, as NetBox does. */
export function csvOf(shown: readonly Shown[], kind: keyof typeof columns): Answer {
  const table: Readonly<Record<string, (one: Shown) => unknown>> = columns[kind];
  const lines = shown.map((one) => Object.values(table).map((cellOf) => textOf(cellOf(one))));
  const name = kind === 'roles' ? 'secret_roles' : 'secrets';
  return {
    status: 200,
    content: {
      type: 'text/csv; charset=utf-8',
      text: csvText([Object.keys(table), ...lines]),
      headers: { 'Content-Disposition': `attachment; filename="netbox_${name}.csv"` },
    },
  };
}
