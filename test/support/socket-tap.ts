import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder';

/** A data folder whose socket leads to that of a host, and what went through it. */
export interface SocketTap {
  readonly dataDir: string;
  /** What was sent to the host, since the last time that this was asked. */
  sent(): string;
  close(): Promise<void>;
}

/** Listens between the command and the host of a data folder: a command that is given this folder speaks through it. */
export async function tapSocket(dataDir: string): Promise<SocketTap> {
  const own = temporaryFolder();
  const open = new Set<Socket>();
  let chunks: Buffer[] = [];
  const server = createServer((near) => {
    const far = connect(join(dataDir, 'latchkey.sock'));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.once('close', () => open.delete(socket) && other.destroy()).on('error', () => other.destroy());
    }
    near.on('data', (chunk: Buffer) => chunks.push(chunk));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(join(own, 'latchkey.sock'), resolve));
  return {
    dataDir: own,
    sent() {
      const text = Buffer.concat(chunks).toString('latin1');
      chunks = [];
      return text;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
