import type { Rows, Transaction } from '@latchkey/host/extend';
import { isHolder, signHolder } from '../crypto/holder';
import type { HostKeys } from '../crypto/host-keys';
import { highWaterType, recoveryKeyType, userKeyType, wrapType, type UserKey, type WrapRow } from '../types';
import { allOf, byId, toBytes, toText, where } from './rows';

/** A key that master keys are wrapped for: that of a user, or the recovery key. */
export interface KeyOfHolder extends Pick<UserKey, 'id' | 'user' | 'public_key' | 'active'> {
  /** The user key that its wraps name; null for the recovery key. */
  readonly userKey: string | null;
}

/** Where the recovery key has its mark; each new one goes on counting there, so that none of before comes back. */
const spareId = '00000000-0000-0000-0000-000000000000';

/** A user key as a holder. */
export const ofUser = ({ id, user, public_key, active }: Omit<KeyOfHolder, 'userKey'>): KeyOfHolder => ({
  id,
  user,
  public_key,
  active,
  userKey: id,
});

/** A recovery key as a holder. */
export const ofRecovery = ({ public_key }: { readonly public_key: string }): KeyOfHolder => ({
  id: spareId,
  user: 'recovery',
  public_key,
  active: true,
  userKey: null,
});

/** The wraps that a user key has; those of the recovery key for null. */
export async function wrapsOf(rows: Rows, userKey: string | null): Promise<readonly WrapRow[]> {
  return allOf(rows, wrapType, [where('user_key', userKey)]);
}

const stateOf = (
  { id, user, public_key: publicKey, active }: KeyOfHolder,
  wraps: readonly WrapRow[],
  revision: number,
) => ({
  id,
  user,
  publicKey,
  active,
  revision,
  wraps: wraps.map(({ master_version: version, wrapped }) => ({ version, wrapped: toBytes(wrapped) })),
});

/** Signs a holder with the wraps that it has now; to be called whenever they, or the key, were changed. */
export async function signHolding(transaction: Transaction, keys: HostKeys, holder: KeyOfHolder): Promise<void> {
  const known = await byId(transaction, highWaterType, holder.id);
  const wraps = await wrapsOf(transaction, holder.userKey);
  const revision = (known?.revision ?? 0) + 1;
  const version = Math.max(0, ...wraps.map((wrap) => wrap.master_version));
  const mark = { version, revision, mac: toText(signHolder(keys, stateOf(holder, wraps, revision))) };
  if (known) await transaction.update(highWaterType, holder.id, mark);
  else await transaction.insert(highWaterType, { id: holder.id, ...mark });
}

/** Forgets a key that is no more: put back into the database, it is none that the host let in. */
export async function forgetHolding(transaction: Transaction, id: string): Promise<void> {
  if (await byId(transaction, highWaterType, id)) await transaction.remove(highWaterType, id);
}

/** What the database says of a holder. */
export interface Holding {
  /** The versions of the master keys that are wrapped for it. */
  readonly versions: readonly number[];
  /** Whether key and wraps are as the host signed them last. */
  readonly isSigned: boolean;
  /** Whether it is in the state that the host left it in; a key that waits may be new, and not signed yet. */
  readonly isSound: boolean;
}

/** Looks at a holder: its key, its wraps, and the signature of both. */
export async function holdingOf(rows: Rows, keys: HostKeys, holder: KeyOfHolder): Promise<Holding> {
  const mark = await byId(rows, highWaterType, holder.id);
  const wraps = await wrapsOf(rows, holder.userKey);
  const versions = wraps.map(({ master_version: version }) => version);
  const isSigned = mark ? isHolder(keys, stateOf(holder, wraps, mark.revision), toBytes(mark.mac)) : false;
  return { versions, isSigned, isSound: isSigned || (!mark && !holder.active && wraps.length === 0) };
}

/** Whether key and wraps are as the host signed them last. */
export const isSigned = async (...of: Parameters<typeof holdingOf>): Promise<boolean> =>
  (await holdingOf(...of)).isSigned;

/** Whether a user key is in the state that the host left it in. */
export const isSound = async (rows: Rows, keys: HostKeys, row: UserKey): Promise<boolean> =>
  (await holdingOf(rows, keys, ofUser(row))).isSound;

/** The recovery key that the host signed; a row that somebody put beside it is passed over. */
export async function signedRecovery(rows: Rows, keys: HostKeys): Promise<KeyOfHolder | undefined> {
  for (const row of await allOf(rows, recoveryKeyType))
    if (await isSigned(rows, keys, ofRecovery(row))) return ofRecovery(row);
  return undefined;
}

/** The user names of the keys that are not as the host signed them, and the word for the recovery key. */
export async function unsound(
  rows: Rows,
  keys: HostKeys,
  nameOf: (user: string) => Promise<string>,
): Promise<string[]> {
  const names: string[] = [];
  for (const row of await allOf(rows, userKeyType))
    if (!(await isSound(rows, keys, row))) names.push(await nameOf(row.user));
  const hasSpare = (await wrapsOf(rows, null)).length > 0 || (await allOf(rows, recoveryKeyType)).length > 0;
  if (hasSpare && !(await signedRecovery(rows, keys))) names.push('(recovery key)');
  return names;
}

/** Takes the wraps of earlier master keys away; who was signed with them is signed without them, and nobody else is. */
export async function retireWraps(transaction: Transaction, keys: HostKeys, current: number): Promise<void> {
  const old = await allOf(transaction, wrapType, [{ field: 'master_version', lookup: 'lt', values: [current] }]);
  const spare = await signedRecovery(transaction, keys);
  const holders = [...(await allOf(transaction, userKeyType)).map(ofUser), ...(spare ? [spare] : [])];
  const signed: KeyOfHolder[] = [];
  for (const holder of holders)
    if (old.some((wrap) => wrap.user_key === holder.userKey) && (await isSigned(transaction, keys, holder)))
      signed.push(holder);
  for (const { id } of old) await transaction.remove(wrapType, id);
  for (const holder of signed) await signHolding(transaction, keys, holder);
}
