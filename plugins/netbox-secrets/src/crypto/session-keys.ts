import { createSecretKey, randomBytes } from 'node:crypto';
import { openBox, sealBox, type BoxKey } from './box';
import { canonical, expand, extract, mac } from './derive';
import { CryptoError, IntegrityError } from './faults';
import type { HostKeys } from './host-keys';
import { importMasterKey, makeKeyring, type Keyring, type MasterKey } from './keyring';

const size = 32;
const entrySize = 4 + size;
const headers = { session: Buffer.from('LKK\x01', 'latin1'), preserve: Buffer.from('LKP\x01', 'latin1') };

/** What a session row is bound to: its own id, the user whose session it is, the token that made it, and its end. */
export interface SessionPlace {
  readonly id: string;
  readonly user: string;
  /** With which it ends; who takes it out of the row ends the session, too. */
  readonly token: string | null;
  /** When the session ends at the latest, in milliseconds; who changes it in the database ends the session. */
  readonly expires: number;
}

/** Makes a session key of 256 random bits. */
export const createSessionKey = (): Buffer => randomBytes(size);

/**
 * The session key that a client sent as text, or undefined. Characters outside base64 are passed over, as NetBox does.
 */
export function readSessionKey(text: string): Buffer | undefined {
  if (text.length > 256) return undefined;
  const bytes = Buffer.from(text.replace(/[^A-Za-z0-9+/]/g, ''), 'base64');
  if (bytes.length !== size) return undefined;
  // Short buffers come out of a pool that everybody writes to.
  const sessionKey = Buffer.alloc(size);
  bytes.copy(sessionKey);
  bytes.fill(0);
  return sessionKey;
}

/** How a session key is found without being stored: its HMAC under a key of the host. */
export const sessionKeyId = ({ session }: HostKeys, sessionKey: Buffer): Buffer => mac(session, 'id', sessionKey);

/** Of the session key and a key of the host: one that leaked opens no copy of the database. */
function sessionBox({ session }: HostKeys, sessionKey: Buffer, { id, user, token, expires }: SessionPlace): BoxKey {
  const secret = mac(session, 'box', sessionKey);
  const key = expand(extract(createSecretKey(secret)), 'session', id);
  secret.fill(0);
  return { key, about: canonical('session', id, user, token ?? '', expires) };
}

/** Seals the master keys for whoever comes to this host with the session key. */
export function sealSession(keys: HostKeys, sessionKey: Buffer, place: SessionPlace, { masters }: Keyring): Buffer {
  const content = Buffer.alloc(entrySize * masters.length);
  for (const [i, { version, key }] of masters.entries()) {
    content.writeUInt32BE(version, i * entrySize);
    const bytes = key.export();
    bytes.copy(content, i * entrySize + 4);
    bytes.fill(0);
  }
  const sealed = sealBox(sessionBox(keys, sessionKey, place), headers.session, content);
  content.fill(0);
  return sealed;
}

const isHeaded = (header: Buffer, sealed: Buffer) =>
  sealed.length > header.length && header.compare(sealed, 0, header.length) === 0;

/** The master keys of a session row; `session-key` where key and row do not belong together. */
export function openSession(keys: HostKeys, sessionKey: Buffer, place: SessionPlace, sealed: Buffer): Keyring {
  if (sessionKey.length !== size || !isHeaded(headers.session, sealed)) throw new CryptoError('session-key');
  const content = opened(sessionBox(keys, sessionKey, place), sealed);
  if (content.length === 0 || content.length % entrySize !== 0) throw new CryptoError('session-key');
  const masters = Array.from({ length: content.length / entrySize }, (_, i) => {
    const start = i * entrySize;
    return importMasterKey(content.readUInt32BE(start), content.subarray(start + 4, start + entrySize));
  });
  return makeKeyring(masters);
}

function opened(key: BoxKey, sealed: Buffer): Buffer {
  try {
    return openBox(key, headers.session.length, sealed);
  } catch (error) {
    throw error instanceof IntegrityError ? new CryptoError('session-key') : error;
  }
}

function preserveBox(master: MasterKey, { id, user, token, expires }: SessionPlace): BoxKey {
  const about = canonical('preserve', id, user, token ?? '', expires, master.version);
  return { key: expand(master.root, 'preserve', id), about };
}

/** Seals a session key for whoever has the master key, so that `preserve_key` can give it again. */
export const preserveSessionKey = (master: MasterKey, place: SessionPlace, sessionKey: Buffer): Buffer =>
  sealBox(preserveBox(master, place), headers.preserve, sessionKey);

/** The session key that was preserved; `session-key` where it was not with this master key, or not for this row. */
export function recallSessionKey(master: MasterKey, place: SessionPlace, sealed: Buffer): Buffer {
  if (!isHeaded(headers.preserve, sealed)) throw new CryptoError('session-key');
  return opened(preserveBox(master, place), sealed);
}
