import { describeType, standardFields, type RowOf } from './descriptor';

/** Who may sign in. */
export const userType = describeType({
  name: 'users.user',
  label: 'user',
  table: 'users',
  fields: {
    ...standardFields,
    username: { kind: 'text', max: 150, required: true, unique: true, searchable: true },
    password: { kind: 'secret', max: 255, nullable: true },
    is_superuser: { kind: 'flag', default: false },
    is_active: { kind: 'flag', default: true },
  },
  unique: [],
  order: ['username'],
  display: 'username',
});

/** A key that a client signs in with; only its keyed hash is kept. */
export const tokenType = describeType({
  name: 'users.token',
  label: 'token',
  table: 'users_tokens',
  fields: {
    ...standardFields,
    user: { kind: 'reference', target: 'users.user', required: true, onDelete: 'cascade' },
    key_hash: { kind: 'secret', max: 64, unique: true },
    description: { kind: 'text', max: 255, default: '' },
    write_enabled: { kind: 'flag', default: true },
    expires: { kind: 'datetime', nullable: true },
  },
  unique: [],
  order: ['created'],
  display: 'id',
});

/** A fact about the installation as a whole, such as the id of its token key. */
export const settingType = describeType({
  name: 'latchkey.setting',
  label: 'setting',
  table: 'latchkey_settings',
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

/** What may be done: the definitions' four, and the three that touch a value. */
export type Action = 'view' | 'add' | 'change' | 'delete' | 'use' | 'check' | 'reveal';

/** Who acts. `system` is the host itself, and is only ever asked for by name. */
export interface Principal {
  readonly id: string | undefined;
  readonly name: string;
  readonly isSuperuser: boolean;
  /** False for a token that may only read. */
  readonly mayWrite: boolean;
}

/** The host itself: explicit, recorded as `system`. */
export const systemPrincipal: Principal = Object.freeze({
  id: undefined,
  name: 'system',
  isSuperuser: true,
  mayWrite: true,
});
