import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { expand, extract, isSame, mac } from './derive';
import { CryptoError, IntegrityError } from './faults';
import type { HostKeys } from './host-keys';

const size = 32;

/** A master key in memory: its number in the keyring, its mark, and the bytes, which nothing prints. */
export interface MasterKey {
  readonly version: number;
  /** Tells this master key from every other, and nothing of its bytes. */
  readonly mark: string;
  readonly key: KeyObject;
  /** What the keys of secrets, sessions and verifiers come from. */
  readonly root: KeyObject;
}

/** How a master key is known while nobody has it. */
export type MasterKeyEntry = Pick<MasterKey, 'version' | 'mark'>;

/** The master keys at hand; the current one seals, the others open what is not yet sealed anew. */
export interface Keyring {
  readonly current: MasterKey;
  readonly masters: readonly MasterKey[];
  /** The master key of a version, or `key-version`. */
  readonly get: (version: number) => MasterKey;
}

/** Takes the 32 bytes of a master key over, and wipes them where they were. */
export function importMasterKey(version: number, bytes: Buffer): MasterKey {
  if (bytes.length !== size) throw new IntegrityError('keyring');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  const root = extract(key);
  return { version, key, root, mark: expand(root, 'mark').toString('hex', 0, 16) };
}

/** Makes a new master key of 256 random bits. */
export const createMasterKey = (version: number): MasterKey => importMasterKey(version, randomBytes(size));

/** Finds out by its mark which master key these bytes are, and takes them over; one that is not listed is an error. */
export function recogniseMasterKey(bytes: Buffer, entries: readonly MasterKeyEntry[]): MasterKey {
  const { mark, ...rest } = importMasterKey(0, bytes);
  const entry = entries.find((one) => one.mark === mark);
  if (!entry) throw new IntegrityError('keyring');
  return { ...rest, mark, version: entry.version };
}

/** Makes a keyring; the highest version is the current one. */
export function makeKeyring(masters: readonly MasterKey[]): Keyring {
  const sorted = masters.toSorted((one, other) => other.version - one.version);
  const [current] = sorted;
  if (!current) throw new CryptoError('key-version');
  const get = (version: number) => {
    const master = sorted.find((one) => one.version === version);
    if (!master) throw new CryptoError('key-version');
    return master;
  };
  return { current, masters: sorted, get };
}

/** Signs an entry, so that a master key which somebody wrote into the database is not taken for one of the house. */
export const signEntry = ({ keyring }: HostKeys, { version, mark }: MasterKeyEntry): Buffer =>
  mac(keyring, 'entry', version, mark);

/** Refuses an entry that this host did not sign. */
export function checkEntry(keys: HostKeys, entry: MasterKeyEntry, signature: Buffer): void {
  if (!isSame(signEntry(keys, entry), signature)) throw new IntegrityError('keyring');
}
