import { randomUUID, type KeyObject } from 'node:crypto';
import type { Rows, Transaction } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import {
  checkEntry,
  createMasterKey,
  makeKeyring,
  recogniseMasterKey,
  signEntry,
  type Keyring,
  type MasterKey,
} from '../crypto/keyring';
import { createRecoveryKey, type RecoveryKey } from '../crypto/recovery';
import { signOwner } from '../crypto/owner';
import { unwrapMasterKey, wrapMasterKey } from '../crypto/user-keys';
import { masterKeyType, recoveryKeyType, userKeyType, wrapType, type MasterKeyRow, type WrapRow } from '../types';
import { allOf, toBytes, toText, where } from './rows';
import { StoreError } from './store-error';

/** Every master key that there was, each as the host signed it; a row that it did not sign is an integrity error. */
export async function allEntries(rows: Rows, keys: HostKeys): Promise<readonly MasterKeyRow[]> {
  const found = await allOf(rows, masterKeyType);
  for (const { version, mark, mac } of found) checkEntry(keys, { version, mark }, toBytes(mac));
  return found;
}

/** The master keys that open anything. */
export async function masterEntries(rows: Rows, keys: HostKeys): Promise<readonly MasterKeyRow[]> {
  return (await allEntries(rows, keys)).filter(({ state }) => state !== 'retired');
}

/**
 * The master keys of a keyring that are in use. A keyring that lacks one, as from before a rotation, is refused: what it
 * seals nobody would open, and who is let in by it would be let into nothing. Asked in the transaction that uses it.
 */
export async function upToDate(rows: Rows, keys: HostKeys, { masters }: Keyring): Promise<Keyring> {
  const found = (await masterEntries(rows, keys)).map(({ version, mark }) =>
    masters.find((master) => master.version === version && master.mark === mark),
  );
  const used = found.filter((master) => master !== undefined);
  if (used.length === 0 || used.length < found.length)
    throw new StoreError('wrong-session-key', 'Invalid session key.');
  return makeKeyring(used);
}

/** Whether every master key in use is wrapped for a user key. */
export async function opensAll(rows: Rows, userKey: string): Promise<boolean> {
  const used = (await allOf(rows, masterKeyType)).filter(({ state }) => state !== 'retired');
  const versions = new Set((await wrapsOf(rows, userKey)).map(({ master_version: version }) => version));
  return used.every(({ version }) => versions.has(version));
}

/** Keeps a master key's number and mark, signed; never the key. */
export async function keepMaster(
  transaction: Transaction,
  keys: HostKeys,
  { version, mark }: MasterKey,
): Promise<void> {
  const created = new Date().toISOString();
  const mac = toText(signEntry(keys, { version, mark }));
  await transaction.insert(masterKeyType, { id: randomUUID(), version, mark, mac, state: 'current', created });
}

/** Keeps the wraps of master keys for a user key, or for the recovery key. */
export async function keepWraps(
  transaction: Transaction,
  { masters }: Keyring,
  holder: { readonly userKey: string | null; readonly publicKey: KeyObject },
): Promise<void> {
  const created = new Date().toISOString();
  for (const master of masters) {
    const wrapped = toText(wrapMasterKey(holder.publicKey, master));
    const row = { id: randomUUID(), user_key: holder.userKey, master_version: master.version, wrapped, created };
    await transaction.insert(wrapType, row);
  }
}

/** The wraps that a user key has; those of the recovery key for null. */
export async function wrapsOf(rows: Rows, userKey: string | null): Promise<readonly WrapRow[]> {
  return allOf(rows, wrapType, [where('user_key', userKey)]);
}

/** The keyring that a private key opens: every master key that is not retired, each of them one of the house. */
export async function keyringOf(
  rows: Rows,
  keys: HostKeys,
  { userKey, privateKey }: { readonly userKey: string | null; readonly privateKey: KeyObject },
): Promise<Keyring> {
  const entries = await masterEntries(rows, keys);
  const masters: MasterKey[] = [];
  for (const { wrapped, master_version: version } of await wrapsOf(rows, userKey))
    if (entries.some((entry) => entry.version === version))
      masters.push(recogniseMasterKey(await unwrapMasterKey(privateKey, toBytes(wrapped)), entries));
  return makeKeyring(masters);
}

/** A store that is to be made: its first master key, and the key pair for the day when nobody else can open it. */
export interface NewStore {
  readonly keyring: Keyring;
  readonly recovery: RecoveryKey;
}

/** Makes what a new store needs, before a transaction holds everyone up. */
export async function prepareStore(): Promise<NewStore> {
  return { keyring: makeKeyring([createMasterKey(1)]), recovery: await createRecoveryKey() };
}

/** Keeps a new store: the entry of its master key, and the recovery key with its wrap. */
export async function keepStore(
  transaction: Transaction,
  keys: HostKeys,
  { keyring, recovery }: NewStore,
): Promise<void> {
  for (const master of keyring.masters) await keepMaster(transaction, keys, master);
  await keepRecovery(transaction, keys, { keyring, recovery });
}

/** Keeps the public half of a recovery key, and the master keys wrapped for it. */
export async function keepRecovery(
  transaction: Transaction,
  keys: HostKeys,
  { keyring, recovery }: NewStore,
): Promise<void> {
  const public_key = recovery.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const owner_mac = toText(signOwner(keys, 'recovery', recovery.publicKey));
  const created = new Date().toISOString();
  await transaction.insert(recoveryKeyType, { id: randomUUID(), public_key, owner_mac, created });
  await keepWraps(transaction, keyring, { userKey: null, publicKey: recovery.publicKey });
}

/** How many users other than this one can open the store: active keys, with their wraps, of users who may sign in. */
export async function otherWays(
  rows: Rows,
  isActive: (user: string) => Promise<boolean>,
  except: { readonly user: string },
): Promise<number> {
  let count = 0;
  for (const { id, user } of await allOf(rows, userKeyType, [where('active', true)]))
    if (user !== except.user && (await isActive(user)) && (await opensAll(rows, id))) count += 1;
  return count;
}
