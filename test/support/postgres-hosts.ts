import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadTokenKey } from '../../host/src/credentials/token-key';
import { permissionType, tokenType, userType } from '../../host/src/domain/access';
import type { UnitOfWork } from '../../host/src/domain/ports';
import { openDatabase } from '../../host/src/persistence/open-database';
import { startHost, type HostProcess } from './host-process';
import { temporaryFolder } from './temporary-folder';

/** A place for the key that the hosts of one database share. */
export const newKeyFile = (): string => join(temporaryFolder(), 'token.key');

/** Starts hosts, in processes of their own, on one database; the first alone, since it makes the key that all of them use. */
export async function startHosts(url: string, count: number, keyFile = newKeyFile()): Promise<HostProcess[]> {
  const env = {
    LATCHKEY_DATABASE_URL: url,
    LATCHKEY_TOKEN_KEY_FILE: keyFile,
    LATCHKEY_LOG_LEVEL: 'silent',
    SHARED_VALUE: 'value-of-the-tests',
  };
  const first = await startHost({ env });
  const others = await Promise.all(Array.from({ length: count - 1 }, () => startHost({ env })));
  return [first, ...others];
}

/** An account that may check secrets by one permission of its own. */
export interface Checker {
  readonly key: string;
  readonly user: string;
  readonly permission: string;
}

/** Makes accounts beside the hosts. */
export async function makeCheckers(url: string, keyFile: string, count: number): Promise<Checker[]> {
  const { hash } = await loadTokenKey(keyFile, { make: false });
  const database = await openDatabase({ url });
  try {
    const made: Checker[] = [];
    await database.run(async (transaction) => {
      const now = new Date().toISOString();
      const times = { created: now, last_updated: now };
      for (let i = 0; i < count; i += 1) {
        const one = {
          key: `checker-${i}-${randomUUID()}`,
          user: randomUUID(),
          token: randomUUID(),
          permission: randomUUID(),
        };
        const flags = { is_superuser: false, is_active: true };
        await transaction.insert(userType, {
          ...times,
          ...flags,
          id: one.user,
          username: `checker-${i}`,
          password: null,
        });
        const token = { description: '', write_enabled: true, expires: null };
        await transaction.insert(tokenType, {
          ...times,
          ...token,
          id: randomUUID(),
          user: one.user,
          key_hash: hash(one.key),
        });
        await transaction.insert(permissionType, {
          ...times,
          id: one.permission,
          name: `checker-${i}`,
          description: '',
          object_types: ['extras.secret'],
          actions: ['view', 'check'],
          users: [one.user],
          constraints: null,
        });
        made.push(one);
      }
    });
    return made;
  } finally {
    await database.close();
  }
}

/** Asks a database beside its hosts, through the same code. */
export async function beside<T>(url: string, work: (database: UnitOfWork) => Promise<T>): Promise<T> {
  const database = await openDatabase({ url });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
