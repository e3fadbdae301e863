import { createHash, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { hostError } from '../errors';
import { safeCause } from '@latchkey/core/kernel';

/** The key that tokens are hashed under; it stands in a file of its own, never in the database. */
export interface TokenKey {
  /** Tells keys apart without giving any of them away; the database remembers it. */
  readonly id: string;
  /** HMAC-SHA-256 of a token, as hex: what the database holds in the token's place. */
  hash(token: string): string;
}

/** Reads the key file, or makes one (256 random bits, readable by the owner alone) when there is none. */
export async function loadTokenKey(file: string): Promise<TokenKey> {
  try {
    await writeFile(file, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw hostError('token-key-file', { file, cause: safeCause(error).message });
    }
  }
  const text = (await readFile(file, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw hostError('token-key-file', { file, cause: 'it does not hold 64 hex digits' });
  const key = createSecretKey(Buffer.from(text, 'hex'));
  const id = createHash('sha256').update('latchkey token key id\0').update(text).digest('hex').slice(0, 16);
  return { id, hash: (token) => createHmac('sha256', key).update(token).digest('hex') };
}

/**
 * A new token in the form that Nautobot's and NetBox's clients expect, 40 hex digits: the first eight of its row's id, by
 * which a key that is found somewhere can be told and revoked, and 128 random bits.
 */
export function generateToken(id: string): string {
  return `${id.slice(0, 8).toLowerCase()}${randomBytes(16).toString('hex')}`;
}
