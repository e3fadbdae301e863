import { randomUUID } from 'node:crypto';
import { SecretValue } from '@latchkey/core';
import type { HostConfig } from './config';
import { hashPassword } from './credentials/password';
import { generateToken, type TokenKey } from './credentials/token-key';
import { settingType, systemPrincipal, tokenType, userType } from './domain/access';
import type { ChangeListener } from './domain/changes';
import type { AnyRow, NewRowOf, TypeDescriptor } from './domain/descriptor';
import type { Rows, UnitOfWork } from './domain/ports';
import { hostError } from './errors';

/** The superuser that a first start made. */
export interface FirstSuperuser {
  readonly name: string;
  /** The token, when it was generated here: it can be shown now and never again. */
  readonly generatedToken: SecretValue | undefined;
}

/** The setting in which a database keeps the id of its token key. */
export const keySetting = 'token_key_id';

/**
 * Binds a new database to the token key and gives it its superuser; of a database that has users, only checks that the
 * key is its own. One transaction: of two hosts that start on one new database, one makes the superuser.
 */
export async function firstStart(
  unitOfWork: UnitOfWork,
  { superuser, tokenKeyFile }: Pick<HostConfig, 'superuser' | 'tokenKeyFile'>,
  tokenKey: TokenKey,
  listeners: readonly ChangeListener[] = [],
): Promise<FirstSuperuser | undefined> {
  const known = await unitOfWork.rows.get(settingType, { name: keySetting });
  if (known) return checkKey(known.value, tokenKey, tokenKeyFile);
  const password = superuser.password === undefined ? null : await hashPassword(superuser.password);
  return unitOfWork.run(async (transaction) => {
    const meanwhile = await transaction.get(settingType, { name: keySetting });
    if (meanwhile) return checkKey(meanwhile.value, tokenKey, tokenKeyFile);
    const now = new Date().toISOString();
    const times = { created: now, last_updated: now };
    const user = randomUUID();
    const id = randomUUID();
    const generatedToken = superuser.apiToken === undefined ? generateToken(id) : undefined;
    const key_hash = tokenKey.hash(superuser.apiToken ?? (generatedToken as string));
    await transaction.insert(settingType, { id: randomUUID(), name: keySetting, value: tokenKey.id });
    const flags = { is_superuser: true, is_staff: true, is_active: true };
    const make = async <T extends TypeDescriptor>(type: T, row: NewRowOf<T>): Promise<void> => {
      const after = (await transaction.insert(type, row)) as AnyRow;
      const change = { principal: systemPrincipal, type, before: undefined, after, origin: {} };
      for (const listener of listeners) await listener(change, transaction);
    };
    await make(userType, { ...times, ...flags, id: user, username: superuser.name, password });
    const token = { description: 'Made at the first start', write_enabled: true, expires: null };
    await make(tokenType, { ...times, ...token, id, user, key_hash });
    const shown = generatedToken === undefined ? undefined : new SecretValue(generatedToken);
    return { name: superuser.name, generatedToken: shown };
  });
}

/** Refuses a token key that a database was not made with; of a new database any is good. */
export async function checkTokenKey(rows: Rows, tokenKey: TokenKey, file: string): Promise<void> {
  const known = await rows.get(settingType, { name: keySetting });
  if (known) checkKey(known.value, tokenKey, file);
}

function checkKey(id: string, tokenKey: TokenKey, file: string): undefined {
  if (id !== tokenKey.id) throw hostError('token-key', { file });
}
