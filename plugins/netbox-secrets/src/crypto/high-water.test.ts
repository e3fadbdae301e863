import { createSecretKey, randomBytes } from 'node:crypto';
import { checkHighWater, signHighWater } from './high-water';
import { deriveHostKeys } from './host-keys';
import { createMasterKey } from './keyring';
import { openSecret, sealSecret } from './sealing';

const keys = deriveHostKeys(createSecretKey(randomBytes(32)));
const newest = { id: 's1', version: 7, revision: 2 };
const mark = signHighWater(keys, newest);
const refused = expect.objectContaining({ code: 'integrity-rollback' });

test('the newest state is accepted', () => {
  expect(() => checkHighWater(keys, newest, mark)).not.toThrow();
});

test('a row that was put back to its own older version still opens, and is caught by the mark alone', () => {
  const master = createMasterKey(1);
  const older = { ...newest, version: 6 };
  expect(openSecret(master, older, sealSecret(master, older, Buffer.from('old'))).toString()).toBe('old');
  expect(() => checkHighWater(keys, older, mark)).toThrow(refused);
});

test.each([
  ['an older placement', { ...newest, revision: 1 }],
  ['a newer value than was written', { ...newest, version: 8 }],
  ['another secret', { ...newest, id: 's2' }],
])('%s is refused', (_, row) => expect(() => checkHighWater(keys, row, mark)).toThrow(refused));

test('a row without a mark, or with one that the host did not make, is refused', () => {
  const other = deriveHostKeys(createSecretKey(randomBytes(32)));
  expect(() => checkHighWater(keys, newest, undefined)).toThrow(refused);
  expect(() => checkHighWater(keys, newest, signHighWater(other, newest))).toThrow(refused);
});
