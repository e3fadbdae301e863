import { randomUUID } from 'node:crypto';
import { generateToken } from '../credentials/token-key';
import type { Principal } from '../domain/access';
import type { Creation } from './collection';

/** A token for who asks, with the key that was given or a new one; this is the only time that the key is shown. */
export function tokenCreation(body: unknown, { id: user }: Principal): Creation {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body, once: {} };
  const given = body as Readonly<Record<string, unknown>>;
  const id = given.id ?? randomUUID();
  // An id that is none is refused later.
  const key = given.key ?? generateToken(typeof id === 'string' ? id : randomUUID());
  return { body: { user, ...given, id, key }, once: { key } };
}
