import { createPublicKey } from 'node:crypto';
import type { HostAccess, Principal, Rows, Transaction, TypeDescriptor } from '@latchkey/host/extend';
import { Forbidden, NotFound } from '@latchkey/host/extend';
import { CryptoError } from '../crypto/faults';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import { checkOwner, signOwner } from '../crypto/owner';
import { readPrivateKey } from '../crypto/private-key';
import { readPublicKey } from '../crypto/public-key';
import { sessionKeyType, userKeyType, wrapType, type UserKey } from '../types';
import type { StoredUserKey } from './contract';
import { StoreError } from './store-error';
import { keepStore, keepWraps, keyringOf, masterEntries, opensAll, otherWays, prepareStore, upToDate } from './masters';
import { allOf, byId, toBytes, toText, where } from './rows';

/** What keeping user keys needs. */
export interface UserKeyParts {
  readonly host: HostAccess;
  readonly keys: HostKeys;
}

const lastWay =
  'This is the last active user key: without it nobody could open the secrets. Activate another user key first.';

const waits = 'The store is made by the first user key of a superuser; this key waits to be activated.';

// A user looks after the own key without any permission, as in NetBox; the change log still names the user.
const asOwner = (principal: Principal): Principal => ({ ...principal, isSuperuser: true });

/** The type of users, which is the host's own. */
export function userTypeOf({ types }: Rows): TypeDescriptor {
  const type = types.get('users.user');
  if (!type) throw new Error('There is no type of users.');
  return type;
}

/** Whether a user may sign in. */
export const activeIn =
  (rows: Rows) =>
  async (user: string): Promise<boolean> =>
    (await byId(rows, userTypeOf(rows), user))?.['is_active' as never] === true;

/** Refuses what would leave nobody who can open the store, where there is one. */
export async function refuseLastWay(rows: Rows, user: string): Promise<void> {
  const own = (await allOf(rows, userKeyType, [where('user', user), where('active', true)]))[0];
  if (!own || !(await activeIn(rows)(user))) return;
  if ((await otherWays(rows, activeIn(rows), { user })) === 0) throw new StoreError('last-way', lastWay);
}

/** Ends every session of a user. */
export async function endSessions(transaction: Transaction, user: string): Promise<void> {
  for (const { id } of await allOf(transaction, sessionKeyType, [where('user', user)]))
    await transaction.remove(sessionKeyType, id);
}

async function dropWraps(transaction: Transaction, userKey: string): Promise<void> {
  for (const { id } of await allOf(transaction, wrapType, [where('user_key', userKey)]))
    await transaction.remove(wrapType, id);
}

/** User keys: taking them in, activating them by who has the master keys, and letting them go. */
export function createUserKeys({ host, keys }: UserKeyParts) {
  const own = async (rows: Rows, user: string) => (await allOf(rows, userKeyType, [where('user', user)]))[0];
  const mayActFor = (principal: Principal, user: string): Principal => {
    if (!principal.mayWrite) throw new Forbidden();
    return principal.id === user ? asOwner(principal) : principal;
  };

  return {
    userKeyOf: (user: string): Promise<UserKey | undefined> => own(host.rows, user),

    /**
     * Takes a user's own public key in: its signature says that the user gave it, so nobody gives it for another. The
     * first of a superuser makes the store, and is active at once; whoever else came first would get the recovery sheet.
     */
    async setUserKey(principal: Principal, user: string, text: string): Promise<StoredUserKey> {
      if (principal.id !== user) throw new Forbidden();
      const { key, pem, warnings: ofKey } = readPublicKey(text);
      const acting = mayActFor(principal, user);
      const isNew = (await masterEntries(host.rows, keys)).length === 0;
      const fresh = isNew && principal.isSuperuser ? await prepareStore() : undefined;
      const warnings = isNew && !fresh ? [...ofKey, waits] : ofKey;
      return host.writes.together({ principal: acting }, async ({ transaction, create, update }) => {
        const makes = fresh !== undefined && (await masterEntries(transaction, keys)).length === 0;
        const before = await own(transaction, user);
        // Two users of one key would count as two ways to the master key.
        const others = await allOf(transaction, userKeyType);
        if (others.some((row) => row.public_key === pem && row.user !== user))
          throw new StoreError('bad-public-key', 'This is the key of another user. Make one of your own.');
        if (before?.public_key === pem && !makes) return { userKey: before, warnings, recoverySheet: undefined };
        if (before) {
          await refuseLastWay(transaction, user);
          await dropWraps(transaction, before.id);
          await endSessions(transaction, user);
        }
        const fields = { public_key: pem, owner_mac: toText(signOwner(keys, user, key)), active: makes };
        const userKey = (before
          ? await update(userKeyType, before.id, {}, { partial: true, own: fields })
          : await create(userKeyType, { user }, fields)) as unknown as UserKey;
        if (makes && fresh) {
          await keepStore(transaction, keys, fresh);
          await keepWraps(transaction, fresh.keyring, { userKey: userKey.id, publicKey: key });
        }
        return { userKey, warnings, recoverySheet: makes ? fresh?.recovery.sheet : undefined };
      });
    },

    /** The keyring behind a user's own private key. */
    async keyringBy(principal: Principal, privateKey: string): Promise<Keyring> {
      const userKey = principal.id === undefined ? undefined : await own(host.rows, principal.id);
      if (!userKey) throw new StoreError('no-user-key', 'No UserKey found for the current user.');
      if (!userKey.active || !(await opensAll(host.rows, userKey.id)))
        throw new StoreError('inactive-user-key', 'UserKey has not been activated for decryption.');
      try {
        return await keyringOf(host.rows, keys, { userKey: userKey.id, privateKey: await readPrivateKey(privateKey) });
      } catch (error) {
        // What is not about the key, such as a database that is away, is not blamed on it.
        if (!(error instanceof CryptoError) || error.retriable) throw error;
        throw new StoreError('wrong-private-key', 'Invalid private key.');
      }
    },

    /** Wraps the master keys for user keys that wait; each must be one that its user gave to this host. */
    async activate(principal: Principal, keyring: Keyring, ids: readonly string[]): Promise<readonly UserKey[]> {
      return host.writes.together({ principal }, async ({ transaction, update }) => {
        const activated: UserKey[] = [];
        const used = await upToDate(transaction, keys, keyring);
        for (const id of ids) {
          const row = await byId(transaction, userKeyType, id);
          if (!row) throw new NotFound('No UserKey matches the given query.');
          const publicKey = createPublicKey(row.public_key);
          checkOwner(keys, row.user, publicKey, toBytes(row.owner_mac));
          await dropWraps(transaction, id);
          await keepWraps(transaction, used, { userKey: id, publicKey });
          activated.push(
            (await update(userKeyType, id, {}, { partial: true, own: { active: true } })) as unknown as UserKey,
          );
        }
        return activated;
      });
    },

    async deactivate(principal: Principal, id: string): Promise<void> {
      await host.writes.together({ principal }, async ({ transaction, update }) => {
        const row = await byId(transaction, userKeyType, id);
        if (!row) throw new NotFound('No UserKey matches the given query.');
        await refuseLastWay(transaction, row.user);
        await dropWraps(transaction, id);
        await endSessions(transaction, row.user);
        await update(userKeyType, id, {}, { partial: true, own: { active: false } });
      });
    },

    async removeUserKey(principal: Principal, id: string): Promise<void> {
      const row = await byId(host.rows, userKeyType, id);
      const acting = mayActFor(principal, row?.user ?? '');
      await host.writes.together({ principal: acting }, async ({ transaction, remove }) => {
        if (row) await refuseLastWay(transaction, row.user);
        if (row) await endSessions(transaction, row.user);
        await remove(userKeyType, id);
      });
    },
  };
}

/** User keys, as the rest of the store uses them. */
export type UserKeys = ReturnType<typeof createUserKeys>;
