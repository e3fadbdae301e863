import type { AnyRow, HostAccess, Principal } from '@latchkey/host/extend';
import { objectType } from '@latchkey/host/extend';
import { byId, where } from '../service/rows';
import type { StoredSecret } from '../types';
import { readReference, uuid, type Named } from './references';
import type { Shape } from './shape';
import { taken, type Faults, type Reading } from './text';

type Given = Readonly<Record<string, unknown>>;

const assignable: Readonly<Record<string, true>> = { 'dcim.device': true, 'virtualization.virtualmachine': true };
const mostObjects = 100;
const mostId = 2_147_483_647;
const notNull = 'This field may not be null.';
const required = 'This field is required.';

const objectNamed = (name?: string): Named => ({
  type: objectType,
  by: ['name', 'slug', 'object_type'],
  choices: 'id, name, object_type, slug',
  ...(name !== undefined && { within: [where('object_type', name)] }),
});

/** Reads the number of an object as NetBox reads integers; the host's own id is taken, too. */
function readObjectId(input: unknown): Reading<string> {
  if (input === undefined) return { fault: required };
  if (input === null) return { fault: notNull };
  const text = typeof input === 'number' || typeof input === 'string' ? String(input).trim() : '';
  if (uuid.test(text)) return { value: text };
  const [, whole] = /^(-?\d+)(?:\.0*)?$/.exec(text) ?? [];
  if (whole === undefined) return { fault: 'A valid integer is required.' };
  if (Number(whole) < 0) return { fault: 'Ensure this value is greater than or equal to 0.' };
  if (Number(whole) > mostId) return { fault: `Ensure this value is less than or equal to ${mostId}.` };
  return { value: whole };
}

/** What the objects of a secret are read with. */
export interface ObjectsAsked {
  readonly given: Given;
  readonly shape: Shape;
  readonly partial: boolean;
  /** The secret as it stands, where it is changed. */
  readonly before?: StoredSecret | undefined;
}

/** Reads what a body says of the objects of a secret: their ids, or undefined where it says nothing, or faults. */
export async function readObjects(
  host: HostAccess,
  principal: Principal,
  { given, shape, partial, before }: ObjectsAsked,
  faults: Faults,
): Promise<readonly string[] | undefined> {
  const { objects, device, assigned_object_type: type, assigned_object_id: id } = given;
  const reference = (named: Named, input: unknown) => readReference(host, principal, named, input);
  const ids = (row: AnyRow | undefined) => (row ? [row.id] : undefined);
  if (objects !== undefined) return readList(objects);
  const assigns = type !== undefined || id !== undefined;
  if (shape === '2.9' && !assigns) {
    if (partial && device === undefined) return undefined;
    return ids(taken(faults, 'device', await reference(objectNamed('dcim.device'), device)));
  }
  if (partial && !assigns) return undefined;
  const now = partial ? await standing() : undefined;
  const name = taken(faults, 'assigned_object_type', await readType(type === undefined ? now?.object_type : type));
  const number = taken(faults, 'assigned_object_id', readObjectId(id === undefined && now ? now.number : id));
  if (name === undefined || number === undefined) return undefined;
  return ids(taken(faults, 'assigned_object_id', await reference(objectNamed(name), number)));

  async function standing() {
    const [first] = before?.objects ?? [];
    return first === undefined ? undefined : byId(host.rows, objectType, first);
  }

  async function readType(input: unknown): Promise<Reading<string>> {
    if (input === undefined) return { fault: required };
    if (input === null || input === '') return { fault: notNull };
    if (typeof input !== 'string' || input.split('.').length !== 2) return { fault: invalidType };
    const known = Object.hasOwn(assignable, input) || (await hasObjects(input));
    return known ? { value: input } : { fault: `Invalid content type: ${input.slice(0, 100)}` };
  }

  async function hasObjects(model: string): Promise<boolean> {
    if (model.includes('\0')) return false;
    const query = { filters: [where('object_type', model)], limit: 1, offset: 0, count: 'none' } as const;
    const scope = host.policy.scope(principal, 'view', objectType);
    return (await host.rows.list(objectType, { scope, ...query })).count > 0;
  }

  async function readList(list: unknown): Promise<readonly string[] | undefined> {
    if (!Array.isArray(list) || list.length > mostObjects) {
      faults.objects = [`Give a list of at most ${mostObjects} objects.`];
      return undefined;
    }
    const found: string[] = [];
    for (const one of list as readonly unknown[])
      found.push(...(ids(taken(faults, 'objects', await reference(objectNamed(), one))) ?? []));
    return found;
  }
}

const invalidType = "Invalid value. Specify a content type as '<app_label>.<model_name>'.";
