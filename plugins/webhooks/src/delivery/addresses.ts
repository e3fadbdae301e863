import { BlockList, isIP } from 'node:net';

/** Which addresses may be sent to. */
export interface AddressRules {
  /** Whether a connection to this IP address is allowed; what is no address is not. */
  allows(address: string): boolean;
}

type Family = 'ipv4' | 'ipv6';

// What is not on the public Internet, or leads to what is not, by the IANA's registries of special addresses.
const closed: Readonly<Record<Family, readonly string[]>> = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ipv6: ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
};
// Nothing else of IPv6 is public: so unique local, link-local, multicast and translated addresses are out.
const open6 = '2000::/3';

/** The rules: public addresses, and those in networks that the operator names. Throws for what is no network. */
export function addressRules(allow: readonly string[]): AddressRules {
  const [allowed, refused, open] = [listsOf(allow), listsOf([...closed.ipv4, ...closed.ipv6]), listsOf([open6])];
  return {
    allows(given) {
      const address = plain(given);
      const family = familyOf(address);
      if (!family) return false;
      if (allowed[family].check(address, family)) return true;
      return !refused[family].check(address, family) && (family === 'ipv4' || open.ipv6.check(address, family));
    },
  };
}

/** One list a family: in a common one a rule of IPv6 for mapped addresses would hold every address of IPv4. */
function listsOf(networks: readonly string[]): Readonly<Record<Family, BlockList>> {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const network of networks) {
    const [, address = '', length] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(network) ?? [];
    const family = familyOf(address);
    const most = family === 'ipv4' ? 32 : 128;
    const bits = length === undefined ? most : Number(length);
    if (!family || bits > most || plain(address) !== plainSpelling(address))
      throw new TypeError(`allow: "${network}" is no network, such as 10.1.0.0/16 or fd00:1::/32.`);
    lists[family].addSubnet(address, bits, family);
  }
  return lists;
}

function familyOf(address: string): Family | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

/** An address without its zone, in one spelling. */
function plainSpelling(address: string): string {
  const bare = address.replace(/%.*$/s, '');
  return isIP(bare) === 6 ? new URL(`http://[${bare}]/`).hostname.slice(1, -1) : bare;
}

/** The same, and one of IPv4 where it came in the clothes of IPv6. */
function plain(address: string): string {
  const spelled = plainSpelling(address);
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(spelled) ?? [];
  if (high === undefined || low === undefined) return spelled;
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join('.');
}
