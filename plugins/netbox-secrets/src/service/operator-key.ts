import { readFile } from 'node:fs/promises';
import type { HostAccess } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import { readPrivateKey } from '../crypto/private-key';
import { highWaterType, storedSecretType, userKeyType, valueType } from '../types';
import { isSigned, ofUser } from './holders';
import { keyringOf, masterEntries } from './masters';
import { checkPlaced } from './placing';
import { allOf, byId, where } from './rows';
import { openedValue } from './sealed-values';
import { activeIn, userTypeOf } from './ways';

/** The key that the operator gave to the host: whose it is, and the file of the private half. */
export interface OperatorKey {
  readonly user: string;
  readonly file: string;
}

/** Reads stored values for the host's own use, with the operator's key; the keyring is made again after a rotation. */
export function createOperatorReading(
  { host, keys }: { readonly host: HostAccess; readonly keys: HostKeys },
  given: OperatorKey,
) {
  let kept: { readonly keyring: Keyring; readonly version: number; readonly by: string } | undefined;

  async function keyring(): Promise<Keyring> {
    const version = Math.max(0, ...(await masterEntries(host.rows, keys)).map((entry) => entry.version));
    const user = await host.rows.get(userTypeOf(host.rows), { username: given.user } as never);
    const id = (user as { id?: string } | undefined)?.id ?? '';
    const [userKey] = await allOf(host.rows, userKeyType, [where('user', id), where('active', true)]);
    if (!userKey || !(await activeIn(host.rows)(id)))
      throw new Error('The user of the operator’s key has no active user key.');
    // What was opened before is only good for as long as the key may open it.
    const mark = await byId(host.rows, highWaterType, userKey.id);
    const by = `${userKey.id} ${userKey.public_key} ${String(mark?.mac)}`;
    if (kept?.version === version && kept.by === by) return kept.keyring;
    if (!(await isSigned(host.rows, keys, ofUser(userKey))))
      throw new Error('The rows of the operator’s user key were changed outside Latchkey.');
    const privateKey = await readPrivateKey(await readFile(given.file, 'utf8'));
    const made = await keyringOf(host.rows, keys, { userKey: userKey.id, privateKey });
    kept = { keyring: made, version, by };
    return made;
  }

  /** The newest value of a stored secret; undefined where there is none. */
  return async (id: string): Promise<Buffer | undefined> => {
    const row = await byId(host.rows, storedSecretType, id);
    if (!row) return undefined;
    checkPlaced(keys, row, await byId(host.rows, highWaterType, id));
    const value = await byId(host.rows, valueType, row.value);
    return value && openedValue(await keyring(), row, value);
  };
}
