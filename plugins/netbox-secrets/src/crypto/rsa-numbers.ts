import type { KeyObject } from 'node:crypto';

/** The number that unsigned big-endian bytes tell. */
export const numberFrom = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex') || '0'}`);

/** Unsigned big-endian bytes of a number. */
export function bytesFrom(number: bigint): Buffer {
  const digits = number.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}

/** The public numbers of an RSA key. */
export function rsaNumbers(key: KeyObject): { exponent: bigint; modulus: bigint; bits: number } {
  const { e = '', n = '' } = key.export({ format: 'jwk' });
  const modulus = numberFrom(Buffer.from(n, 'base64url'));
  return { exponent: numberFrom(Buffer.from(e, 'base64url')), modulus, bits: modulus.toString(2).length };
}

const smallPrimes = Array.from({ length: 750 }, (_, i) => i).filter(
  (number) =>
    number > 1 &&
    !Array.from({ length: 26 }, (_, i) => i + 2).some((divisor) => divisor < number && number % divisor === 0),
);

/** Whether a small prime divides the modulus: then it is no product of two large ones. */
export const isWeakModulus = (modulus: bigint): boolean => smallPrimes.some((prime) => modulus % BigInt(prime) === 0n);

/** The inverse of `number` modulo `modulus`, for numbers without a common divisor. */
export function inverse(number: bigint, modulus: bigint): bigint {
  let [r, nextR, t, nextT] = [modulus, number % modulus, 0n, 1n];
  while (nextR !== 0n) {
    const quotient = r / nextR;
    [r, nextR] = [nextR, r - quotient * nextR];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return t < 0n ? t + modulus : t;
}
