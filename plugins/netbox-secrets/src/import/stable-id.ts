import { createHash } from 'node:crypto';

/** A UUID of version 5 (RFC 9562): the same name in the same namespace is the same id. */
export function uuid5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

// Made once for this importer; another value would make strangers of all rows that were imported before.
const importer = '6b1b0f5c-51b5-4c1e-9a0e-3d7b7a6f1e52';

/** The id of a row of one installation of NetBox: always the same, so that what was imported is known again. */
export const stableId = (instance: string, name: string, key: number | string): string =>
  uuid5(importer, JSON.stringify([instance, name, key]));
