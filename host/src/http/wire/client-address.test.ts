import type { IncomingMessage } from 'node:http';
import { clientAddressBehind } from './client-address';

const from = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

test.each([
  ['nobody is trusted', [], '10.0.0.5', '192.0.2.1', '10.0.0.5'],
  ['a peer that is not trusted', ['10.0.0.5'], '10.0.0.6', '192.0.2.1', '10.0.0.6'],
  ['a proxy', ['10.0.0.5'], '10.0.0.5', '192.0.2.1', '192.0.2.1'],
  ['a proxy of a network', ['10.0.0.0/8'], '10.9.9.9', '192.0.2.1', '192.0.2.1'],
  ['a proxy that says nothing', ['10.0.0.5'], '10.0.0.5', undefined, '10.0.0.5'],
  ['a proxy with an empty header', ['10.0.0.5'], '10.0.0.5', ' , ', '10.0.0.5'],
  [
    'what the client forged stands left of what the proxy wrote',
    ['10.0.0.5'],
    '10.0.0.5',
    '127.0.0.1, 192.0.2.1',
    '192.0.2.1',
  ],
  ['two proxies', ['10.0.0.5', '10.0.0.6'], '10.0.0.5', '203.0.113.9, 192.0.2.1, 10.0.0.6', '192.0.2.1'],
  ['a forged proxy in the middle', ['10.0.0.5'], '10.0.0.5', '203.0.113.9, 10.0.0.5, 192.0.2.1', '192.0.2.1'],
  ['only proxies', ['10.0.0.0/8'], '10.0.0.5', '10.0.0.7, 10.0.0.6', '10.0.0.7'],
  ['IPv6', ['2001:db8:1::/64'], '2001:db8:1::5', '2001:db8:2::7', '2001:db8:2::7'],
  ['IPv6 outside of the network', ['2001:db8:1::/64'], '2001:db8:2::5', '2001:db8:3::7', '2001:db8:2::5'],
  ['IPv4 in the clothes of IPv6', ['10.0.0.5'], '::ffff:10.0.0.5', '::ffff:192.0.2.1', '192.0.2.1'],
  ['IPv6 is not taken for IPv4', ['10.0.0.0/8'], '::10.0.0.5', '192.0.2.1', '::10.0.0.5'],
  ['a hop with a port', ['10.0.0.5'], '10.0.0.5', '192.0.2.1:49152', '192.0.2.1'],
  ['a hop with brackets and a port', ['10.0.0.5'], '10.0.0.5', '[2001:db8::7]:443', '2001:db8::7'],
  ['a zone goes', ['10.0.0.5'], '10.0.0.5', 'fe80::1%eth0', 'fe80::1'],
  [
    'a hop that cannot be read is no address, and what stands left of it is not asked',
    ['10.0.0.5'],
    '10.0.0.5',
    '192.0.2.1, unknown',
    '',
  ],
  ['a socket that is gone', ['10.0.0.5'], undefined, '192.0.2.1', ''],
])('%s', (_, trusted, peer, forwarded, address) => {
  expect(clientAddressBehind(trusted)(from(peer, forwarded))).toBe(address);
});
