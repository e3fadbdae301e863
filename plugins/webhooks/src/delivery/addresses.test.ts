import { addressRules } from './addresses';

const rules = addressRules([]);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.255',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::FFFF:10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  'fd00:ec2::254',
  'fc00::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'localhost',
  '',
  '127.1',
  '2130706433',
])('%s is not sent to', (address) => {
  expect(rules.allows(address)).toBe(false);
});

test.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '::ffff:1.1.1.1', '2606:4700::1111', '2a00:1450::1'])(
  '%s is public',
  (address) => {
    expect(rules.allows(address)).toBe(true);
  },
);

test('what the operator allows is allowed in every spelling, and nothing beside it', () => {
  const some = addressRules(['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '127.0.0.1', '::ffff:7f00:1', 'fd00:1::5'])
    expect([address, some.allows(address)]).toEqual([address, true]);
  for (const address of ['10.2.0.1', '127.0.0.2', '::1', 'fd00:2::1', '169.254.169.254'])
    expect([address, some.allows(address)]).toEqual([address, false]);
});

test('a network of all of IPv6 does not let IPv4 through', () => {
  expect(addressRules(['::/0']).allows('127.0.0.1')).toBe(false);
  expect(addressRules(['::/0']).allows('::ffff:127.0.0.1')).toBe(false);
});

test.each(['10.0.0.0/33', 'example.net', '10.0.0', '::ffff:10.0.0.0/104', '10.0.0.0/-1'])(
  '%s is refused as a network',
  (network) => {
    expect(() => addressRules([network])).toThrow('is no network');
  },
);
