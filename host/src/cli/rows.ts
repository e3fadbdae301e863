import type { Client } from './client';
import { CommandError } from './exit-codes';

/** A row as REST shows it. */
export interface Row extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
}

/** A row that another names. */
export interface Reference {
  readonly id: string;
}

/** An object of the inventory. */
export interface ObjectRow extends Row {
  readonly object_type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly secrets_group: Reference | null;
}

/** A filled slot. */
export interface SlotRow extends Row {
  readonly access_type: string;
  readonly secret_type: string;
  readonly secrets_group: Reference;
  readonly secret: Reference;
  readonly display: string;
}

/** One page of a list. */
export interface Page<R = Row> {
  readonly count: number;
  readonly results: readonly R[];
}

/** Where the collections are. */
export const addresses = {
  secret: '/api/extras/secrets/',
  group: '/api/extras/secrets-groups/',
  slot: '/api/extras/secrets-groups-associations/',
  object: '/api/inventory/objects/',
  user: '/api/users/users/',
  usergroup: '/api/users/groups/',
  token: '/api/users/tokens/',
  permission: '/api/users/permissions/',
  'custom-field': '/api/extras/custom-fields/',
} as const;

/** The kinds of row that a person names. */
export type Named = Exclude<keyof typeof addresses, 'slot'>;

/** The fields that rows are named by where an address takes an id alone, or a name could be one of its own words. */
const nameFields: Partial<Readonly<Record<Named, string>>> = {
  user: 'username',
  usergroup: 'name',
  permission: 'name',
};
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The address of one row. */
export function addressOf(kind: keyof typeof addresses, key: string): string {
  return `${addresses[kind]}${encodeURIComponent(key)}/`;
}

/** The address of a list; what is undefined is left out. */
export function listOf(
  kind: keyof typeof addresses,
  filters: Readonly<Record<string, string | readonly string[] | undefined>>,
): string {
  const given = Object.entries(filters).flatMap(([name, values = []]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const query = new URLSearchParams(given).toString();
  return addresses[kind] + (query && `?${query}`);
}

/** The row of an id, a name or, where rows have one, a slug. */
export async function find(client: Client, kind: Exclude<Named, 'object'>, key: string): Promise<Row> {
  return (await get<Row>(client, kind, key)) ?? missing(kind, key);
}

/** The group of a name, slug or id; made under that name when there is none. */
export async function findOrMakeGroup(client: Client, key: string): Promise<Row> {
  return (await get<Row>(client, 'group', key)) ?? client.request<Row>('POST', addresses.group, { name: key });
}

/** A slot written as `GROUP/ACCESS_TYPE/SECRET_TYPE`; only the group may have a slash in its name. */
export function readSlot(text: string): {
  readonly group: string;
  readonly access_type: string;
  readonly secret_type: string;
} {
  const parts = text.split('/');
  const [secret_type = '', access_type = ''] = parts.toReversed();
  const group = parts.slice(0, -2).join('/');
  if (group !== '' && access_type !== '' && secret_type !== '') return { group, access_type, secret_type };
  const remedy = 'Write GROUP/ACCESS_TYPE/SECRET_TYPE, such as core-routers/SSH/password.';
  throw new CommandError('usage', `"${text}" names no slot.`, remedy);
}

/** The object of `TYPE/NAME`, `TYPE/SLUG` or an id. */
export async function findObject(client: Client, key: string): Promise<ObjectRow> {
  const at = key.indexOf('/');
  if (at < 0) return (await get<ObjectRow>(client, 'object', key)) ?? missing('object', key);
  const [object_type, name] = [key.slice(0, at), key.slice(at + 1)];
  if (object_type === '' || name === '')
    throw new CommandError(
      'usage',
      `"${key}" names no object.`,
      'Write TYPE/NAME, such as dcim.device/csr1, or an id.',
    );
  for (const filter of [{ name }, { slug: name }]) {
    const page = await client.request<Page<ObjectRow>>('GET', listOf('object', { object_type, ...filter }));
    if (page.results[0]) return page.results[0];
  }
  return missing('object', key);
}

async function get<R>(client: Client, kind: Named, key: string): Promise<R | undefined> {
  if (key === '') return undefined;
  const field = nameFields[kind];
  if (field !== undefined && !uuid.test(key)) {
    return (await client.request<Page<R>>('GET', listOf(kind, { [field]: key }))).results[0];
  }
  try {
    return await client.request<R>('GET', addressOf(kind, key));
  } catch (error) {
    if (error instanceof CommandError && error.ending === 'not-found') return undefined;
    throw error;
  }
}

function missing(kind: Named, key: string): never {
  throw new CommandError('not-found', `There is no ${kind} "${key}".`, `latchkey ${kind} list shows what there is.`);
}

/** The group attached to an object. */
export function attachedGroup({ object_type, name, secrets_group: group }: ObjectRow): string {
  if (group) return group.id;
  const object = `${object_type}/${name}`;
  const remedy = `Attach one: latchkey object update ${object} --group GROUP`;
  throw new CommandError('not-found', `The object ${object} has no secrets group.`, remedy);
}

/** The filled slots of a group; all of them, or those of one address. */
export async function slotsOf(
  client: Client,
  group: string,
  slot: { readonly access_type?: string | undefined; readonly secret_type?: string | undefined } = {},
): Promise<readonly SlotRow[]> {
  const found: SlotRow[] = [];
  for (;;) {
    const filters = { secrets_group: group, ...slot, limit: '200', offset: String(found.length) };
    const { count, results } = await client.request<Page<SlotRow>>('GET', listOf('slot', filters));
    found.push(...results);
    if (results.length === 0 || found.length >= count) return found;
  }
}
