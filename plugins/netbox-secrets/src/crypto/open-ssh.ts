import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type * as Sshpk from 'sshpk';
import { CryptoError } from './faults';

// Loaded where such a key comes, since it takes a tenth of a second of every start.
const late = () => require('sshpk') as typeof Sshpk;

const magic = Buffer.from('openssh-key-v1\0', 'latin1');
// ssh-keygen makes 16 or 24 rounds; at this many a wrong passphrase costs some seconds.
const mostRounds = 1_000;
const block = 16;

/** One field of OpenSSH's encoding (RFC 4251, section 5), and where the next one begins; RangeError where it ends early. */
function field(bytes: Buffer, at: number): { readonly value: Buffer; readonly next: number } {
  const next = at + 4 + bytes.readUInt32BE(at);
  if (next > bytes.length) throw new RangeError();
  return { value: bytes.subarray(at + 4, next), next };
}

function fields(
  bytes: Buffer,
  count: number,
  start = 0,
): { readonly values: readonly Buffer[]; readonly next: number } {
  const values: Buffer[] = [];
  let at = start;
  while (values.length < count) {
    const { value, next } = field(bytes, at);
    values.push(value);
    at = next;
  }
  return { values, next: at };
}

const unsigned = (number: Buffer | undefined): string =>
  Buffer.from(
    number?.subarray(
      Math.max(
        0,
        number.findIndex((byte) => byte !== 0),
      ),
    ) ?? [],
  ).toString('base64url');

/** The key of an `ssh-rsa` line's second word; anything else throws. */
export function openSshPublicKey(base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  const { values, next } = fields(bytes, 3);
  const [type, exponent, modulus] = values;
  if (next !== bytes.length || type?.toString() !== 'ssh-rsa') throw new CryptoError('public-key');
  return createPublicKey({ key: { kty: 'RSA', e: unsigned(exponent), n: unsigned(modulus) }, format: 'jwk' });
}

/** Whether a container is worth opening: sshpk ends the process over a broken block, and makes as many rounds as asked. */
function isWhole(text: string): boolean {
  const bytes = Buffer.from(text.replace(/-----.+?-----/g, ''), 'base64');
  if (magic.compare(bytes, 0, magic.length) !== 0) return false;
  const { values, next } = fields(bytes, 3, magic.length);
  const [cipher, kdf, options = Buffer.alloc(0)] = values;
  // The number of keys stands between.
  const [, blob] = fields(bytes, 2, next + 4).values;
  const isOpen = cipher?.toString() === 'none' && kdf?.toString() === 'none';
  if (isOpen || !blob) return isOpen;
  return blob.length % block === 0 && options.readUInt32BE(field(options, 0).next) <= mostRounds;
}

/** A private key in OpenSSH's own container, which node:crypto does not read. */
export async function openSshPrivateKey(text: string, passphrase: string | undefined): Promise<KeyObject> {
  let isLocked = false;
  try {
    if (!isWhole(text)) throw new CryptoError('private-key');
    isLocked = passphrase !== undefined;
    const key = late().parsePrivateKey(text, 'ssh-private', passphrase === undefined ? {} : { passphrase });
    return createPrivateKey(key.toBuffer('pkcs8'));
  } catch (error) {
    throw new CryptoError(
      isLocked || error instanceof late().KeyEncryptedError ? 'private-key-passphrase' : 'private-key',
    );
  }
}
