import { createPasswordCheck, type PasswordCheck } from '../credentials/password-check';
import { isWithin } from '../credentials/networks';
import type { TokenKey } from '../credentials/token-key';
import {
  permissionType,
  systemPrincipal,
  tokenType,
  userType,
  type ObjectPermission,
  type Principal,
  type User,
} from '../domain/access';
import type { Filter, Rows } from '../domain/ports';
import type { Types } from '../domain/types';
import { hostError } from '../errors';
import { compileGrants, type Grants } from '../permissions/grants';
import type { Definitions } from './definitions';
import type { LastUsed } from './last-used';

/** Finds out who acts, anew whenever the definitions have moved. */
export type Acting = () => Promise<Principal>;

/** Why a key, or a name with a password, was not taken. */
export type Refusal = 'invalid' | 'expired' | 'inactive' | 'address' | 'password';

/** Who stands behind a name or a key. */
export interface Principals {
  /** A named, active user; the error says so when there is none. */
  user(name: string): Acting;
  /** The host itself. */
  readonly system: Acting;
  /**
   * Finds the user of a token that is sent from an address, or why it is refused; asked again, anew, and the key is hashed
   * once. Every unknown key costs the same work.
   */
  token(key: string, address?: string): () => Promise<Principal | Refusal>;
  /**
   * Who signs in with a name and a password; asked again, whether that is still so. An unknown name, one without a
   * password and an inactive one are refused as a wrong password is, after the same work.
   */
  password(name: string, password: string): Promise<Acting | Refusal>;
}

/** What principals are made of. */
export interface PrincipalsOptions {
  readonly definitions: Definitions;
  /** Where the permissions of a user are listed. */
  readonly rows: Rows;
  readonly tokenKey: Pick<TokenKey, 'hash'>;
  readonly passwords?: PasswordCheck;
  readonly lastUsed?: Pick<LastUsed, 'token' | 'login'>;
  readonly now?: () => number;
}

/** Makes principals out of the kept definitions. */
export function createPrincipals(options: PrincipalsOptions): Principals {
  const { definitions, rows, tokenKey, lastUsed, now = Date.now } = options;
  const passwords = options.passwords ?? createPasswordCheck();
  const principalOf = principalsBy(rows);
  return {
    user: (name) => async () => {
      const user = await definitions.get(userType, { username: name });
      if (!user?.is_active) throw hostError('unknown-user', { name });
      return principalOf(user, true);
    },
    system: () => Promise.resolve(systemPrincipal),
    token(key, address) {
      let hash: string | undefined;
      return async () => {
        const token = await definitions.get(tokenType, { key_hash: (hash ??= tokenKey.hash(key)) });
        const user = token && (await definitions.get(userType, { id: token.user }));
        if (!token || !user) return 'invalid';
        if (token.expires !== null && Date.parse(token.expires) <= now()) return 'expired';
        if (!user.is_active) return 'inactive';
        const { allowed_addresses: networks } = token;
        if (networks.length > 0 && !isWithin(networks, address ?? '')) return 'address';
        lastUsed?.token(token.id);
        return { ...(await principalOf(user, token.write_enabled)), token: token.id };
      };
    },
    async password(name, password) {
      const user = await definitions.get(userType, { username: name });
      const hashed = user?.password ?? undefined;
      const right = await passwords.matches(hashed, password);
      if (!right || !user?.is_active) return 'password';
      const { id } = user;
      lastUsed?.login(id);
      return async () => {
        const still = await definitions.get(userType, { id });
        if (!still?.is_active || still.password !== hashed) throw hostError('unknown-user', { name });
        return principalOf(still, true);
      };
    },
  };
}

interface Both {
  readonly reader: Principal;
  readonly writer: Principal;
}

/** Makes the principals of users, once for each kept row; a row is kept while the definitions stand still. */
function principalsBy(rows: Rows): (user: User, mayWrite: boolean) => Promise<Principal> {
  const made = new WeakMap<User, Promise<Both>>();
  const make = async (user: User): Promise<Both> => {
    const { id, username: name, is_superuser: isSuperuser } = user;
    const permissions = isSuperuser ? [] : await permissionsOf(rows, user);
    const about = { id, name, isSuperuser, permissions: Object.freeze(permissions) };
    return { reader: { ...about, mayWrite: false }, writer: { ...about, mayWrite: true } };
  };
  return async (user, mayWrite) => {
    let both = made.get(user);
    if (!both) {
      both = make(user);
      made.set(user, both);
      both.catch(() => made.delete(user));
    }
    return mayWrite ? (await both).writer : (await both).reader;
  };
}

const pageSize = 1000;

/** The permissions of a user and of its groups; those that are switched off, too, for explanations. */
async function permissionsOf(rows: Rows, { id, groups }: User): Promise<ObjectPermission[]> {
  const found = new Map<string, ObjectPermission>();
  const add = async (filter: Filter): Promise<void> => {
    for (let offset = 0; ; offset += pageSize) {
      const query = { scope: { kind: 'all' }, filters: [filter], limit: pageSize, offset } as const;
      const page = await rows.list(permissionType, query);
      for (const permission of page.rows) found.set(permission.id, permission);
      if (page.rows.length < pageSize) return;
    }
  };
  await add({ field: 'users', values: [id] });
  if (groups.length > 0) await add({ field: 'groups', values: groups });
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const nothing: readonly ObjectPermission[] = Object.freeze([]);

/** What a principal was granted on the types of an installation, compiled once for as long as its permissions stand. */
export function createGrantsOf({ targets }: Types): (principal: Principal) => Grants {
  const compiled = new WeakMap<readonly ObjectPermission[], Grants>();
  return ({ permissions = nothing }) => {
    let grants = compiled.get(permissions);
    if (!grants) {
      grants = compileGrants(permissions, (name) => targets.get(name));
      compiled.set(permissions, grants);
    }
    return grants;
  };
}
