import { derivedKey, mac } from './derive';
import { fourPartHash, isFourPartHash } from './four-part-hash';
import type { MasterKey } from './keyring';

// Keyed first and stretched after: without the master key no guess can be tried, and the form tells what was done.
const keyed = (master: MasterKey, id: string, plaintext: Buffer) =>
  mac(derivedKey(master.root, 'verifier'), 'verifier', id, plaintext);

/**
 * What replies call `hash`: `pbkdf2_sha256$1000$SALT$DIGEST`, keyed by the master key and bound to the secret. The salt
 * is new each time, so that nobody sees whether the same value was written again.
 */
export const makeVerifier = (master: MasterKey, id: string, plaintext: Buffer): string =>
  fourPartHash(keyed(master, id, plaintext));

/** Whether a verifier was made of this value of this secret, with this master key. */
export const checkVerifier = (master: MasterKey, id: string, plaintext: Buffer, verifier: string): boolean =>
  isFourPartHash(keyed(master, id, plaintext), verifier);
