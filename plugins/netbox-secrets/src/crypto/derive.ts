import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

const numberOf = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

const sized = (bytes: Buffer): Buffer[] => {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return [size, bytes];
};

/** The one encoding of a list of parts: each with its length before it, so that no two lists look alike. */
export const canonical = (...parts: readonly (string | number | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) =>
      sized(typeof part === 'string' ? Buffer.from(part) : typeof part === 'number' ? numberOf(part) : part),
    ),
  );

/** HMAC-SHA-256 of a canonical list. */
export const mac = (key: KeyObject, ...parts: readonly (string | number | Buffer)[]): Buffer =>
  createHmac('sha256', key)
    .update(canonical(...parts))
    .digest();

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
export const expand = (root: KeyObject, ...purpose: readonly (string | number | Buffer)[]): Buffer =>
  createHmac('sha256', root)
    .update(canonical(...purpose))
    .update('\x01')
    .digest();

/** A derived key as an object that shows its bytes to nobody. */
export function derivedKey(root: KeyObject, ...purpose: readonly (string | number | Buffer)[]): KeyObject {
  const bytes = expand(root, ...purpose);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** Compares two byte strings in a time that tells nothing of their content. */
export const isSame = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
