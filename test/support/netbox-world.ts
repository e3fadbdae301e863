import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { many, to, type ModelField, type ModelRow } from './netbox-dump';

/** The models of NetBox whose names differ from version to version. */
export type NetboxRelease = '2.8' | '2.9' | '2.11';

/** What a world is made of besides the people in it. */
export interface NetboxWorldOptions {
  readonly release: NetboxRelease;
  /** Wraps the master key for a public key. */
  readonly wrap: (publicKey: KeyObject) => Buffer;
  /** The secrets: `[ciphertext, hash]` with what differs from the first device and the first role. */
  readonly secrets: readonly NetboxSecret[];
  /** Changes of secrets, in their order. */
  readonly changes?: readonly NetboxSecretChange[];
  /** The application of the secrets. */
  readonly app?: string;
}

/** A secret of a world. */
export interface NetboxSecret {
  readonly pk: number;
  readonly ciphertext: Buffer;
  readonly hash: string;
  readonly name?: string;
  readonly role?: number;
  readonly target?: readonly [model: string, pk: number];
}

/** A change of a secret: the value it had then. */
export interface NetboxSecretChange {
  readonly secret: number;
  readonly ciphertext: Buffer;
  readonly hash: string;
  readonly action?: string;
}

/** A key pair such as a user of NetBox has. */
export const netboxKeyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The key pairs of the users of a world. */
export type NetboxKeys = Readonly<Record<'admin' | 'alice' | 'bob', ReturnType<typeof netboxKeyPair>>>;

const types: Readonly<Record<string, number>> = {
  'dcim.device': 14,
  'extras.tag': 67,
  'secrets.secret': 71,
  'secrets.secretrole': 72,
  'virtualization.virtualmachine': 80,
  'dcim.rack': 81,
  'ipam.prefix': 82,
};
const typeModel = 'contenttypes.contenttype';
const typeTo = (name: string): ModelField => to(typeModel, types[name] ?? 0);
const stamps = { created: '2021-03-04', last_updated: '2021-03-04T05:06:07.123Z' };
const user = (pk: number, username: string, isSuperuser: boolean, groups: number[]): ModelRow => ({
  model: 'auth.user',
  pk,
  fields: {
    password: `pbkdf2_sha256$216000$salt${pk}$digest`,
    last_login: null,
    is_superuser: isSuperuser,
    username,
    first_name: '',
    last_name: '',
    email: `${username}@example.com`,
    is_staff: isSuperuser,
    is_active: username !== 'bob',
    date_joined: '2021-03-04T05:06:07.123Z',
    groups: many('auth.group', ...groups),
    user_permissions: many('auth.permission'),
  },
});

const token = (pk: number, owner: number): ModelRow => ({
  model: 'users.token',
  pk,
  fields: {
    user: to('auth.user', owner),
    created: '2021-03-04T05:06:07.123Z',
    expires: null,
    key: String(pk).repeat(40),
    write_enabled: owner === 1,
    description: '',
  },
});

const permission = (pk: number, name: string, on: string[], constraints: unknown, users: number[]): ModelRow => ({
  model: 'users.objectpermission',
  pk,
  fields: {
    name,
    description: '',
    enabled: true,
    constraints: { json: constraints },
    actions: { list: ['view', 'add'] },
    users: many('auth.user', ...users),
    groups: many('auth.group', 1),
    object_types: many(typeModel, ...on.map((one) => types[one] ?? 0)),
  },
});

const device = (pk: number, name: string | null, site: number): ModelRow => ({
  model: 'dcim.device',
  pk,
  fields: { name, _name: name, serial: '', asset_tag: null, status: 'active', site: to('dcim.site', site), ...stamps },
});

function customFields(release: NetboxRelease): ModelRow[] {
  const field = (pk: number, name: string, type: string, extra: ModelRow['fields']): ModelRow => ({
    model: 'extras.customfield',
    pk,
    fields: { name, type, label: '', description: '', required: false, weight: 100, filter_logic: 'loose', ...extra },
  });
  if (release === '2.11')
    return [
      field(1, 'owner', 'text', { default: { json: null }, content_types: many(typeModel, 71), choices: null }),
      field(2, 'tier', 'select', {
        default: { json: null },
        content_types: many(typeModel, 71),
        choices: { list: ['gold', 'silver'] },
      }),
    ];
  const on = { default: '', obj_type: many(typeModel, 71) };
  const value = (pk: number, of: number, text: string): ModelRow => ({
    model: 'extras.customfieldvalue',
    pk,
    fields: {
      field: to('extras.customfield', of),
      obj_type: typeTo('secrets.secret'),
      obj_id: 1,
      serialized_value: text,
    },
  });
  return [
    field(1, 'owner', 'text', on),
    field(2, 'tier', 'select', on),
    ...['gold', 'silver'].map((text, at) => ({
      model: 'extras.customfieldchoice',
      pk: 5 + at,
      fields: { field: to('extras.customfield', 2), value: text, weight: at },
    })),
    value(1, 1, 'team\t"0"\\'),
    value(2, 2, '6'),
  ];
}

function secretRow({ release, app = 'secrets' }: NetboxWorldOptions, secret: NetboxSecret): ModelRow {
  const [model, pk] = secret.target ?? ['dcim.device', 1];
  const place: ModelRow['fields'] =
    release === '2.11'
      ? { assigned_object_type: typeTo(model), assigned_object_id: pk }
      : { device: to('dcim.device', pk) };
  const custom = secret.pk === 1 ? { tier: 'silver', owner: 'team\t"0"\\', gone: null } : {};
  return {
    model: `${app}.secret`,
    pk: secret.pk,
    fields: {
      ...stamps,
      name: secret.name ?? `secret ${secret.pk}`,
      ciphertext: secret.ciphertext,
      hash: secret.hash,
      role: to(`${app}.secretrole`, secret.role ?? 1),
      ...place,
      ...(release === '2.11' ? { custom_field_data: { json: custom } } : {}),
    },
  };
}

function changeRow(release: NetboxRelease, change: NetboxSecretChange, at: number): ModelRow {
  const { secret, ciphertext, hash, action = 'update' } = change;
  const image = { json: { name: `secret ${secret}`, hash, ciphertext: ciphertext.toString('base64'), tags: [] } };
  return {
    model: 'extras.objectchange',
    pk: at + 1,
    fields: {
      time: `2021-03-04T05:06:${String(10 + at)}.000Z`,
      user: to('auth.user', 2),
      user_name: 'alice',
      request_id: '11111111-2222-3333-4444-555555555555',
      action,
      changed_object_type: typeTo('secrets.secret'),
      changed_object_id: secret,
      object_repr: `secret ${secret}`,
      ...(release === '2.11' ? { prechange_data: { json: null }, postchange_data: image } : { object_data: image }),
    },
  };
}

/** A small NetBox: two users with active keys, one without, a group, permissions, devices, tags, custom fields. */
export function netboxWorld(options: NetboxWorldOptions, keys: NetboxKeys): ModelRow[] {
  const { release, wrap, secrets, changes = [], app = 'secrets' } = options;
  const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString().replaceAll('\n', '\r\n');
  const userKey = (pk: number, { publicKey }: { publicKey: KeyObject }, isActive: boolean): ModelRow => ({
    model: `${app}.userkey`,
    pk,
    fields: {
      ...stamps,
      user: to('auth.user', pk),
      public_key: pem(publicKey),
      master_key_cipher: isActive ? wrap(publicKey) : null,
    },
  });
  const role = (pk: number, name: string, slug: string): ModelRow => ({
    model: `${app}.secretrole`,
    pk,
    fields: {
      ...stamps,
      name,
      slug,
      description: '',
      ...(release === '2.8'
        ? { users: many('auth.user', ...(pk === 2 ? [2] : [])), groups: many('auth.group', 1) }
        : {}),
      ...(release === '2.11' ? { custom_field_data: { json: {} } } : {}),
    },
  });
  const contentTypes = Object.entries(types).map(([name, pk]): ModelRow => {
    const [label = '', model = ''] = name.replace(/^secrets\./, `${app}.`).split('.');
    return { model: typeModel, pk, fields: { app_label: label, model } };
  });
  const permissions = [
    permission(1, 'ops: secrets', ['secrets.secret', 'secrets.secretrole'], null, []),
    permission(2, 'ops: snmp', ['secrets.secret', 'dcim.device', 'ipam.prefix'], { role: 2 }, [2]),
  ];
  const site = (pk: number, name: string): ModelRow => ({
    model: 'dcim.site',
    pk,
    fields: { name, slug: name.toLowerCase() },
  });
  return [
    ...contentTypes,
    { model: 'auth.group', pk: 1, fields: { name: 'ops', permissions: many('auth.permission') } },
    user(1, 'admin', true, []),
    user(2, 'alice', false, [1]),
    user(3, 'bob', false, []),
    token(1, 1),
    token(2, 2),
    ...(release === '2.8' ? [] : permissions),
    { model: 'extras.tag', pk: 1, fields: { name: 'Prod', slug: 'prod', color: '00ff00', description: '' } },
    {
      model: 'extras.taggeditem',
      pk: 1,
      fields: { tag: to('extras.tag', 1), content_type: typeTo('secrets.secret'), object_id: 1 },
    },
    ...customFields(release),
    site(1, 'Ams'),
    site(2, 'Ber'),
    device(1, 'r1', 1),
    device(2, 'R1', 2),
    device(3, null, 2),
    {
      model: 'virtualization.virtualmachine',
      pk: 1,
      fields: { name: 'vm1', status: 'active', ...stamps },
    },
    role(1, 'Login', 'login'),
    role(2, 'SNMP', 'snmp'),
    userKey(1, keys.admin, true),
    userKey(2, keys.alice, true),
    userKey(3, keys.bob, false),
    ...secrets.map((secret) => secretRow(options, secret)),
    ...changes.map((change, at) => changeRow(release, change, at)),
  ];
}
