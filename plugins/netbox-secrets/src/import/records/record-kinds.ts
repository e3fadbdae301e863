import type { FieldKind, FieldTypes } from './field-kinds';

/** Fields by name; `?` marks those that may be missing or null. */
export type FieldSpecs = Readonly<Record<string, FieldKind | `${FieldKind}?`>>;

interface KindSpec {
  /** `application.model` of each place, oldest first; a table of SQL has an underscore for the dot. */
  readonly tables: readonly string[];
  readonly fields: FieldSpecs;
  /** Where a field stands, if not under its own name. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Lists of references that SQL keeps in tables of their own: field -> kind and field of the other end. */
  readonly links?: Readonly<Record<string, readonly [kind: string, own: string, other: string]>>;
}

// The applications that a secret has lived in: NetBox itself, then its successors.
const secretsTables = (model: string) =>
  ['secrets', 'netbox_secretstore', 'netbox_secrets'].map((app) => `${app}.${model}`);
const stamps = { created: 'time?', last_updated: 'time?' } as const;
const custom = { custom_field_data: 'json?' } as const;

/** What is read of a dump, by kind of record: where it stands, and the type of each field. */
export const recordKinds = {
  'content-type': {
    tables: ['contenttypes.contenttype', 'django.content_type'],
    fields: { app_label: 'text', model: 'text' },
  },
  user: {
    tables: ['auth.user', 'users.user'],
    fields: {
      username: 'text',
      password: 'text?',
      first_name: 'text?',
      last_name: 'text?',
      email: 'text?',
      is_superuser: 'flag',
      is_staff: 'flag?',
      is_active: 'flag',
      date_joined: 'time?',
      last_login: 'time?',
    },
    links: {
      groups: ['membership', 'user', 'group'],
      user_permissions: ['user-model-permission', 'user', 'permission'],
    },
  },
  group: {
    tables: ['auth.group', 'users.group'],
    fields: { name: 'text' },
    links: { permissions: ['group-model-permission', 'group', 'permission'] },
  },
  membership: { tables: ['auth.user_groups', 'users.user_groups'], fields: { user: 'reference', group: 'reference' } },
  'model-permission': { tables: ['auth.permission'], fields: { codename: 'text', content_type: 'type' } },
  'user-model-permission': {
    tables: ['auth.user_user_permissions'],
    fields: { user: 'reference', permission: 'reference' },
  },
  'group-model-permission': {
    tables: ['auth.group_permissions'],
    fields: { group: 'reference', permission: 'reference' },
  },
  token: {
    tables: ['users.token'],
    fields: {
      user: 'reference',
      key: 'text?',
      plaintext: 'text?',
      version: 'integer?',
      write_enabled: 'flag',
      description: 'text?',
      created: 'time?',
      expires: 'time?',
      allowed_ips: 'texts?',
    },
  },
  permission: {
    tables: ['users.objectpermission'],
    fields: { name: 'text', description: 'text?', enabled: 'flag', actions: 'texts', constraints: 'json?' },
    links: {
      users: ['permission-user', 'objectpermission', 'user'],
      groups: ['permission-group', 'objectpermission', 'group'],
      object_types: ['permission-type', 'objectpermission', 'contenttype'],
    },
  },
  'permission-user': {
    tables: ['users.objectpermission_users'],
    fields: { objectpermission: 'reference', user: 'reference' },
  },
  'permission-group': {
    tables: ['users.objectpermission_groups'],
    fields: { objectpermission: 'reference', group: 'reference' },
  },
  'permission-type': {
    tables: ['users.objectpermission_object_types'],
    fields: { objectpermission: 'reference', contenttype: 'type?', objecttype: 'type?' },
  },
  site: { tables: ['dcim.site'], fields: { name: 'text', slug: 'text' } },
  device: {
    tables: ['dcim.device'],
    columns: { sort_name: '_name' },
    fields: {
      name: 'text?',
      sort_name: 'text?',
      serial: 'text?',
      asset_tag: 'text?',
      status: 'text?',
      site: 'reference?',
      ...stamps,
      ...custom,
    },
  },
  'virtual-machine': {
    tables: ['virtualization.virtualmachine'],
    columns: { sort_name: '_name' },
    fields: { name: 'text?', sort_name: 'text?', status: 'text?', site: 'reference?', ...stamps, ...custom },
  },
  tag: {
    tables: ['extras.tag'],
    fields: { name: 'text', slug: 'text', color: 'text?', description: 'text?', ...stamps },
  },
  'tagged-item': {
    tables: ['extras.taggeditem'],
    fields: { tag: 'reference', content_type: 'type', object_id: 'integer' },
  },
  'old-tag': { tables: ['taggit.tag'], fields: { name: 'text', slug: 'text' } },
  'old-tagged-item': {
    tables: ['taggit.taggeditem'],
    fields: { tag: 'reference', content_type: 'type', object_id: 'integer' },
  },
  'custom-field': {
    tables: ['extras.customfield'],
    fields: {
      name: 'text',
      type: 'text',
      label: 'text?',
      description: 'text?',
      required: 'flag?',
      default: 'json?',
      weight: 'integer?',
      filter_logic: 'text?',
      choices: 'texts?',
      validation_minimum: 'integer?',
      validation_maximum: 'integer?',
      validation_regex: 'text?',
    },
    links: {
      obj_type: ['custom-field-type', 'customfield', 'contenttype'],
      content_types: ['custom-field-type', 'customfield', 'contenttype'],
      object_types: ['custom-field-type', 'customfield', 'contenttype'],
    },
  },
  'custom-field-type': {
    tables: ['extras.customfield_obj_type', 'extras.customfield_content_types', 'extras.customfield_object_types'],
    fields: { customfield: 'reference', contenttype: 'type?', objecttype: 'type?' },
  },
  'custom-field-choice': {
    tables: ['extras.customfieldchoice'],
    fields: { field: 'reference', value: 'text', weight: 'integer?' },
  },
  'custom-field-value': {
    tables: ['extras.customfieldvalue'],
    fields: { field: 'reference', obj_type: 'type', obj_id: 'integer', serialized_value: 'text' },
  },
  role: {
    tables: secretsTables('secretrole'),
    fields: { name: 'text', slug: 'text', description: 'text?', ...stamps, ...custom },
    links: { users: ['role-user', 'secretrole', 'user'], groups: ['role-group', 'secretrole', 'group'] },
  },
  'role-user': { tables: ['secrets.secretrole_users'], fields: { secretrole: 'reference', user: 'reference' } },
  'role-group': { tables: ['secrets.secretrole_groups'], fields: { secretrole: 'reference', group: 'reference' } },
  'user-key': {
    tables: secretsTables('userkey'),
    fields: { user: 'reference', public_key: 'text', master_key_cipher: 'bytes?', ...stamps },
  },
  secret: {
    tables: secretsTables('secret'),
    columns: { object_repr: '_object_repr' },
    fields: {
      role: 'reference',
      device: 'reference?',
      assigned_object_type: 'type?',
      assigned_object_id: 'integer?',
      name: 'text',
      ciphertext: 'bytes',
      hash: 'text',
      description: 'text?',
      comments: 'text?',
      object_repr: 'text?',
      ...stamps,
      ...custom,
    },
  },
  change: {
    tables: ['extras.objectchange', 'core.objectchange'],
    fields: {
      time: 'time',
      user: 'reference?',
      user_name: 'text',
      request_id: 'text',
      action: 'text',
      changed_object_type: 'type',
      changed_object_id: 'integer',
      object_repr: 'text',
      object_data: 'json?',
      prechange_data: 'json?',
      postchange_data: 'json?',
    },
  },
} as const satisfies Readonly<Record<string, KindSpec>>;

type Kinds = typeof recordKinds;

/** The name of a kind of record. */
export type Kind = keyof Kinds;

type Fields<Specs extends FieldSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends `${infer K extends FieldKind}?`
    ? FieldTypes[K] | undefined
    : Specs[Name] extends FieldKind
      ? FieldTypes[Specs[Name]]
      : never;
};

/** One row of NetBox, read and checked. */
export type RecordOf<K extends Kind> = K extends Kind ? Row<K> : never;

type Row<K extends Kind> = {
  readonly kind: K;
  /** `application.model` of where it stood. */
  readonly table: string;
  /** Its number; none in a dump by natural keys. */
  readonly pk: number | undefined;
} & Fields<Kinds[K]['fields']>;

/** A record of any kind. */
export type NetboxRecord = RecordOf<Kind>;

/** The kinds, each with what it is read from, for loops. */
export const kindSpecs: ReadonlyMap<Kind, KindSpec> = new Map(Object.entries(recordKinds) as [Kind, KindSpec][]);
