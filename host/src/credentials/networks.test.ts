import { isNetwork, isWithin, neighbourhood, plainAddress } from './networks';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['fe80::1%eth0', 'fe80::1'],
])('the plain form of %s is %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('the neighbourhood of %j is %j', (address, shared) => {
  expect(neighbourhood(address)).toBe(shared);
});

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.1.2.3/8', '10.255.0.1', true],
  ['10.0.0.0/8', '::ffff:10.0.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.70', false],
  ['2001:db8::/32', '2001:db8::1', true],
  ['::/0', '10.0.0.1', false],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['0.0.0.0/0', '', false],
  ['nonsense', '10.0.0.1', false],
])('%s holds %j: %s', (network, address, within) => {
  expect(isWithin([network], address)).toBe(within);
});

test('no network holds nothing', () => {
  expect(isWithin([], '10.0.0.1')).toBe(false);
});

test.each(['10.0.0.1', '10.0.0.0/0', '10.0.0.0/32', '::', '2001:db8::/128'])('%s is a network', (text) => {
  expect(isNetwork(text)).toBe(true);
});

test.each([
  '',
  '10.0.0',
  '10.0.0.1/',
  '10.0.0.1/-1',
  '10.0.0.1/33',
  '010.0.0.1',
  ':::',
  '::ffff:10.0.0.1',
  '::/129',
  'a',
  '1/8',
])('%j is no network', (text) => {
  expect(isNetwork(text)).toBe(false);
});
