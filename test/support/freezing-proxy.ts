import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Something between a client and a server, which can stop passing anything on, as a network that is gone does. */
export interface FreezingProxy {
  readonly port: number;
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Passes connections on to a port of this machine. */
export async function startFreezingProxy(target: number): Promise<FreezingProxy> {
  let frozen = false;
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    if (frozen) socket.pause();
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer({ pauseOnConnect: true }, (near) => {
    const far = kept(connect(target, '127.0.0.1'));
    const pass = (from: Socket, to: Socket) =>
      from.on('data', (bytes) => void to.write(bytes)).on('close', () => void to.destroy());
    pass(kept(near), far);
    pass(far, near);
    if (frozen) for (const socket of [near, far]) socket.pause();
    else near.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
