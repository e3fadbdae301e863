import { createServer as createNetServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { safeCause } from '@latchkey/core/kernel';
import { hostError } from '../errors';

/** A server of HTTP, with TLS or without. */
export type HttpServer = NetServer & { closeAllConnections(): void; closeIdleConnections(): void };

/** The beginning of the addresses of a host and port; a port that the system is to choose is chosen now. */
export async function baseAddress(protocol: 'http' | 'https', host: string, port: number): Promise<string> {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${protocol}://${name}:${port === 0 ? await freePort(host) : port}`;
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createNetServer().once('error', reject);
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Listens on the port of an address. */
export function listenOn(server: NetServer, address: string, host: string): Promise<void> {
  const { port, protocol } = new URL(address);
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(hostError('listen', { address, cause: safeCause(error).message }));
    server.once('error', failed);
    // The port that a protocol has by itself is none in an address.
    server.listen(Number(port || (protocol === 'https:' ? 443 : 80)), host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

/** Takes no new connections, and ends when those that are open are done; past the grace they are cut. */
export function stopServer(server: HttpServer, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), grace);
    // A connection that was busy at first is idle once it is answered, and its client may keep it for long.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
