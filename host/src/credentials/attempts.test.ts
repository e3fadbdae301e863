import { accountKey, createAttempts, createMemory } from './attempts';

const clock = { time: 1000 };
const attempts = () => createAttempts({ perAddress: 5, perAccount: 5, window: 10_000 }, () => clock.time);
const at = (address: string, account = 'maria') => ({ account, address });
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

test.each([
  'maria',
  'Maria',
  'MARIA',
  ' maria',
  'maria ',
  '\tmaria\n',
  'ma ria',
  'maria\u00a0',
  'ma\u200bria',
  'ma\u00adria',
  '\ufeffmaria',
  'maria\u2060',
  'maria\u180e',
  'mar\u0131a'.replace('\u0131', 'i'),
  '\uff4d\uff41\uff52\uff49\uff41',
  '\uff2d\uff21\uff32\uff29\uff21',
  '\u{1d426}\u{1d41a}\u{1d42b}\u{1d422}\u{1d41a}',
  'mari\u24d0',
  'maria\0',
  'm\u202earia',
])('%j is a spelling of maria', (name) => {
  expect(accountKey(name)).toBe('maria');
});

test('names that are others stay others, and long ones short', () => {
  expect(new Set(['maria', 'maria2', 'mario', 'm\u00e1ria'].map(accountKey)).size).toBe(4);
  expect(accountKey('x'.repeat(1e6))).toHaveLength(150);
});

test('an address with many failures waits until the first of them is forgotten', () => {
  const counted = attempts();
  for (const index of many(5)) {
    expect(counted.wait(at('192.0.2.1', `user ${index}`))).toBeUndefined();
    counted.failed(at('192.0.2.1', `user ${index}`));
    clock.time += 1000;
  }
  expect(counted.wait(at('192.0.2.1', 'anybody'))).toBe(5);
  expect(counted.wait(at('192.0.2.2', 'anybody'))).toBeUndefined();
  clock.time += 4999;
  expect(counted.wait(at('192.0.2.1', 'anybody'))).toBe(1);
  clock.time += 1;
  expect(counted.wait(at('192.0.2.1', 'anybody'))).toBeUndefined();
});

test('a network of IPv6 is one address', () => {
  const counted = attempts();
  for (const index of many(5)) counted.failed(at(`2001:db8::${index}`, `user ${index}`));
  expect(counted.wait(at('2001:db8::ffff', 'anybody'))).toBe(10);
  expect(counted.wait(at('2001:db8:0:1::', 'anybody'))).toBeUndefined();
});

test('an account with many failures is still open to every address without one', () => {
  const counted = attempts();
  for (const index of many(5)) counted.failed(at(`192.0.2.${index}`));
  expect(counted.wait(at('192.0.2.0'))).toBe(10);
  expect(counted.wait(at('192.0.2.0', 'other'))).toBeUndefined();
  expect(counted.wait(at('198.51.100.1'))).toBeUndefined();
});

test('an address that the account is known from is given more than one try', () => {
  const counted = attempts();
  counted.succeeded(at('198.51.100.1'));
  for (const index of many(9)) counted.failed(at(`192.0.2.${index}`));
  for (const _ of many(4)) {
    counted.failed(at('198.51.100.1'));
    expect(counted.wait(at('198.51.100.1'))).toBeUndefined();
  }
  counted.failed(at('198.51.100.1'));
  expect(counted.wait(at('198.51.100.1'))).toBe(10);
});

test('what is kept in mind is bounded; what was set longest ago goes', () => {
  const memory = createMemory<number>(1000);
  for (const index of many(1000)) memory.set(String(index), index);
  memory.set('0', 0);
  memory.set('new', 1);
  expect([memory.get('0'), memory.get('1'), memory.get('2'), memory.get('new')]).toEqual([0, undefined, 2, 1]);
});
