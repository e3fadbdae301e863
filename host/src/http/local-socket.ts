import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { hostError } from '../errors';
import { safeCause } from '@latchkey/core/kernel';

// sockaddr_un holds 108 bytes, the last of which ends the string.
const longest = 107;

/**
 * Where the command finds the host of a data folder: in the folder itself, or, when that path is too long for a socket,
 * in a folder of the user's own beside the other temporary files.
 */
export function socketPath(dataDir: string): string {
  const inside = path.join(dataDir, 'latchkey.sock');
  if (Buffer.byteLength(inside) <= longest) return inside;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 24);
  return path.join(tmpdir(), `latchkey-${userInfo().uid}`, `${name}.sock`);
}

/** Whether somebody answers on the socket. */
export function answers(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(file);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Listens on a socket that only its owner can open; false when another host already answers there. */
export async function listenLocally(server: Server, file: string): Promise<boolean> {
  if (await answers(file)) return false;
  makePrivate(path.dirname(file));
  rmSync(file, { force: true });
  await new Promise<void>((resolve, reject) => {
    const failed = (error: unknown) => reject(hostError('listen', { address: file, cause: safeCause(error).message }));
    server.once('error', failed);
    // The mask holds for the moment of the bind, so that the socket is never open to others.
    const mask = process.umask(0o177);
    try {
      server.listen(file, () => {
        server.off('error', failed);
        resolve();
      });
    } finally {
      process.umask(mask);
    }
  });
  chmodSync(file, 0o600);
  return true;
}

/** Makes the folder, or refuses one that another user made or may write to: who owns it could swap the socket. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  if (uid === userInfo().uid && (mode & 0o022) === 0) return;
  throw hostError('listen', { address: folder, cause: 'the folder is open to other users' });
}
