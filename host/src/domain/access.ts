import { describeType, standardFields, type Field, type RowOf } from './descriptor';

const name = (max: number) => ({ kind: 'text', max, required: true, unique: true, searchable: true }) as const;
const word = (max: number) => ({ kind: 'text', max, default: '' }) as const satisfies Field;

/** A set of users that permissions can be given to. */
export const groupType = describeType({
  name: 'auth.group',
  label: 'group',
  table: 'users_groups',
  fields: { ...standardFields, name: name(150) },
  unique: [],
  order: ['name'],
  display: 'name',
});

/** Who may sign in. */
export const userType = describeType({
  name: 'users.user',
  label: 'user',
  table: 'users',
  fields: {
    ...standardFields,
    username: {
      ...name(150),
      taken: 'A user with that username already exists.',
      pattern: {
        expression: /^[\p{L}\p{M}\p{N}_@.+-]+$/u,
        message: 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
      },
    },
    password: { kind: 'secret', max: 255, nullable: true, seal: 'password' },
    first_name: word(150),
    last_name: word(150),
    email: word(254),
    is_superuser: { kind: 'flag', default: false },
    is_staff: { kind: 'flag', default: false },
    is_active: { kind: 'flag', default: true },
    last_login: { kind: 'datetime', nullable: true, readOnly: true },
    groups: { kind: 'references', target: 'auth.group', default: [] },
  },
  relations: { tokens: { target: 'users.token', many: true, via: { type: 'users.token', from: 'user', to: 'id' } } },
  unique: [],
  order: ['username'],
  display: 'username',
  aliases: { date_joined: 'created' },
});

/** A key that a client signs in with; only its keyed hash is kept. */
export const tokenType = describeType({
  name: 'users.token',
  label: 'token',
  table: 'users_tokens',
  fields: {
    ...standardFields,
    // Who asks, where nobody is named.
    user: { kind: 'reference', target: 'users.user', onDelete: 'cascade' },
    key_hash: {
      kind: 'secret',
      max: 64,
      unique: true,
      required: true,
      seal: 'token',
      input: 'key',
      taken: 'Token with this Key already exists.',
    },
    description: word(255),
    write_enabled: { kind: 'flag', default: true },
    expires: { kind: 'datetime', nullable: true },
    allowed_addresses: { kind: 'list', max: 49, mayBeEmpty: true, default: [] },
    last_used: { kind: 'datetime', nullable: true, readOnly: true },
  },
  unique: [],
  order: ['created'],
  display: 'id',
});

/** What users and groups may do: actions on the rows of some types, all of them or those that meet a constraint. */
export const permissionType = describeType({
  name: 'users.objectpermission',
  label: 'permission',
  model: 'ObjectPermission',
  table: 'users_permissions',
  fields: {
    ...standardFields,
    name: name(255),
    description: word(255),
    enabled: { kind: 'flag', default: true },
    object_types: { kind: 'list', max: 255, required: true, mayBeEmpty: true },
    actions: { kind: 'list', max: 30, required: true, help: 'The list of actions granted by this permission' },
    users: { kind: 'references', target: 'users.user', default: [] },
    groups: { kind: 'references', target: 'auth.group', default: [] },
    constraints: {
      kind: 'constraint',
      nullable: true,
      help: 'Queryset filter matching the applicable objects of the selected type(s)',
    },
  },
  unique: [],
  order: ['name'],
  display: 'name',
});

/** A fact about the installation as a whole, such as the id of its token key. */
export const settingType = describeType({
  name: 'latchkey.setting',
  internal: true,
  label: 'setting',
  table: 'latchkey_settings',
  folded: false,
  logged: false,
  fields: {
    id: standardFields.id,
    name: { kind: 'text', max: 100, required: true, unique: true },
    value: { kind: 'text', max: 255, required: true },
  },
  unique: [],
  order: ['name'],
  display: 'name',
});

export type User = RowOf<typeof userType>;
export type Token = RowOf<typeof tokenType>;
export type UserGroup = RowOf<typeof groupType>;
export type ObjectPermission = RowOf<typeof permissionType>;

/** What may be done: the definitions' four, and the three that touch a value. */
export type Action = 'view' | 'add' | 'change' | 'delete' | 'use' | 'check' | 'reveal';

/** Who acts. `system` is the host itself, and is only ever asked for by name. */
export interface Principal {
  readonly id: string | undefined;
  readonly name: string;
  readonly isSuperuser: boolean;
  /** False for a token that may only read. */
  readonly mayWrite: boolean;
  /** The id of the token that it acts by, if it does. */
  readonly token?: string;
  /** The permissions of the user and of its groups; a superuser needs none. The same list while they stand. */
  readonly permissions?: readonly ObjectPermission[];
}

/** The host itself: explicit, recorded as `system`. */
export const systemPrincipal: Principal = Object.freeze({
  id: undefined,
  name: 'system',
  isSuperuser: true,
  mayWrite: true,
});
