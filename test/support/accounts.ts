import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadTokenKey } from '../../host/src/credentials/token-key';
import { tokenType, userType, type Token, type User } from '../../host/src/domain/access';
import type { UnitOfWork } from '../../host/src/domain/ports';
import { openDatabase } from '../../host/src/persistence/open-database';
import { testPlace } from './test-database';

/** Works on the definitions of a data folder as a process beside its host would. */
export async function besideHost<T>(dataDir: string, work: (unitOfWork: UnitOfWork) => Promise<T>): Promise<T> {
  const unitOfWork = await openDatabase(testPlace(dataDir));
  try {
    return await work(unitOfWork);
  } finally {
    await unitOfWork.close();
  }
}

/** What an account of a test is like; a superuser who may write, by default. */
export interface Account {
  readonly key: string;
  readonly username?: string;
  readonly user?: Partial<User>;
  readonly token?: Partial<Token>;
}

/** Makes a user with a token in the database of a host, which may be running. */
export async function addAccount(dataDir: string, { key, username = randomUUID(), user, token }: Account) {
  const { hash } = await loadTokenKey(join(dataDir, 'token.key'), { make: true });
  const now = new Date().toISOString();
  const times = { created: now, last_updated: now };
  return besideHost(dataDir, (unitOfWork) =>
    unitOfWork.run(async (transaction) => {
      const owner = await transaction.insert(userType, {
        ...times,
        id: randomUUID(),
        username,
        password: null,
        is_superuser: true,
        is_active: true,
        ...user,
      });
      const own = await transaction.insert(tokenType, {
        ...times,
        id: randomUUID(),
        user: owner.id,
        key_hash: hash(key),
        description: '',
        write_enabled: true,
        expires: null,
        ...token,
      });
      return { user: owner, token: own };
    }),
  );
}
