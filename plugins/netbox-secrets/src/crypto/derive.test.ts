import { createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { canonical, derivedKey, expand, extract, isSame, mac } from './derive';

const secret = randomBytes(32);
const root = extract(createSecretKey(secret));

test('both halves together are HKDF-SHA-256 with an empty salt', () => {
  for (const purpose of [['secret', 'a'], ['mark'], ['x', 7, Buffer.from('y')]]) {
    const whole = Buffer.from(hkdfSync('sha256', secret, '', canonical(...purpose), 32));
    expect(expand(root, ...purpose)).toEqual(whole);
    expect(derivedKey(root, ...purpose).export()).toEqual(whole);
  }
});

test('lists that read alike in a row are encoded apart', () => {
  const lists = [['ab'], ['a', 'b'], ['', 'ab'], ['ab', ''], ['a', 'b', ''], [Buffer.from('a'), 'b', 1], ['a', 'b', 2]];
  expect(new Set(lists.map((list) => canonical(...list).toString('hex'))).size).toBe(lists.length);
  for (const list of lists)
    expect(mac(root, ...list)).toEqual(
      createHmac('sha256', root)
        .update(canonical(...list))
        .digest(),
    );
  expect(new Set(lists.map((list) => mac(root, ...list).toString('hex'))).size).toBe(lists.length);
});

test('a list is written with lengths before its parts, and numbers in eight bytes', () => {
  expect(canonical('ä', 2 ** 33 + 5, Buffer.from([9])).toString('hex')).toBe(
    '00000002c3a40000000800000002000000050000000109',
  );
  expect(() => canonical(-1)).toThrow('out of range');
});

test('a derived key shows its bytes to nobody who prints it', () => {
  const key = derivedKey(root, 'x');
  const bytes = key.export();
  const shown = `${JSON.stringify({ key })}${require('node:util').inspect(key, { showHidden: true, depth: 9 })}`;
  expect(shown).not.toContain(bytes.toString('hex').slice(0, 8));
  expect(shown).not.toContain([...bytes.subarray(0, 4)].join(', '));
});

test('byte strings of different length or content are not the same', () => {
  const [one, two] = [Buffer.from('one'), Buffer.from('two')];
  expect([isSame(one, Buffer.from('one')), isSame(one, two), isSame(one, Buffer.from('on'))]).toEqual([
    true,
    false,
    false,
  ]);
});
