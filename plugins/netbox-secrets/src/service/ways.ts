import type { Rows, TypeDescriptor } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import { userKeyType, type UserKey } from '../types';
import { holdingOf, ofUser, wrapsOf } from './holders';
import { covers, opensAll } from './masters';
import { allOf, byId, where } from './rows';
import { StoreError } from './store-error';

const lastWay =
  'This is the last active user key: without it nobody could open the secrets. Activate another user key first. ' +
  'If its private key is lost, let another user give a key, and run `latchkey netbox recover SHEET --user NAME`.';

/** What NetBox says of a key that waits. */
export const inactive = 'UserKey has not been activated for decryption.';
const changed =
  'The rows of this user key were changed outside Latchkey. Let who holds the secrets activate it again: ' +
  '`latchkey netbox activate HOLDER --user NAME --private-key FILE`.';

/** The type of users, which is the host's own. */
export function userTypeOf({ types }: Rows): TypeDescriptor {
  const type = types.get('users.user');
  if (!type) throw new Error('There is no type of users.');
  return type;
}

/** Whether a user may sign in. */
export const activeIn =
  (rows: Rows) =>
  async (user: string): Promise<boolean> =>
    (await byId(rows, userTypeOf(rows), user))?.['is_active' as never] === true;

/** Whether anybody else can open the store: by an active key, with its wraps, of a user who may sign in. */
async function opensForOthers(rows: Rows, keys: HostKeys, user: string): Promise<boolean> {
  for (const row of await allOf(rows, userKeyType, [where('active', true)]))
    if (row.user !== user && (await activeIn(rows)(row.user)) && (await opensAll(rows, keys, ofUser(row)))) return true;
  return false;
}

/**
 * Refuses what would leave nobody who can open the store, where there is one. Of the user, whatever may open it counts;
 * of others, only what the host let in.
 */
export async function refuseLastWay(rows: Rows, keys: HostKeys, user: string): Promise<void> {
  const own = (await allOf(rows, userKeyType, [where('user', user)]))[0];
  if (!own || (await wrapsOf(rows, own.id)).length === 0) return;
  if (!(await opensForOthers(rows, keys, user))) throw new StoreError('last-way', lastWay);
}

/** The user key of a user that opens the store, or why it does not. */
export async function holdingKey(rows: Rows, keys: HostKeys, user: string | undefined): Promise<UserKey> {
  const [userKey] = user === undefined ? [] : await allOf(rows, userKeyType, [where('user', user)]);
  if (!userKey) throw new StoreError('no-user-key', 'No UserKey found for the current user.');
  const holding = await holdingOf(rows, keys, ofUser(userKey));
  if (!holding.isSound) throw new StoreError('inactive-user-key', changed);
  if (!userKey.active || !(await covers(rows, keys, holding))) throw new StoreError('inactive-user-key', inactive);
  return userKey;
}
