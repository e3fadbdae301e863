import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { IntegrityError } from './faults';

const cipher = 'aes-256-gcm';
const nonceSize = 12;
const tagSize = 16;

/** What a box is sealed and opened with; the key is wiped after one use. */
export interface BoxKey {
  readonly key: Buffer;
  /** What the box is bound to, beside its own header. */
  readonly about: Buffer;
}

/** How much longer a box is than its header and its content. */
export const boxOverhead = nonceSize + tagSize;

/** Seals with AES-256-GCM under a fresh random nonce: header, nonce, ciphertext, tag. The header stays readable. */
export function sealBox({ key, about }: BoxKey, header: Buffer, content: Buffer): Buffer {
  const box = Buffer.alloc(header.length + content.length + boxOverhead);
  const start = header.length + nonceSize;
  header.copy(box);
  const nonce = randomFillSync(box.subarray(header.length, start));
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagSize });
  key.fill(0);
  sealing.setAAD(Buffer.concat([header, about]));
  sealing.update(content).copy(box, start);
  sealing.final();
  sealing.getAuthTag().copy(box, start + content.length);
  return box;
}

/** The content of a box, whole and unchanged, or an {@link IntegrityError}. */
export function openBox({ key, about }: BoxKey, headerSize: number, box: Buffer): Buffer {
  const start = headerSize + nonceSize;
  const end = box.length - tagSize;
  if (end < start) throw new IntegrityError('record');
  const opening = createDecipheriv(cipher, key, box.subarray(headerSize, start), { authTagLength: tagSize });
  key.fill(0);
  opening.setAAD(Buffer.concat([box.subarray(0, headerSize), about]));
  opening.setAuthTag(box.subarray(end));
  const content = opening.update(box.subarray(start, end));
  try {
    opening.final();
  } catch {
    content.fill(0);
    throw new IntegrityError('record');
  }
  return content;
}
