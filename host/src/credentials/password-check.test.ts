import { hashPassword } from './password';
import { createPasswordCheck, TooManyWaiting } from './password-check';

test('takes the password that was hashed, and no other', async () => {
  const check = createPasswordCheck();
  const hashed = await hashPassword('right');
  expect(await check.matches(hashed, 'right')).toBe(true);
  expect(await check.matches(hashed, 'wrong')).toBe(false);
  expect(await check.matches(undefined, 'right')).toBe(false);
  expect(await check.matches('pbkdf2_sha256$a hash of another make', 'right')).toBe(false);
});

test('does the same work where there is nothing to compare with', async () => {
  const compared: string[] = [];
  const check = createPasswordCheck({
    verify: (hashed) => {
      compared.push(hashed);
      return Promise.resolve(true);
    },
  });
  const hashed = await hashPassword('right');
  expect(await check.matches(hashed, 'right')).toBe(true);
  expect(await check.matches(undefined, 'right')).toBe(false);
  const costs = compared.map((text) => text.split('$').slice(0, 4).join('$'));
  expect(costs).toEqual(['$argon2id$v=19$m=19456,t=2,p=1', '$argon2id$v=19$m=19456,t=2,p=1']);
});

test('a password beyond any bound is cut before it is hashed, and wrong', async () => {
  const lengths: number[] = [];
  const verify = (_: string, password: string) => Promise.resolve(lengths.push(password.length) > 0);
  const check = createPasswordCheck({ verify });
  expect(await check.matches('hash', 'x'.repeat(1025))).toBe(false);
  expect(lengths).toEqual([1024]);
});

test('one password is checked at a time, and only so many wait', async () => {
  const running: (() => void)[] = [];
  let most = 0;
  const verify = () =>
    new Promise<boolean>((resolve) => {
      running.push(() => resolve(true));
      most = Math.max(most, running.length);
    });
  const check = createPasswordCheck({ mostWaiting: 3, verify });
  const checks = ['a', 'b', 'c'].map((password) => check.matches('hash', password));
  await expect(check.matches('hash', 'd')).rejects.toThrow(TooManyWaiting);
  for (const one of checks) {
    while (running.length === 0) await new Promise(setImmediate);
    running.shift()?.();
    expect(await one).toBe(true);
  }
  expect(most).toBe(1);
});
