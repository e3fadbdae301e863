import type { KeyObject } from 'node:crypto';
import type { HostAccess, Principal, Rows, Transaction } from '@latchkey/host/extend';
import { Forbidden, NotFound } from '@latchkey/host/extend';
import { CryptoError, IntegrityError } from '../crypto/faults';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import { checkOwner, signOwner } from '../crypto/owner';
import { readPrivateKey } from '../crypto/private-key';
import { readPublicKey } from '../crypto/public-key';
import { sessionKeyType, userKeyType, wrapType, type UserKey } from '../types';
import type { StoredUserKey } from './contract';
import { StoreError } from './store-error';
import { ofUser, signHolding } from './holders';
import { keepStore, keepWraps, keyringOf, masterEntries, prepareStore, upToDate } from './masters';
import { allOf, byId, toBytes, toText, where } from './rows';
import { holdingKey, refuseLastWay } from './ways';

/** What keeping user keys needs. */
export interface UserKeyParts {
  readonly host: HostAccess;
  readonly keys: HostKeys;
}

const waits = 'The store is made by the first user key of a superuser; this key waits to be activated.';

// A user looks after the own key without any permission, as in NetBox; the change log still names the user.
const asOwner = (principal: Principal): Principal => ({ ...principal, isSuperuser: true });

/** Ends every session of a user. */
export async function endSessions(transaction: Transaction, user: string): Promise<void> {
  for (const { id } of await allOf(transaction, sessionKeyType, [where('user', user)]))
    await transaction.remove(sessionKeyType, id);
}

/** Refuses a public key that did not come from its user; one that is none at all did not either. */
function checkOwnerOf(keys: HostKeys, { user, public_key: pem, owner_mac: signature }: UserKey): void {
  let publicKey: KeyObject;
  try {
    publicKey = readPublicKey(pem).key;
  } catch {
    throw new IntegrityError('owner');
  }
  checkOwner(keys, user, publicKey, toBytes(signature));
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
        const owner_mac = toText(signOwner(keys, user, key));
        if (before?.public_key === pem && !makes) {
          // Given by its user, whatever somebody wrote there; what opens the store has a signature of its own.
          const isOwned = before.owner_mac === owner_mac;
          const userKey = isOwned ? before : await transaction.update(userKeyType, before.id, { owner_mac });
          return { userKey, warnings, recoverySheet: undefined };
        }
        if (before) {
          await refuseLastWay(transaction, keys, user);
          await dropWraps(transaction, before.id);
          await endSessions(transaction, user);
        }
        const fields = { public_key: pem, owner_mac, active: makes };
        const userKey = (before
          ? await update(userKeyType, before.id, {}, { partial: true, own: fields })
          : await create(userKeyType, { user }, fields)) as unknown as UserKey;
        if (makes && fresh) {
          await keepStore(transaction, keys, fresh);
          await keepWraps(transaction, keys, fresh.keyring, ofUser(userKey));
        } else await signHolding(transaction, keys, ofUser(userKey));
        return { userKey, warnings, recoverySheet: makes ? fresh?.recovery.sheet : undefined };
      });
    },

    /** The keyring behind a user's own private key. */
    async keyringBy(principal: Principal, privateKey: string): Promise<Keyring> {
      const { id } = await holdingKey(host.rows, keys, principal.id);
      try {
        return await keyringOf(host.rows, keys, { userKey: id, privateKey: await readPrivateKey(privateKey) });
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
          checkOwnerOf(keys, row);
          await dropWraps(transaction, id);
          await keepWraps(transaction, keys, used, ofUser({ ...row, active: true }));
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
        await refuseLastWay(transaction, keys, row.user);
        await dropWraps(transaction, id);
        await endSessions(transaction, row.user);
        await update(userKeyType, id, {}, { partial: true, own: { active: false } });
        await signHolding(transaction, keys, ofUser({ ...row, active: false }));
      });
    },

    async removeUserKey(principal: Principal, id: string): Promise<void> {
      const row = await byId(host.rows, userKeyType, id);
      const acting = mayActFor(principal, row?.user ?? '');
      await host.writes.together({ principal: acting }, async ({ transaction, remove }) => {
        if (row) await refuseLastWay(transaction, keys, row.user);
        if (row) await endSessions(transaction, row.user);
        await remove(userKeyType, id);
      });
    },
  };
}

/** User keys, as the rest of the store uses them. */
export type UserKeys = ReturnType<typeof createUserKeys>;
