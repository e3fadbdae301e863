import { InvalidInput, InvalidRows, readCsvTable, unguardedCell, type FieldFaults } from '@latchkey/host/extend';
import type { Shape } from './shape';

/** What the lines of a CSV file ask for, and where each begins. */
export interface CsvInput {
  readonly bodies: readonly Readonly<Record<string, unknown>>[];
  readonly lines: readonly number[];
}

type Cells = Readonly<Record<string, string>>;

const custom = /^cf_(.+)$/;
const models = { device: 'dcim.device', virtual_machine: 'virtualization.virtualmachine' } as const;
const places = ['device', 'virtual_machine'] as const;
const noPlace = 'Secret must be assigned to a device or a virtual machine';
const twoPlaces = 'Secret cannot be assigned to both a device and a virtual machine';

/** The columns that files may have, and those that they must have; fields of an installation are `cf_NAME`. */
const columns = {
  '2.9': { may: ['device', 'role', 'name', 'plaintext'], must: ['device', 'role', 'plaintext'] },
  '2.11': {
    may: ['role', 'name', 'plaintext', 'device', 'virtual_machine', 'assigned_object_type', 'assigned_object_id'],
    must: ['role', 'plaintext'],
  },
  roles: { may: ['name', 'slug', 'description'], must: ['name', 'slug'] },
} as const satisfies Record<Shape | 'roles', { readonly may: readonly string[]; readonly must: readonly string[] }>;

function read(text: string, kind: keyof typeof columns): { readonly rows: readonly Cells[]; lines: readonly number[] } {
  const { headings, records } = readCsvTable(text);
  const { may, must }: { readonly may: readonly string[]; readonly must: readonly string[] } = columns[kind];
  const odd = headings.find((name) => !may.includes(name) && (kind === 'roles' || !custom.test(name)));
  const missing = must.find((name) => !headings.includes(name));
  const fault =
    odd !== undefined
      ? `Unexpected column header "${odd.slice(0, 255)}" found.`
      : missing !== undefined && `Required column header "${missing}" not found.`;
  if (fault) throw new InvalidInput({ non_field_errors: [fault] });
  const rows = records.map(({ cells }) =>
    Object.fromEntries(
      headings.flatMap((name, index) => {
        const cell = cells[index] ?? '';
        // A value is what stands there, to the byte.
        return cell === '' ? [] : [[name, name === 'plaintext' ? cell : unguardedCell(cell)] as const];
      }),
    ),
  );
  return { rows, lines: records.map(({ line }) => line) };
}

/** Reads a file of secrets as NetBox imports it: devices, virtual machines and roles are named, not numbered. */
export function secretsInCsv(text: string, shape: Shape): CsvInput & { readonly faults: readonly FieldFaults[] } {
  const { rows, lines } = read(text, shape);
  const faults: FieldFaults[] = [];
  const bodies = rows.map((cells) => {
    const { role, name, plaintext, assigned_object_type: type, assigned_object_id: id } = cells;
    const named = places.filter((place) => cells[place] !== undefined);
    const assigns = type !== undefined || id !== undefined;
    const count = named.length + (assigns ? 1 : 0);
    faults.push(count === 1 ? {} : { __all__: [count === 0 ? noPlace : twoPlaces] });
    const fields = Object.entries(cells).flatMap(([column, cell]) => {
      const key = custom.exec(column)?.[1];
      return key === undefined ? [] : [[key, cell] as const];
    });
    return {
      ...(role !== undefined && { role: { name: role } }),
      name,
      plaintext,
      ...(assigns
        ? { assigned_object_type: type, assigned_object_id: id }
        : { objects: named.map((place) => ({ object_type: models[place], name: cells[place] })) }),
      ...(fields.length > 0 && { custom_fields: Object.fromEntries(fields) }),
    };
  });
  return { bodies, lines, faults };
}

/** What is wrong with the lines of a file, by the columns that they have. */
export function inColumns(error: unknown, { bodies }: CsvInput): unknown {
  if (!(error instanceof InvalidRows)) return error;
  const columnOf = (index: number) => {
    const [object] = (bodies[index]?.objects ?? []) as readonly { readonly object_type: string }[];
    return object?.object_type === models.virtual_machine ? 'virtual_machine' : 'device';
  };
  return new InvalidRows(
    error.rows.map(({ objects, ...others }, index) =>
      objects === undefined ? others : { [columnOf(index)]: objects, ...others },
    ),
  );
}

/** Reads a file of roles as NetBox imports it. */
export function rolesInCsv(text: string): CsvInput {
  const { rows, lines } = read(text, 'roles');
  return { bodies: rows, lines };
}
