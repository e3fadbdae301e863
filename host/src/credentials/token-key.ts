import { createHash, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hostError } from '../errors';
import { safeCause } from '@latchkey/core/kernel';

/** The key that tokens are hashed under; it stands in a file of its own, never in the database. */
export interface TokenKey {
  /** Tells keys apart without giving any of them away; the database remembers it. */
  readonly id: string;
  /** HMAC-SHA-256 of a token, as hex: what the database holds in the token's place. */
  hash(token: string): string;
  /** 32 bytes for another purpose, made of this key by HKDF-SHA-256; they give nothing of it away. */
  derive(purpose: string): Buffer;
}

/**
 * Reads the key file. One is made (256 random bits, readable by the owner alone) only where `make` says so: beside a
 * database that is there already a missing key is lost, and a new one would not bring its tokens back.
 */
export async function loadTokenKey(file: string, { make }: { readonly make: boolean }): Promise<TokenKey> {
  let text: string;
  try {
    if (make) await makeKey(file);
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw hostError('token-key-file', { file, cause: safeCause(error).message });
  }
  if (!/^[0-9a-f]{64}$/.test(text))
    throw hostError('token-key-file', { file, cause: 'it does not hold 64 hex digits' });
  const key = createSecretKey(Buffer.from(text, 'hex'));
  const id = createHash('sha256').update('latchkey token key id\0').update(text).digest('hex').slice(0, 16);
  return {
    id,
    hash: (token) => createHmac('sha256', key).update(token).digest('hex'),
    derive: (purpose) => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `latchkey ${purpose}`, 32)),
  };
}

/** The file appears with its key in it, never empty, and never in place of one that is there. */
async function makeKey(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
}

/**
 * A new token in the form that Nautobot's and NetBox's clients expect, 40 hex digits: the first eight of its row's id, by
 * which a key that is found somewhere can be told and revoked, and 128 random bits.
 */
export function generateToken(id: string): string {
  return `${id.slice(0, 8).toLowerCase()}${randomBytes(16).toString('hex')}`;
}
