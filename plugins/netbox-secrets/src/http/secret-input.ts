import type { HostAccess, Principal } from '@latchkey/host/extend';
import { customFieldsOf, InvalidInput, InvalidRows, type FieldFaults } from '@latchkey/host/extend';
import { roleType, storedSecretType } from '../types';
import { choicesOf, faultOfCustomFields, readCustomFields } from './custom-fields';
import { readObjects, type ObjectsAsked } from './object-input';
import { readReference, type Named } from './references';
import { placeWords, type Shape } from './shape';
import { membersOf, pythonType, readText, taken, type Faults } from './text';

/** A body of a secret, read: what the store takes, and the value that it brought. */
export interface SecretBody {
  readonly input: Record<string, unknown>;
  readonly plaintext: Buffer | undefined;
  /** The value as it is shown again. */
  readonly sent: string | undefined;
  /** The custom fields as they were sent, where the answer shows these alone, as that of 2.9 does. */
  readonly sentFields?: Readonly<Record<string, unknown>> | undefined;
}

const mostBytes = 65_535;
const mostTags = 1000;

const roleChoices = {
  '2.9': 'created, description, id, last_updated, name, secrets, slug',
  '2.11': 'created, custom_field_data, description, id, last_updated, name, secrets, slug',
} as const satisfies Record<Shape, string>;

const roleNamed = (shape: Shape): Named => ({
  type: roleType,
  by: ['name', 'slug', 'description'],
  choices: roleChoices[shape],
  // Who keeps the secrets of one role need not see the roles: the change is permitted by where it leads to.
  unseen: true,
});

/** Reads the body of a secret in a shape; every fault is told by its field, as NetBox does. */
export async function readSecret(
  host: HostAccess,
  principal: Principal,
  { body, ...how }: Omit<ObjectsAsked, 'given'> & { readonly body: unknown },
): Promise<SecretBody> {
  const { shape, partial } = how;
  const members = membersOf(body);
  if ('fault' in members) throw new InvalidInput({ non_field_errors: [members.fault] });
  const given = members.value;
  const asked = { ...how, given };
  const faults: Faults = {};
  const input: Record<string, unknown> = {};
  const wanted = (name: string): boolean => !partial || given[name] !== undefined;

  const objects = await readObjects(host, principal, asked, faults);
  if (objects) input.objects = objects;
  if (wanted('role')) {
    const role = taken(faults, 'role', await readReference(host, principal, roleNamed(shape), given.role));
    if (role) input.role = role.id;
  }
  if (given.name !== undefined) {
    const name = taken(faults, 'name', readText(given.name, { max: 100, blank: true }));
    if (name !== undefined) input.name = name;
  }
  const sent = readValue();
  let sentFields: SecretBody['sentFields'];
  if (given.tags !== undefined) await readTags();
  if (given.custom_fields !== undefined) await readCustom();
  if (Object.keys(faults).length > 0) throw new InvalidInput(faults);
  return { input, sent: sent?.shown, plaintext: sent?.bytes, sentFields };

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

  async function readTags(): Promise<void> {
    const type = host.rows.types.get('extras.tag');
    const { tags } = given;
    if (tags === null) return void (faults.tags = ['This field may not be null.']);
    if (!type || !Array.isArray(tags))
      return put('tags', { non_field_errors: [`Expected a list of items but got type "${pythonType(tags)}".`] });
    if (tags.length > mostTags) return put('tags', { non_field_errors: [`A list has at most ${mostTags} items.`] });
    const named: Named = { type, by: ['name', 'slug'], choices: 'color, id, name, slug' };
    const ids: string[] = [];
    const told: unknown[] = [];
    for (const one of tags as readonly unknown[]) {
      const reading = await readReference(host, principal, named, one);
      if ('value' in reading) ids.push(reading.value.id);
      told.push('fault' in reading ? [reading.fault] : {});
    }
    if (ids.length < tags.length) put('tags', told);
    input.tags = ids;
  }

  // What is told of the items of a list has their places, so it is deeper than what is told of a field.
  function put(field: string, told: unknown): void {
    (faults as Record<string, unknown>)[field] = told;
  }

  async function readCustom(): Promise<void> {
    if (given.custom_fields === null) return void (faults.custom_fields = ['This field may not be null.']);
    const custom = membersOf(given.custom_fields);
    if ('fault' in custom) return void (faults.custom_fields = [custom.fault]);
    const fields = await customFieldsOf(host.rows, storedSecretType);
    const known = { fields, choices: await choicesOf(host.rows, fields) };
    const fault = shape === '2.9' ? faultOfCustomFields(known, custom.value) : undefined;
    if (fault !== undefined) faults.custom_fields = [fault];
    else input.custom_fields = readCustomFields(known, custom.value);
    sentFields = shape === '2.9' ? custom.value : undefined;
  }
}

const whole = '__all__';

/** What the host says of a secret, or of each of a list, in NetBox's words for the shape. */
export function inShape(error: unknown, shape: Shape): unknown {
  if (error instanceof InvalidRows) return new InvalidRows(error.rows.map((faults) => toldIn(shape, faults)));
  return error instanceof InvalidInput ? new InvalidInput(toldIn(shape, error.faults)) : error;
}

function toldIn(shape: Shape, { place, objects, [whole]: all, ...others }: FieldFaults): FieldFaults {
  const told: Record<string, FieldFaults[string]> = { ...others };
  if (all) told[shape === '2.9' ? 'custom_fields' : whole] = all;
  if (place) told[whole] = [`Secret with this ${placeWords[shape]} already exists.`];
  if (objects) told[shape === '2.9' ? 'device' : 'assigned_object_id'] = objects;
  return told;
}
