import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** What a list to be encoded is made of. */
export type Part = string | number | Buffer;

const sizeOf = (part: Part): number =>
  typeof part === 'string' ? Buffer.byteLength(part) : typeof part === 'number' ? 8 : part.length;

/** Writes a part at a place, and says how long it is. */
function write(list: Buffer, part: Part, at: number): number {
  if (typeof part === 'string') return list.write(part, at);
  if (typeof part !== 'number') return part.copy(list, at);
  list.writeUInt32BE(Math.floor(part / 2 ** 32), at);
  list.writeUInt32BE(part >>> 0, at + 4);
  return 8;
}

/** The one encoding of a list: before each part its length in 4 bytes, so that no two lists look alike. */
export function canonical(...parts: readonly Part[]): Buffer {
  // Not from the pool that everybody writes to, since a part may be secret.
  const list = Buffer.alloc(parts.reduce<number>((sum, part) => sum + 4 + sizeOf(part), 0));
  let at = 0;
  for (const part of parts) {
    const size = write(list, part, at + 4);
    list.writeUInt32BE(size, at);
    at += 4 + size;
  }
  return list;
}

/** HMAC-SHA-256 of a list in that encoding, which is wiped. */
export function mac(key: KeyObject, ...parts: readonly Part[]): Buffer {
  const list = canonical(...parts);
  const digest = createHmac('sha256', key).update(list).digest();
  list.fill(0);
  return digest;
}

/** HKDF-SHA-256's first half, with an empty salt; what it gives is only good for {@link expand}. */
export function extract(secret: KeyObject): KeyObject {
  const bytes = secret.export();
  const root = createHmac('sha256', Buffer.alloc(32)).update(bytes).digest();
  const key = createSecretKey(root);
  bytes.fill(0);
  root.fill(0);
  return key;
}

/**
 * HKDF-SHA-256's second half: 32 bytes for one purpose, told by a canonical list. Written out, since a list of rows
 * then pays for one HMAC a row; the result is that of `hkdfSync`.
 */
export const expand = (root: KeyObject, ...purpose: readonly Part[]): Buffer =>
  createHmac('sha256', root)
    .update(canonical(...purpose))
    .update('\x01')
    .digest();

/** A derived key as an object that shows its bytes to nobody. */
export function derivedKey(root: KeyObject, ...purpose: readonly Part[]): KeyObject {
  const bytes = expand(root, ...purpose);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** Compares two byte strings in a time that tells nothing of their content. */
export const isSame = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
