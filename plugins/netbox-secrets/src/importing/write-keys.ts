import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Changes, HostAccess, Rows } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import { signOwner } from '../crypto/owner';
import { readPublicKey } from '../crypto/public-key';
import type { UserKeyStep } from '../import/plan/steps';
import { ofUser } from '../service/holders';
import {
  keepStore,
  keepWraps,
  keyringOf,
  masterEntries,
  opensAll,
  prepareStore,
  type NewStore,
} from '../service/masters';
import { allOf, byId, toText, where } from '../service/rows';
import { masterKeyType, userKeyType, type UserKey } from '../types';
import { given } from './step-rows';
import { ownOf } from './write-row';

/** The store that an import writes to: its keyring, and what makes it where there is none yet. */
export interface Target {
  readonly keyring: Keyring;
  /** Kept together with the first user key, so that there is never a store that nobody opens. */
  readonly fresh: NewStore | undefined;
}

/** No private key that was given opens the store that is there. */
export class StoreClosed extends Error {
  constructor() {
    super(
      'This host has stored secrets already, and none of the private keys opens them. Give that of an active user key of this host, too.',
    );
    this.name = 'StoreClosed';
  }
}

const isHalfOf = (publicKey: string, privateKey: KeyObject): boolean =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString().trim() === publicKey;

/**
 * Opens the store with the private keys at hand, or prepares a new one. NetBox's master key is not taken over: it was
 * wrapped with padding of the old kind, and stands in backups of NetBox for whoever had a key there. The new one is
 * wrapped for every active user key, whose private keys so keep working.
 */
export async function openTarget(
  { rows }: Pick<HostAccess, 'rows'>,
  keys: HostKeys,
  privateKeys: readonly KeyObject[],
): Promise<Target> {
  if ((await masterEntries(rows, keys)).length === 0) {
    const fresh = await prepareStore();
    return { keyring: fresh.keyring, fresh };
  }
  for (const row of await allOf(rows, userKeyType, [where('active', true)]))
    for (const privateKey of privateKeys)
      if (isHalfOf(row.public_key, privateKey) && (await opensAll(rows, keys, ofUser(row))))
        return { keyring: await keyringOf(rows, keys, { userKey: row.id, privateKey }), fresh: undefined };
  throw new StoreClosed();
}

/** The user key that a step would make another of. */
const existing = async (rows: Rows, { id, user }: UserKeyStep): Promise<UserKey | undefined> =>
  (await byId(rows, userKeyType, id)) ?? (await allOf(rows, userKeyType, [where('user', user)]))[0];

/** Whether the user has another key here, in whose place that of NetBox does not come. */
export async function keepsOther(rows: Rows, step: UserKeyStep): Promise<boolean> {
  const known = await existing(rows, step);
  return known !== undefined && known.public_key !== readPublicKey(step.public_key).pem;
}

/** Takes a user key in, active where it was; the master keys are wrapped anew for it. Whether it was taken in. */
export async function writeUserKey(
  { transaction, create }: Changes,
  step: UserKeyStep,
  { keys, keyring }: { readonly keys: HostKeys; readonly keyring: Keyring },
): Promise<boolean> {
  if (await existing(transaction, step)) return false;
  const { key: publicKey, pem: public_key } = readPublicKey(step.public_key);
  const { id, user, is_active: active, created } = step;
  const owner_mac = toText(signOwner(keys, user, publicKey));
  const own = {
    ...(await ownOf(transaction, userKeyType, step)),
    ...given({ created }),
    public_key,
    owner_mac,
    active,
  };
  await create(userKeyType, { user: { id: user } }, own);
  if (active) await keepWraps(transaction, keys, keyring, ofUser({ id, user, public_key, active }));
  return true;
}

/** Keeps a store that is new, in the transaction of the first user key that opens it. */
export async function keepFresh({ transaction }: Changes, keys: HostKeys, { fresh }: Target): Promise<void> {
  if (fresh && (await masterEntries(transaction, keys)).length === 0) await keepStore(transaction, keys, fresh);
}

/** Refuses to seal with a master key that was not kept, as where no user key was taken in: nobody could open the value. */
export async function requireKept({ transaction }: Changes, { keyring: { current } }: Target): Promise<void> {
  const { count } = await transaction.list(masterKeyType, {
    scope: { kind: 'all' },
    filters: [where('mark', current.mark)],
    limit: 1,
    offset: 0,
  });
  if (count === 0) throw new Error('No user key was taken in that could open it.');
}
