import type { CustomField, Filter, HostAccess, Principal } from '@latchkey/host/extend';
import { objectType } from '@latchkey/host/extend';
import { where } from '../service/rows';
import { roleType } from '../types';
import { choiceLookups, customLookup, plainLookups, refuse, type Read } from './lookup-readers';
import { idFilter } from './references';

const objectsOf = (name: string) => [where('object_type', name)];

/** Every parameter that filters secrets, with its reader. */
export function secretLookups(
  host: HostAccess,
  principal: Principal,
  fields: readonly CustomField[],
): Readonly<Record<string, Read>> {
  const { text, number, day, time } = plainLookups();
  const choice = choiceLookups(host, principal);
  const tagType = host.rows.types.get('extras.tag') ?? roleType;
  const known: Record<string, Read> = {
    id: number,
    name: text('name'),
    role_id: choice('role', roleType, 'id'),
    role: choice('role', roleType, 'slug'),
    device_id: choice('objects', objectType, 'id', objectsOf('dcim.device')),
    device: choice('objects', objectType, 'name', objectsOf('dcim.device')),
    virtual_machine_id: choice('objects', objectType, 'id', objectsOf('virtualization.virtualmachine')),
    virtual_machine: choice('objects', objectType, 'name', objectsOf('virtualization.virtualmachine')),
    assigned_object_id: choice('objects', objectType, 'id'),
    tag: choice('tags', tagType, 'slug', [], true),
    created: day('created'),
    last_updated: time('last_updated'),
  };
  for (const field of fields)
    if (field.filter_logic !== 'disabled') known[`cf_${field.key}`] = customLookup(host, field);
  return known;
}

const mostOfType = 1000;

/** What the plugin has beside: the type of the assigned objects, of those that the query names by their numbers. */
export function pluginLookups({ kept, policy }: HostAccess, principal: Principal, query: URLSearchParams) {
  const named = query.getAll('assigned_object_id').flatMap((id) => idFilter(id.trim()) ?? []);
  const byNumber = named.filter(({ field }) => field === 'number').flatMap(({ values }) => values);
  const assigned_object_type: Read = async (values, { name, suffix }) => {
    if (suffix !== '') return 'unknown';
    const ofType = where('object_type', ...values);
    const filters = byNumber.length > 0 ? [ofType, { field: 'number', values: byNumber }] : [ofType];
    const scope = policy.scope(principal, 'view', objectType);
    const found = await kept.list(objectType, { scope, filters, limit: mostOfType, offset: 0, count: 'none' });
    if (found.rows.length === mostOfType) return refuse(name, 'Too many objects are of this type: name one of them.');
    return found.rows.length === 0 ? undefined : [where('objects', ...found.rows.map(({ id }) => id))];
  };
  return { assigned_object_type };
}

/** Every parameter that filters roles, with its reader. */
export function roleLookups() {
  const { text, number, day, time } = plainLookups();
  return {
    id: number,
    name: text('name'),
    slug: text('slug'),
    created: day('created'),
    last_updated: time('last_updated'),
  };
}

/** Those that are no filters. */
const others: ReadonlySet<string> = new Set(['limit', 'offset', 'brief', 'q', 'format', 'api_version']);

/** The filters of a query, or undefined where no row can meet them; and the parameters that mean nothing here. */
export async function filtersOf(query: URLSearchParams, known: Readonly<Record<string, Read>>) {
  const filters: Filter[] = [];
  const unknown: string[] = [];
  let none = false;
  for (const name of new Set(query.keys())) {
    if (others.has(name)) continue;
    const [, base = name, suffix = ''] = Object.hasOwn(known, name) ? [] : (/^(.+?)__([a-z]+)$/.exec(name) ?? []);
    const read = Object.hasOwn(known, base) ? known[base] : undefined;
    const values = query.getAll(name).filter((value) => value !== '');
    if (!read) unknown.push(name);
    else if (values.length > 0) {
      const found = await read(values, { name, suffix });
      if (found === undefined) none = true;
      else if (found === 'unknown') unknown.push(name);
      else filters.push(...found);
    }
  }
  return { filters, unknown, none };
}
