import { openBox, sealBox, type BoxKey } from './box';
import { canonical, expand } from './derive';
import { IntegrityError } from './faults';
import type { Keyring, MasterKey } from './keyring';
import { pad, unpad } from './padding';

const magic = Buffer.from('LKS\x01', 'latin1');
const headerSize = magic.length + 4;

/** What a sealed value is bound to: its secret, and which of the secret's values it is. */
export interface Place {
  readonly id: string;
  readonly version: number;
}

function boxKey(master: MasterKey, { id, version }: Place): BoxKey {
  return { key: expand(master.root, 'secret', id), about: canonical('secret', id, version, master.version) };
}

/**
 * Seals a value for its place: AES-256-GCM under a key of the secret's own, padded, bound to id, version and the
 * version of the master key. The record is `LKS`, 1, the version of the master key (4 bytes), nonce, ciphertext, tag.
 */
export function sealSecret(master: MasterKey, place: Place, plaintext: Buffer): Buffer {
  const header = Buffer.alloc(headerSize);
  magic.copy(header);
  header.writeUInt32BE(master.version, magic.length);
  const padded = pad(plaintext);
  const sealed = sealBox(boxKey(master, place), header, padded);
  padded.fill(0);
  return sealed;
}

/** The version of the master key that a record names; nothing vouches for it until the record is opened. */
export function keyVersionOf(sealed: Buffer): number {
  if (sealed.length < headerSize || magic.compare(sealed, 0, magic.length) !== 0) throw new IntegrityError('record');
  return sealed.readUInt32BE(magic.length);
}

/** The value that was sealed for this place, or an {@link IntegrityError}; never anything else. */
export const openSecret = (master: MasterKey, place: Place, sealed: Buffer): Buffer =>
  unpad(openBox(boxKey(master, place), headerSize, sealed));

/** Opens with the master key that the record names; `key-version` says that the keyring does not have it. */
export const openWith = (keyring: Keyring, place: Place, sealed: Buffer): Buffer =>
  openSecret(keyring.get(keyVersionOf(sealed)), place, sealed);
