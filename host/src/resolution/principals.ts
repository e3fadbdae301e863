import { systemPrincipal, tokenType, userType, type Principal, type User } from '../domain/access';
import { hostError } from '../errors';
import type { TokenKey } from '../credentials/token-key';
import type { Definitions } from './definitions';

/** Finds out who acts, anew whenever the definitions have moved. */
export type Acting = () => Promise<Principal>;

/** Why a key was not taken. */
export type Refusal = 'invalid' | 'expired' | 'inactive';

/** Who stands behind a name or a key. */
export interface Principals {
  /** A named, active user; the error says so when there is none. */
  user(name: string): Acting;
  /** The host itself. */
  readonly system: Acting;
  /** The user of a token, or why it was refused. Every key costs the same work. */
  token(key: string): Promise<Principal | Refusal>;
}

/** Makes principals out of the kept definitions. */
export function createPrincipals(
  definitions: Definitions,
  tokenKey: TokenKey,
  now: () => number = Date.now,
): Principals {
  return {
    user: (name) => async () => {
      const user = await definitions.get(userType, { username: name });
      if (!user?.is_active) throw hostError('unknown-user', { name });
      return principalOf(user, true);
    },
    system: () => Promise.resolve(systemPrincipal),
    async token(key) {
      const token = await definitions.get(tokenType, { key_hash: tokenKey.hash(key) });
      const user = token && (await definitions.get(userType, { id: token.user }));
      if (!token || !user) return 'invalid';
      if (token.expires !== null && Date.parse(token.expires) <= now()) return 'expired';
      return user.is_active ? principalOf(user, token.write_enabled) : 'inactive';
    },
  };
}

const made = new WeakMap<User, { readonly reader: Principal; readonly writer: Principal }>();

function principalOf(user: User, mayWrite: boolean): Principal {
  let both = made.get(user);
  if (!both) {
    const { id, username: name, is_superuser: isSuperuser } = user;
    both = { reader: { id, name, isSuperuser, mayWrite: false }, writer: { id, name, isSuperuser, mayWrite: true } };
    made.set(user, both);
  }
  return mayWrite ? both.writer : both.reader;
}
