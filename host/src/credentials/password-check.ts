import { randomBytes } from 'node:crypto';
import { hashPassword, verifyPassword } from './password';

/** Checks passwords. */
export interface PasswordCheck {
  /** Whether it is the one that was hashed; without a hash it is not, after the same work. */
  matches(hashed: string | undefined, password: string): Promise<boolean>;
}

/** Too many wait for a check already. */
export class TooManyWaiting extends Error {}

const longest = 1024;

/**
 * Makes a check that does one password at a time and keeps the others waiting, since each takes a thread of the few that
 * reads need, too.
 */
export function createPasswordCheck({ mostWaiting = 1000, verify = verifyPassword } = {}): PasswordCheck {
  // Made ahead, so that the first unknown name takes no longer than any other.
  const nobody = hashPassword(randomBytes(16).toString('hex'));
  let last: Promise<unknown> = nobody.catch(() => undefined);
  let waiting = 0;
  return {
    async matches(hashed, password) {
      if (waiting >= mostWaiting) throw new TooManyWaiting();
      waiting += 1;
      const check = last.then(async () => {
        // A hash that cannot be read is nobody's.
        const right = await verify(hashed ?? (await nobody), password.slice(0, longest)).catch(() => false);
        return right && hashed !== undefined && password.length <= longest;
      });
      last = check.catch(() => undefined);
      try {
        return await check;
      } finally {
        waiting -= 1;
      }
    },
  };
}
