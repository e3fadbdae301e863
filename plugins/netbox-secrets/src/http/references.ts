import type { AnyRow, Filter, HostAccess, Principal, TypeDescriptor } from '@latchkey/host/extend';
import { where } from '../service/rows';
import type { Reading } from './text';

/** How rows of a type may be named in a body beside their numbers. */
export interface Named {
  readonly type: TypeDescriptor;
  /** The attributes that a dictionary may name. */
  readonly by: readonly string[];
  /** How NetBox lists the fields when one is named that is none. */
  readonly choices: string;
  /** Only rows with these values. */
  readonly within?: readonly Filter[];
  /** Whether rows count that the principal may not view. */
  readonly unseen?: true;
}

/** The form of the host's own ids. */
export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const mostNumber = 2 ** 53;

/** The filter that an id means: the number that NetBox's clients know, or the host's own id. */
export function idFilter(id: string): Filter | undefined {
  if (uuid.test(id)) return where('id', id.toLowerCase());
  return /^\d{1,16}$/.test(id) && Number(id) < mostNumber ? where('number', Number(id)) : undefined;
}

const python = (value: unknown): string => {
  if (typeof value === 'string') return `'${value.slice(0, 255).replace(/[\\']/g, '\\$&')}'`;
  if (Array.isArray(value)) return `[${value.slice(0, 10).map(python).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .slice(0, 10)
      .map(([name, one]) => `${python(name)}: ${python(one)}`)
      .join(', ')}}`;
  return value === null ? 'None' : String(value);
};

const unrecognized = (value: unknown): string =>
  `Related objects must be referenced by numeric ID or by dictionary of attributes. Received an unrecognized value: ${
    typeof value === 'string' ? value.slice(0, 255) : python(value)
  }`;

/** Finds the one row that a body means, of those that the principal may view, or of all where roles are named. */
export async function readReference(
  { rows, policy }: HostAccess,
  principal: Principal,
  { type, by, choices, within = [], unseen }: Named,
  input: unknown,
): Promise<Reading<AnyRow>> {
  const found = async (filters: readonly Filter[]): Promise<readonly AnyRow[]> => {
    const query = {
      scope: unseen ? ({ kind: 'all' } as const) : policy.scope(principal, 'view', type),
      filters: [...within, ...filters],
      limit: 2,
      offset: 0,
      count: 'none',
    } as const;
    return (await rows.list(type, query)).rows as unknown as readonly AnyRow[];
  };
  const one = (list: readonly AnyRow[], what: string): Reading<AnyRow> => {
    const [first, second] = list;
    if (second) return { fault: `Multiple objects match the provided ${what}` };
    return first ? { value: first } : { fault: `Related object not found using the provided ${what}` };
  };
  if (input === undefined) return { fault: 'This field is required.' };
  if (input === null) return { fault: 'This field may not be null.' };
  if (typeof input === 'number' || (typeof input === 'string' && /^\s*(\d+|[0-9a-f-]{36})\s*$/i.test(input))) {
    const id = typeof input === 'number' ? exact(input) : input.trim();
    const filter = idFilter(id);
    return one(filter ? await found([filter]) : [], `numeric ID: ${id}`);
  }
  if (typeof input !== 'object' || Array.isArray(input)) return { fault: unrecognized(input) };
  const given = Object.entries(input).filter(([name]) => !shown.has(name));
  const odd = given.find(([name]) => name !== 'id' && !by.includes(name));
  if (odd) return { fault: `Cannot resolve keyword ${python(odd[0])} into field. Choices are: ${choices}` };
  const filters = given.map(([name, value]) => (name === 'id' ? idFilter(String(value)) : plain(name, value)));
  const known = filters.every((filter) => filter !== undefined);
  return one(known ? await found(filters as Filter[]) : [], `attributes: ${python(Object.fromEntries(given))}`);
}

// What a shown reference holds beside; it can be written back as it was read.
const shown = new Set(['url', 'display', 'display_name', 'secret_count', 'color']);
const exact = (number: number): string => (Number.isInteger(number) ? BigInt(number).toString() : String(number));
const plain = (field: string, value: unknown): Filter | undefined =>
  typeof value === 'string' && !value.includes('\0') ? where(field, value) : undefined;
