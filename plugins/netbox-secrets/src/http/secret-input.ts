import type { AnyRow, HostAccess, Principal } from '@latchkey/host/extend';
import { customFieldsOf, InvalidInput, objectType } from '@latchkey/host/extend';
import { where } from '../service/rows';
import { roleType, storedSecretType } from '../types';
import { choicesOf, readCustomFields } from './custom-fields';
import { readReference, type Named } from './references';
import { placeWords, type Shape } from './shape';
import { membersOf, readText, taken, type Faults } from './text';

/** A body of a secret, read: what the store takes, and the value that it brought. */
export interface SecretBody {
  readonly input: Record<string, unknown>;
  readonly plaintext: Buffer | undefined;
  /** The value as it is shown again. */
  readonly sent: string | undefined;
}

const mostBytes = 65_535;
const objectTypes: Readonly<Record<string, true>> = { 'dcim.device': true, 'virtualization.virtualmachine': true };

const roleChoices = {
  '2.9': 'created, description, id, last_updated, name, secrets, slug',
  '2.11': 'created, custom_field_data, description, id, last_updated, name, secrets, slug',
} as const satisfies Record<Shape, string>;

const roleNamed = (shape: Shape): Named => ({
  type: roleType,
  by: ['name', 'slug', 'description'],
  choices: roleChoices[shape],
});
const objectNamed = (name?: string): Named => ({
  type: objectType,
  by: ['name', 'slug', 'object_type'],
  choices: 'id, name, object_type, slug',
  ...(name !== undefined && { within: [where('object_type', name)] }),
});

/** Reads the body of a secret in a shape; every fault is told by its field, as NetBox does. */
export async function readSecret(
  host: HostAccess,
  principal: Principal,
  { body, shape, partial }: { readonly body: unknown; readonly shape: Shape; readonly partial: boolean },
): Promise<SecretBody> {
  const members = membersOf(body);
  if ('fault' in members) throw new InvalidInput({ non_field_errors: [members.fault] });
  const given = members.value;
  const faults: Faults = {};
  const input: Record<string, unknown> = {};
  const wanted = (name: string): boolean => !partial || given[name] !== undefined;

  await readObjects();
  if (wanted('role')) {
    const role = taken(faults, 'role', await readReference(host, principal, roleNamed(shape), given.role));
    if (role) input.role = role.id;
  }
  if (given.name !== undefined) {
    const name = taken(faults, 'name', readText(given.name, { max: 100, blank: true }));
    if (name !== undefined) input.name = name;
  }
  const sent = readValue();
  if (given.tags !== undefined) await readTags();
  if (given.custom_fields !== undefined) await readCustom();
  if (Object.keys(faults).length > 0) throw new InvalidInput(faults);
  return { input, sent: sent?.shown, plaintext: sent?.bytes };

  function readValue(): { readonly bytes: Buffer; readonly shown: string | undefined } | undefined {
    if (given.plaintext === undefined && typeof given.plaintext_base64 === 'string') {
      const bytes = Buffer.from(given.plaintext_base64, 'base64');
      if (bytes.length > 0 && bytes.length <= mostBytes) return { bytes, shown: undefined };
      faults.plaintext_base64 = [`Give 1 to ${mostBytes} bytes in base64.`];
      return undefined;
    }
    if (!wanted('plaintext')) return undefined;
    const text = taken(faults, 'plaintext', readText(given.plaintext, { exact: true }));
    if (text === undefined) return undefined;
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length <= mostBytes) return { bytes, shown: text };
    faults.plaintext = [`Maximum plaintext size is ${mostBytes} bytes.`];
    return undefined;
  }

  async function readObjects(): Promise<void> {
    if (given.objects !== undefined) return readList(given.objects);
    const named = given.assigned_object_type !== undefined || given.assigned_object_id !== undefined;
    if (shape === '2.9' && !named) {
      if (!wanted('device')) return;
      keep(taken(faults, 'device', await readReference(host, principal, objectNamed('dcim.device'), given.device)));
      return;
    }
    if (partial && !named) return;
    const type = taken(faults, 'assigned_object_type', readText(given.assigned_object_type, { max: 100 }));
    if (type !== undefined && !/^[a-z0-9_]+\.[a-z0-9_]+$/.test(type))
      faults.assigned_object_type = ["Invalid value. Specify a content type as '<app_label>.<model_name>'."];
    else if (type !== undefined && !Object.hasOwn(objectTypes, type) && !(await hasObjects(type)))
      faults.assigned_object_type = [`Invalid content type: ${type}`];
    const id = given.assigned_object_id;
    const missing =
      id === undefined ? 'This field is required.' : id === null ? 'This field may not be null.' : undefined;
    if (missing) faults.assigned_object_id = [missing];
    if (missing || faults.assigned_object_type || type === undefined) return;
    keep(taken(faults, 'assigned_object_id', await readReference(host, principal, objectNamed(type), id)));
  }

  function keep(row: AnyRow | undefined): void {
    if (row) input.objects = [row.id];
  }

  async function hasObjects(type: string): Promise<boolean> {
    const query = { filters: [where('object_type', type)], limit: 1, offset: 0 };
    const scope = host.policy.scope(principal, 'view', objectType);
    return (await host.rows.list(objectType, { scope, ...query })).count > 0;
  }

  async function readList(list: unknown): Promise<void> {
    if (!Array.isArray(list) || list.length > 100)
      return void (faults.objects = ['Give a list of at most 100 objects.']);
    const ids: string[] = [];
    for (const one of list) {
      const row = taken(faults, 'objects', await readReference(host, principal, objectNamed(), one));
      if (row) ids.push(row.id);
    }
    input.objects = ids;
  }

  async function readTags(): Promise<void> {
    const type = host.rows.types.get('extras.tag');
    if (!type || !Array.isArray(given.tags) || given.tags.length > 1000) {
      faults.tags = ['Expected a list of items.'];
      return;
    }
    const named: Named = { type, by: ['name', 'slug'], choices: 'color, id, name, slug' };
    const ids: string[] = [];
    for (const one of given.tags as readonly unknown[]) {
      const row = taken(faults, 'tags', await readReference(host, principal, named, one));
      if (row) ids.push(row.id);
    }
    input.tags = ids;
  }

  async function readCustom(): Promise<void> {
    const custom = membersOf(given.custom_fields);
    if ('fault' in custom) return void (faults.custom_fields = [custom.fault]);
    const fields = await customFieldsOf(host.rows, storedSecretType);
    input.custom_fields = readCustomFields({ fields, choices: await choicesOf(host.rows, fields) }, custom.value);
  }
}

const whole = '__all__';

/** What the host says of a secret, in NetBox's words for the shape. */
export function inShape(error: unknown, shape: Shape): unknown {
  if (!(error instanceof InvalidInput)) return error;
  const { place, objects, [whole]: all, ...others } = error.faults;
  const told: Record<string, unknown> = { ...others };
  if (all) told[shape === '2.9' ? 'custom_fields' : whole] = all;
  if (place) told[whole] = [`Secret with this ${placeWords[shape]} already exists.`];
  if (objects) told[shape === '2.9' ? 'device' : 'assigned_object_id'] = objects;
  return new InvalidInput(told as never);
}
