import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import type { Rows, Transaction } from '@latchkey/host/extend';
import { IntegrityError } from '../crypto/faults';
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
import { masterKeyType, recoveryKeyType, wrapType, type MasterKeyRow } from '../types';
import { holdingOf, ofRecovery, signHolding, wrapsOf, type Holding, type KeyOfHolder } from './holders';
import { allOf, toBytes, toText } from './rows';
import { StoreError } from './store-error';

/**
 * Every master key that there was, each as the host signed it. A row that it did not sign is an integrity error, and so
 * is another current one than the newest: nobody goes back to a master key of before.
 */
export async function allEntries(rows: Rows, keys: HostKeys): Promise<readonly MasterKeyRow[]> {
  const found = await allOf(rows, masterKeyType);
  for (const { version, mark, mac } of found) checkEntry(keys, { version, mark }, toBytes(mac));
  if (found.some((row) => (row.state === 'current') !== (row === found.at(-1)))) throw new IntegrityError('keyring');
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

/** Whether the host wrapped every master key in use for this key, and nobody changed that since. */
export async function opensAll(rows: Rows, keys: HostKeys, holder: KeyOfHolder): Promise<boolean> {
  return covers(rows, keys, await holdingOf(rows, keys, holder));
}

/** Whether a holder that was looked at opens every master key in use. */
export async function covers(rows: Rows, keys: HostKeys, { isSigned, versions }: Holding): Promise<boolean> {
  return isSigned && (await masterEntries(rows, keys)).every(({ version }) => versions.includes(version));
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

/** Keeps the wraps of master keys for a holder, which is signed with them. */
export async function keepWraps(
  transaction: Transaction,
  keys: HostKeys,
  { masters }: Keyring,
  holder: KeyOfHolder,
): Promise<void> {
  const created = new Date().toISOString();
  const publicKey = createPublicKey(holder.public_key);
  for (const master of masters) {
    const wrapped = toText(wrapMasterKey(publicKey, master));
    const row = { id: randomUUID(), user_key: holder.userKey, master_version: master.version, wrapped, created };
    await transaction.insert(wrapType, row);
  }
  await signHolding(transaction, keys, holder);
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

/** The keyring of master keys that were unwrapped elsewhere, in base64, each of them one of the house. */
export async function keyringOfProof(
  rows: Rows,
  keys: HostKeys,
  masters: readonly { readonly key: string }[],
): Promise<Keyring> {
  const entries = await masterEntries(rows, keys);
  return makeKeyring(masters.map(({ key }) => recogniseMasterKey(toBytes(key), entries)));
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
  await keepWraps(transaction, keys, keyring, ofRecovery({ public_key }));
}
