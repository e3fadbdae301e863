import { CryptoError, IntegrityError } from './faults';

/** The longest value that is stored, in bytes. */
export const longestValue = 65_536;

const step = 64;
const lastStep = 1024;
const headerSize = 4;

/** The bucket that a value of this length is padded to: steps of 64 up to 1,024, from there powers of two. */
export function bucketOf(length: number): number {
  if (length <= lastStep) return Math.max(step, Math.ceil(length / step) * step);
  return 2 ** Math.ceil(Math.log2(length));
}

/** A value with its length before it and zeros behind it, as long as its bucket and four bytes. */
export function pad(value: Buffer): Buffer {
  if (value.length > longestValue) throw new CryptoError('value-size');
  const padded = Buffer.alloc(headerSize + bucketOf(value.length));
  padded.writeUInt32BE(value.length);
  value.copy(padded, headerSize);
  return padded;
}

/** The value that was padded. */
export function unpad(padded: Buffer): Buffer {
  const length = padded.length < headerSize ? Number.NaN : padded.readUInt32BE();
  if (padded.length !== headerSize + bucketOf(length)) throw new IntegrityError('record');
  return padded.subarray(headerSize, headerSize + length);
}
