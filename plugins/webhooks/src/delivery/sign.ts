import { createHmac } from 'node:crypto';

/** What is signed of a delivery. */
export interface Signed {
  readonly id: string;
  /** Seconds since 1970, of the try. */
  readonly timestamp: number;
  readonly body: string;
}

const hex = (key: string, text: string): string => createHmac('sha512', key).update(text, 'utf8').digest('hex');

/** The headers by which a receiver knows a delivery; signed where there is a key, Nautobot's way and against replay. */
export function deliveryHeaders({ id, timestamp, body }: Signed, key: string | undefined): Record<string, string> {
  const known = { 'x-latchkey-delivery': id, 'x-latchkey-timestamp': String(timestamp) };
  if (key === undefined) return known;
  return {
    ...known,
    'x-hook-signature': hex(key, body),
    'x-latchkey-signature': `v1=${hex(key, `${timestamp}.${id}.${body}`)}`,
  };
}
