import { isUtf8 } from 'node:buffer';
import type { AnyRow, HostAccess, InventoryObject, TypeDescriptor } from '@latchkey/host/extend';
import { customFieldsOf, objectType } from '@latchkey/host/extend';
import type { ReadSecret } from '../service/contract';
import { rowsWith } from '../service/rows';
import { roleType, storedSecretType, type SecretRole, type StoredSecret } from '../types';
import { choicesOf, shownCustomFields } from './custom-fields';
import { fieldsOf, mounts, pick, type Shape } from './shape';

/** Where and how rows are shown. */
export interface Showing {
  readonly host: HostAccess;
  readonly shape: Shape;
  readonly publicUrl: string;
  /** The mount that the request came by. */
  readonly mount: string;
}

const addresses: Readonly<Record<string, string>> = {
  'dcim.device': 'dcim/devices',
  'virtualization.virtualmachine': 'virtualization/virtual-machines',
};

/** An object of the inventory as NetBox shows it inside another row. */
export function nestedObject({ publicUrl, shape }: Pick<Showing, 'publicUrl' | 'shape'>, row: InventoryObject) {
  const address = addresses[row.object_type];
  const place = address ? `${address}/${row.number}` : `inventory/objects/${row.id}`;
  return {
    id: row.number,
    url: `${publicUrl}/api/${place}/`,
    ...(shape === '2.11' && { display: row.name }),
    name: row.name,
    ...(row.object_type === 'dcim.device' && { display_name: row.name }),
  };
}

const url = ({ publicUrl, mount }: Showing, of: string, number: number): string =>
  `${publicUrl}${mount}${of}/${number}/`;

const stamps = ({ created, last_updated }: { readonly created: string; readonly last_updated: string }) => ({
  created: created.slice(0, 10),
  last_updated,
});

/** A role, with the number of its secrets where that is known. */
export function shownRole(showing: Showing, row: SecretRole, count: number | undefined, kind: 'role' | 'roleBrief') {
  const { shape } = showing;
  const counted = count === 0 && shape === '2.9' ? null : count;
  const all = { ...row, ...stamps(row), id: row.number, url: url(showing, 'secret-roles', row.number) };
  return pick(fieldsOf[kind][shape], { ...all, display: row.name, custom_fields: {}, secret_count: counted });
}

/** What secrets refer to, read in one list for each type. */
async function besides({ kept }: HostAccess, shown: readonly StoredSecret[]) {
  const tagType = kept.types.get('extras.tag');
  if (!tagType) throw new Error('There is no type of tags.');
  const all = <T extends TypeDescriptor>(type: T, of: (row: StoredSecret) => readonly string[]) =>
    rowsWith(kept, type, shown.flatMap(of));
  const [roles, objects, tags, fields] = await Promise.all([
    all(roleType, ({ role }) => [role]),
    all(objectType, ({ objects: ids }) => ids),
    all(tagType, ({ tags: ids }) => ids) as Promise<ReadonlyMap<string, unknown>>,
    shown.length === 0 ? [] : customFieldsOf(kept, storedSecretType),
  ]);
  return { roles, objects, tags: tags as ReadonlyMap<string, AnyRow>, fields, choices: await choicesOf(kept, fields) };
}

/** A secret with a value, or the reason why there is none, before it is shaped. */
export interface ToShow extends ReadSecret {
  /** A value that the request itself brought. */
  readonly sent?: string | undefined;
}

function valueOf({ plaintext, sent, fault }: ToShow) {
  if (sent !== undefined) return { plaintext: sent };
  if (fault) return { plaintext: null, plaintext_error: fault };
  if (!plaintext) return { plaintext: null };
  if (isUtf8(plaintext)) return { plaintext: plaintext.toString('utf8') };
  return { plaintext: null, plaintext_error: 'binary', plaintext_base64: plaintext.toString('base64') };
}

/** Secrets as a shape has them; beside it stand why a value is missing, and the objects where they are not one. */
export async function shownSecrets(
  showing: Showing,
  read: readonly ToShow[],
  brief = false,
): Promise<readonly Record<string, unknown>[]> {
  const { shape, host, publicUrl } = showing;
  const found = await besides(host, brief ? [] : read.map(({ row }) => row));
  // Many secrets are of few roles and objects.
  const roles = mapped(found.roles, (role) => nestedRole(showing, role));
  const nested = mapped(found.objects, (object) => nestedObject(showing, object));
  const full = showing.mount === mounts.plugin ? 'secretOfPlugin' : 'secret';
  const fields = fieldsOf[brief ? 'secretBrief' : full][shape];
  return read.map((one) => {
    const { row } = one;
    const objects = row.objects.flatMap((id) => found.objects.get(id) ?? []);
    const [first] = objects;
    const device = objects.find(({ object_type }) => object_type === 'dcim.device');
    const value = valueOf(one);
    const all = {
      ...stamps(row),
      id: row.number,
      name: row.name,
      url: url(showing, 'secrets', row.number),
      display: row.name === '' ? 'Secret' : row.name,
      device: (device && nested.get(device.id)) ?? null,
      assigned_object_type: first?.object_type ?? null,
      assigned_object_id: first?.number ?? null,
      assigned_object: (first && nested.get(first.id)) ?? null,
      role: roles.get(row.role) ?? null,
      hash: one.hash,
      plaintext: value.plaintext,
      tags: row.tags.flatMap((id) => {
        const tag = found.tags.get(id);
        if (!tag) return [];
        const shown = {
          ...tag,
          id: tag.number,
          display: tag.name,
          url: `${publicUrl}/api/extras/tags/${String(tag.number)}/`,
        };
        return [pick(fieldsOf.tag[shape], shown)];
      }),
      custom_fields: shownCustomFields(found, row.custom_fields ?? {}, shape),
    };
    const unusual = objects.length !== 1 || (shape === '2.9' && first?.object_type !== 'dcim.device');
    return {
      ...pick(fields, all),
      ...(!brief &&
        unusual && {
          objects: objects.map(({ id, object_type }) => ({ object_type, ...nested.get(id) })),
        }),
      ...(!brief && 'plaintext_error' in value && { ...value }),
    };
  });
}

const mapped = <A, B>(from: ReadonlyMap<string, A>, make: (one: A) => B): ReadonlyMap<string, B> =>
  new Map([...from].map(([id, one]) => [id, make(one)]));

function nestedRole(showing: Showing, row: SecretRole) {
  const shown = { ...row, id: row.number, url: url(showing, 'secret-roles', row.number), display: row.name };
  return pick(fieldsOf.roleNested[showing.shape], shown);
}
