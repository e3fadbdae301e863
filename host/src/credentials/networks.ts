import { BlockList, isIP } from 'node:net';

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** What is said of a text that is no network. */
export const notANetwork = 'Enter an address or a network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.';

/** Whether a text is an IP address, or a network in CIDR form. */
export function isNetwork(text: string): boolean {
  return networkOf(text) !== undefined;
}

/** The plain form of a peer's address: one of IPv4 that came in IPv6's clothes is one of IPv4, and zones go. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  return mapped?.[1] ?? bare;
}

/** Whether an address is in one of the networks; what cannot be read allows nothing. */
export function isWithin(networks: readonly string[], address: string): boolean {
  const peer = plainAddress(address);
  const family = familyOf(peer);
  return family !== undefined && listsOf(networks)[family].check(peer, family);
}

/** What shares the failures of an address: for IPv6 its /64, of which one host can have every address. */
export function neighbourhood(address: string): string {
  const peer = plainAddress(address);
  if (familyOf(peer) !== 'ipv6') return peer;
  const [head = '', tail] = peer.toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  // An address that ends in IPv4's form has two groups in that one.
  const written = front.length + back.length + (peer.includes('.') ? 1 : 0);
  const groups = tail === undefined ? front : [...front, ...Array<string>(8 - written).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

type Lists = Readonly<Record<Network['family'], BlockList>>;

const lists = new WeakMap<readonly string[], Lists>();

// One list a family: in a common one, `::/0` would hold every address of IPv4 as well.
function listsOf(networks: readonly string[]): Lists {
  let made = lists.get(networks);
  if (!made) {
    made = { ipv4: new BlockList(), ipv6: new BlockList() };
    for (const network of networks.map(networkOf))
      if (network) made[network.family].addSubnet(network.address, network.bits, network.family);
    lists.set(networks, made);
  }
  return made;
}

function familyOf(address: string): Network['family'] | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

function networkOf(text: string): Network | undefined {
  const [, address = '', length] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = familyOf(address);
  if (family === undefined || plainAddress(address) !== address) return undefined;
  const most = family === 'ipv4' ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  return bits <= most ? { address, bits, family } : undefined;
}
