import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { compile } from 'proxy-addr';
import { plainAddress } from '../../credentials/networks';

/** Tells where a request comes from; empty where that cannot be known, which allows nothing. */
export type ClientAddress = (request: IncomingMessage) => string;

/** The address of the other end of the connection. */
export const peerAddress: ClientAddress = ({ socket }) => plainAddress(socket.remoteAddress ?? '');

/**
 * What tells where a request comes from, of which `X-Forwarded-For` is believed as far as trusted proxies wrote it: from
 * the right, each hop was noted by the one after it, and the first that is not trusted is the client.
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return peerAddress;
  const trust = compile([...trusted]);
  return (request) => {
    let address = peerAddress(request);
    // Several headers are one with commas here; node joins them in their order.
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',');
    for (let hop = hops.pop(); hop !== undefined && trust(address, 0); hop = hops.pop())
      if (hop.trim() !== '') address = addressIn(hop.trim());
    return address;
  };
}

/** Where a request comes from, as the services have it. */
export const addressOf = (
  { clientAddress = peerAddress }: { readonly clientAddress?: ClientAddress },
  request: IncomingMessage,
): string => clientAddress(request);

/** The address of a hop, with or without a port, as some proxies write it. */
function addressIn(hop: string): string {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/.exec(hop) ?? [];
  const address = plainAddress(bracketed ?? dotted ?? hop);
  return isIP(address) === 0 ? '' : address;
}
