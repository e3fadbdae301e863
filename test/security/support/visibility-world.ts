import { randomUUID } from 'node:crypto';
import type { Host } from '../../../host/src/compose';
import { adminToken } from '../../support/host-process';
import { openLocalHost } from '../../support/local-host';
import { restClient, type Rest } from '../../support/rest-client';
import { create } from '../../support/spine';

/** Who asks. `reader` is the user `full` with a token that may only read. */
export const roles = ['anonymous', 'nobody', 'viewer', 'full', 'checker', 'superuser', 'reader'] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** Which row is asked for: one within the constraints, one outside, one that is not there. */
export const kinds = ['own', 'foreign', 'absent'] as const;
/** One of {@link kinds}. */
export type Kind = (typeof kinds)[number];

const named = { name__startswith: 'own' };
/** The constraint of every role on each type: rows that begin with "own", one's own tokens. */
const constraints: Readonly<Record<string, object>> = {
  'extras.secret': named,
  'extras.secretsgroup': named,
  'extras.secretsgroupassociation': { secrets_group__name__startswith: 'own' },
  'inventory.object': named,
  'users.user': { username__startswith: 'own' },
  'auth.group': named,
  'users.token': { user: '$user' },
  'users.objectpermission': named,
  'audit.entry': { secret__startswith: 'own' },
  'extras.tag': named,
  'extras.customfield': { label__startswith: 'own' },
  'extras.customfieldchoice': { value__startswith: 'own' },
  'extras.note': { note__startswith: 'own' },
  'extras.objectchange': { object_repr__startswith: 'own' },
};
/** Collections that the host writes alone, and the field that says which secret a row is about. */
const logs: Readonly<Record<string, string>> = {
  'audit/entries': 'secret_id',
  'extras/object-changes': 'changed_object_id',
};
const actionsOf: Partial<Readonly<Record<Role, readonly string[]>>> = {
  viewer: ['view'],
  full: ['view', 'add', 'change', 'delete', 'use', 'check'],
};

let count = 0;
const fresh = (kind: Kind): string => `${kind}-${++count}`;

/** A whole host with an account for each role, and rows of both kinds in every collection. */
export async function openVisibilityWorld() {
  const host: Host = await openLocalHost();
  const url = await host.listen();
  const admin = restClient(url, adminToken);
  const users = new Map<Role, string>();
  const tokens = new Map<Role, string>([['superuser', adminToken]]);

  for (const role of ['nobody', 'viewer', 'full', 'checker'] as const) {
    const user = await create(admin, 'users/users', { username: `role-${role}` });
    users.set(role, user.id);
    tokens.set(role, (await create(admin, 'users/tokens', { user: user.id })).key);
    for (const [type, constraint] of Object.entries(constraints)) {
      const actions = role === 'checker' && type === 'extras.secret' ? ['check'] : actionsOf[role];
      if (!actions) continue;
      const about = { name: `${role} ${type}`, object_types: [type], actions, constraints: constraint };
      await create(admin, 'users/permissions', { ...about, users: [user.id] });
    }
  }
  const full = users.get('full') ?? '';
  users.set('reader', full);
  tokens.set('reader', (await create(admin, 'users/tokens', { user: full, write_enabled: false })).key);
  users.set('superuser', (await admin('GET', '/api/users/users/admin/')).body.id);
  const stranger = (await create(admin, 'users/users', { username: 'stranger' })).id as string;
  const asked = (await create(admin, 'users/users', { username: 'own-asked' })).id as string;

  const environment = { provider: 'environment-variable', parameters: { variable: 'MATRIX' } };
  const secretOf = (kind: Kind) => create(admin, 'extras/secrets', { name: fresh(kind), ...environment });
  const slot = { access_type: 'SSH', secret_type: 'password' };
  const secrets = { own: await secretOf('own'), foreign: await secretOf('foreign') };
  for (const { id } of Object.values(secrets)) await admin('POST', `/api/extras/secrets/${id}/check/`, { body: {} });

  const selection = { label: 'own selection', type: 'select', content_types: ['extras.tag'] };
  const offering = (await create(admin, 'extras/custom-fields', selection)).id as string;
  const group = async (name: string) => (await create(admin, 'extras/secrets-groups', { name })).id as string;
  // A note stays its author's.
  const about = (kind: Kind, role: Role) => ({
    assigned_object_type: 'extras.secret',
    assigned_object_id: secrets.own.id,
    user_name: kind === 'own' && role === 'full' ? 'role-full' : 'admin',
  });
  const bodies: Readonly<Record<string, (name: string, kind: Exclude<Kind, 'absent'>, role: Role) => object>> = {
    'extras/secrets': (name) => ({ name, ...environment }),
    'inventory/objects': (name) => ({ name, object_type: 'dcim.device' }),
    'extras/tags': (name) => ({ name, content_types: ['extras.secret'] }),
    'extras/custom-fields': (label) => ({ label, type: 'text', content_types: ['extras.tag'] }),
    'extras/custom-field-choices': (value) => ({ value, custom_field: offering }),
    'extras/notes': (note, kind, role) => ({ note, ...about(kind, role) }),
    'users/users': (username) => ({ username }),
    'users/tokens': (description, kind, role) => ({
      user: kind === 'own' ? (users.get(role) ?? stranger) : stranger,
      description,
    }),
    'users/permissions': (name) => ({ name, object_types: ['extras.secret'], actions: ['view'] }),
  };

  /** A body that makes a row of a collection, of a kind; one that makes none, for `absent`. */
  async function bodyOf(address: string, kind: Kind, role: Role): Promise<Record<string, unknown>> {
    const name = fresh(kind);
    if (kind === 'absent') return address === 'users/tokens' ? { user: randomUUID() } : {};
    if (address === 'extras/secrets-groups-associations')
      return { ...slot, secrets_group: await group(name), secret: secrets.own.id };
    return { ...(bodies[address]?.(name, kind, role) ?? { name }) };
  }

  /** The id of a row of a kind, made for this question. */
  async function rowOf(address: string, kind: Kind, role: Role): Promise<string> {
    if (kind === 'absent') return randomUUID();
    const log = logs[address];
    if (log !== undefined)
      return (await admin('GET', `/api/${address}/?${log}=${secrets[kind].id}`)).body.results[0].id;
    const at = address === 'extras/notes' ? `extras/secrets/${secrets.own.id}/notes` : address;
    const by = address === 'extras/notes' && kind === 'own' && role === 'full' ? as(role) : admin;
    return (await create(by, at, await bodyOf(address, kind, role))).id;
  }

  const as = (role: Role): Rest => {
    const token = tokens.get(role) ?? null;
    return (method, path, request) => admin(method, path, { token, ...request });
  };
  /** `asked` is a user without any permission, whom everybody with an eye on users sees. */
  return { as, bodyOf, rowOf, asked, close: () => host.close() };
}

/** A host of {@link openVisibilityWorld}. */
export type VisibilityWorld = Awaited<ReturnType<typeof openVisibilityWorld>>;
