import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A server that takes connections and never answers; for tests of time limits. */
export async function startSilentServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    server.once('stop', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close().emit('stop');
      await once(server, 'close');
    },
  };
}
