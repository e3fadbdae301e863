import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CryptoError } from './faults';
import { openSshPrivateKey } from './open-ssh';

const longestText = 16_384;
const mostBits = 8192;
const pem = /^-----BEGIN ((?:RSA |ENCRYPTED |OPENSSH )?)PRIVATE KEY-----\s[^]+-----END \1PRIVATE KEY-----$/;

/** How a private key is opened. */
export interface ReadPrivateKeyOptions {
  /**
   * Of a key that somebody gave to a command on his own machine. A server passes none: the key says itself how much
   * work its passphrase makes.
   */
  readonly passphrase?: string;
}

function fromPem(text: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
  } catch {
    const isLocked = /^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text);
    throw new CryptoError(isLocked ? 'private-key-passphrase' : 'private-key');
  }
}

/**
 * Reads an RSA private key in PEM: PKCS#1, PKCS#8 or OpenSSH, protected by a passphrase or not. No error quotes what
 * was given.
 */
export async function readPrivateKey(text: string, { passphrase }: ReadPrivateKeyOptions = {}): Promise<KeyObject> {
  const trimmed = text.length > longestText ? '' : text.trim();
  const [whole, form] = pem.exec(trimmed) ?? [];
  if (whole === undefined) throw new CryptoError('private-key');
  const key = form === 'OPENSSH ' ? await openSshPrivateKey(trimmed, passphrase) : fromPem(trimmed, passphrase);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? Infinity;
  if (key.asymmetricKeyType !== 'rsa' || bits > mostBits) throw new CryptoError('private-key');
  return key;
}
