import { generateKeyPairSync } from 'node:crypto';
import { bytesFrom, inverse, isWeakModulus, numberFrom, rsaNumbers } from './rsa-numbers';

test.each([0n, 1n, 255n, 256n, 65_537n, 2n ** 200n])('the number %s becomes bytes and a number again', (number) => {
  expect(numberFrom(bytesFrom(number))).toBe(number);
});

test('an inverse times its number is one, modulo the modulus', () => {
  for (const [number, modulus] of [
    [3n, 7n],
    [65_537n, 2n ** 255n - 19n],
    [2n ** 300n + 1n, 10n ** 80n + 3n],
  ] as const)
    expect((inverse(number, modulus) * number) % modulus).toBe(1n);
});

test('the numbers of a key are told, and those of a real one are not weak', () => {
  const { modulus, exponent, bits } = rsaNumbers(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
  expect([exponent, bits, isWeakModulus(modulus)]).toEqual([65_537n, 2048, false]);
});

test.each([2n, 3n, 7n, 29n, 691n, 743n])('a modulus that %s divides is weak', (prime) => {
  expect(isWeakModulus(prime * (2n ** 2047n - 1n))).toBe(true);
  expect(isWeakModulus(751n * 757n)).toBe(false);
});
