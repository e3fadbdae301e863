import { describeType, standardFields, type RowOf } from '@latchkey/host/extend';

const { id, created } = standardFields;
/** What only the code of the plugin writes, as base64, and nothing shows, filters by, exports or logs. */
const sealed = { kind: 'secret', readOnly: true } as const;
const slug = {
  expression: /^[-a-zA-Z0-9_]+$/,
  message: 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.',
};

/** What kind of secret it is; permissions mostly look at its slug. */
export const roleType = describeType({
  name: 'secrets.secretrole',
  label: 'secret role',
  table: 'netbox_secret_roles',
  fields: {
    ...standardFields,
    name: { kind: 'text', max: 100, required: true, unique: true, searchable: true },
    slug: { kind: 'text', max: 100, required: true, unique: true, pattern: slug, searchable: true },
    description: { kind: 'text', max: 200, default: '' },
  },
  unique: [],
  order: ['name'],
  display: 'name',
});

/** A stored secret: where it stands, in clear; its values are rows of their own. */
export const storedSecretType = describeType({
  name: 'secrets.secret',
  label: 'stored secret',
  model: 'Secret',
  table: 'netbox_secrets',
  customizable: true,
  fields: {
    ...standardFields,
    name: { kind: 'text', max: 100, default: '', searchable: true },
    // Who keeps the secrets of one role need not see the roles, as in NetBox.
    role: { kind: 'reference', target: roleType.name, required: true, onDelete: 'restrict', namedUnseen: true },
    /** What it is assigned to: none, one, or several objects of the inventory. */
    objects: { kind: 'references', target: 'inventory.object' },
    tags: { kind: 'references', target: 'extras.tag' },
    /** SHA-256 of objects, role and name: no two secrets stand in one place. */
    place: { kind: 'text', max: 64, unique: true, readOnly: true },
    /** That of the newest value; counts from 1. */
    version: { kind: 'number', readOnly: true },
    /** The id of the newest value. */
    value: { kind: 'text', max: 36, readOnly: true },
    /** Counts the changes of the placement; its signature has it too. */
    revision: { kind: 'number', readOnly: true },
    /** The signature of objects, role, name and revision by a key of the host. */
    placement_mac: { ...sealed, max: 64 },
  },
  unique: [],
  order: ['role', 'name'],
  searchThrough: ['role'],
  display: 'name',
});

const internal = { internal: true, logged: false, folded: false, unique: [], display: 'id' } as const;

/** A sealed value of a secret, the newest one and those before it: a new master key seals them anew, and nobody is told. */
export const valueType = describeType({
  ...internal,
  name: 'secrets.value',
  label: 'value of a secret',
  table: 'netbox_secret_values',
  fields: {
    id,
    secret: { kind: 'reference', target: storedSecretType.name, required: true, onDelete: 'cascade' },
    version: { kind: 'number' },
    key_version: { kind: 'number' },
    ciphertext: sealed,
    hash: { ...sealed, max: 128 },
    time: { kind: 'datetime' },
    user: { kind: 'text', max: 36, nullable: true, userId: true },
    user_name: { kind: 'text', max: 150 },
  },
  unique: [['secret', 'version']],
  order: ['-version'],
});

/** The newest state of each secret, in a table of its own: a row that is put back to an older state is noticed. */
export const highWaterType = describeType({
  ...internal,
  name: 'secrets.highwater',
  label: 'high-water mark',
  table: 'netbox_high_water',
  fields: { id, version: { kind: 'number' }, revision: { kind: 'number' }, mac: { ...sealed, max: 64 } },
  order: ['id'],
});

/** A master key as it is known while nobody has it: its number, its mark, and that the host signed both. */
export const masterKeyType = describeType({
  ...internal,
  name: 'secrets.masterkey',
  label: 'master key',
  table: 'netbox_master_keys',
  fields: {
    id,
    version: { kind: 'number', unique: true },
    mark: { kind: 'text', max: 32 },
    mac: { ...sealed, max: 64 },
    /** `current` seals; `opening` only opens what is not yet sealed anew; `retired` opens nothing. */
    state: { kind: 'text', max: 8 },
    created,
  },
  order: ['version'],
});

/** The public key of a user, active once the master keys are wrapped for it. */
export const userKeyType = describeType({
  name: 'secrets.userkey',
  label: 'user key',
  table: 'netbox_user_keys',
  folded: false,
  fields: {
    ...standardFields,
    user: { kind: 'reference', target: 'users.user', required: true, unique: true, onDelete: 'cascade' },
    /** SPKI in PEM. */
    public_key: { kind: 'text', max: 16_384, readOnly: true },
    /** The host took this key in for this user: its signature. */
    owner_mac: { ...sealed, max: 64 },
    active: { kind: 'flag', default: false, readOnly: true },
  },
  unique: [],
  order: ['number'],
  display: 'number',
});

/** A master key wrapped for a user key, or for the recovery key where there is none. */
export const wrapType = describeType({
  ...internal,
  name: 'secrets.wrap',
  label: 'wrapped master key',
  table: 'netbox_wraps',
  fields: {
    id,
    user_key: { kind: 'reference', target: userKeyType.name, nullable: true, onDelete: 'cascade' },
    master_version: { kind: 'number' },
    wrapped: sealed,
    created,
  },
  order: ['master_version'],
});

/** The public half of the recovery key, whose private half is on paper. */
export const recoveryKeyType = describeType({
  ...internal,
  name: 'secrets.recoverykey',
  label: 'recovery key',
  table: 'netbox_recovery_keys',
  fields: { id, public_key: { kind: 'text', max: 16_384 }, owner_mac: { ...sealed, max: 64 }, created },
  order: ['created'],
});

/** A session: who has its key, and the sealed master keys, opens secrets until it ends. */
export const sessionKeyType = describeType({
  ...internal,
  name: 'secrets.sessionkey',
  label: 'session key',
  table: 'netbox_session_keys',
  fields: {
    id,
    number: standardFields.number,
    created,
    user: { kind: 'reference', target: 'users.user', required: true, onDelete: 'cascade' },
    /** The token that made it, with which it ends. */
    token: { kind: 'reference', target: 'users.token', nullable: true, onDelete: 'cascade' },
    name: { kind: 'text', max: 100, default: '' },
    last_used: { kind: 'datetime' },
    expires: { kind: 'datetime' },
    /** HMAC of the session key under a key of the host: how a row is found. */
    key_id: { ...sealed, max: 64, unique: true },
    masters: sealed,
    preserved: { ...sealed, nullable: true },
  },
  order: ['created'],
});

/** Every type, referenced ones before those that refer to them. */
export const types = [
  roleType,
  storedSecretType,
  valueType,
  highWaterType,
  masterKeyType,
  userKeyType,
  wrapType,
  recoveryKeyType,
  sessionKeyType,
];

export type SecretRole = RowOf<typeof roleType>;
export type StoredSecret = RowOf<typeof storedSecretType>;
export type SecretValueRow = RowOf<typeof valueType>;
export type HighWaterRow = RowOf<typeof highWaterType>;
export type MasterKeyRow = RowOf<typeof masterKeyType>;
export type UserKey = RowOf<typeof userKeyType>;
export type WrapRow = RowOf<typeof wrapType>;
export type RecoveryKeyRow = RowOf<typeof recoveryKeyType>;
export type SessionKeyRow = RowOf<typeof sessionKeyType>;
