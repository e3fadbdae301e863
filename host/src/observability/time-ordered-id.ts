import { randomBytes } from 'node:crypto';

/** Makes UUIDs (version 7, RFC 9562) of which each that one maker gives sorts after the one before. */
export function timeOrderedIds(now: () => number = Date.now): () => string {
  let time = 0;
  let count = 0;
  return () => {
    const at = now();
    if (at > time) [time, count] = [at, 0];
    else if (count === 0xfff) [time, count] = [time + 1, 0];
    else count += 1;
    const bytes = randomBytes(8);
    bytes[0] = ((bytes[0] as number) & 0x3f) | 0x80;
    const [clock, random] = [time.toString(16).padStart(12, '0'), bytes.toString('hex')];
    const counter = `7${count.toString(16).padStart(3, '0')}`;
    return `${clock.slice(0, 8)}-${clock.slice(8)}-${counter}-${random.slice(0, 4)}-${random.slice(4)}`;
  };
}
