import type { HostAccess, Principal } from '@latchkey/host/extend';
import { Forbidden } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import { createRecoveryKey } from '../crypto/recovery';
import { recoveryKeyType, wrapType } from '../types';
import { wrapsOf } from './holders';
import { keepRecovery, upToDate } from './masters';
import { allOf } from './rows';

/** A recovery key that took the place of the one before. */
export interface NewRecoveryKey {
  /** Shown now and never again; it is kept nowhere. */
  readonly sheet: string;
  /** How many master keys it opens. */
  readonly opens: number;
}

/**
 * Makes a new recovery key in the place of the one before, for who lost the sheet, or showed it to somebody. It takes a
 * keyring, so that no sheet is made by who could not read the secrets. The sheet of before goes on opening copies of
 * the database that were made before, and so this master key, until a rotation makes another.
 */
export async function renewRecoveryKey(
  { host, keys }: { readonly host: HostAccess; readonly keys: HostKeys },
  principal: Principal,
  keyring: Keyring,
): Promise<NewRecoveryKey> {
  if (!principal.isSuperuser || !principal.mayWrite) throw new Forbidden();
  const recovery = await createRecoveryKey();
  const opens = await host.run(async (transaction) => {
    const used = await upToDate(transaction, keys, keyring);
    for (const { id } of await wrapsOf(transaction, null)) await transaction.remove(wrapType, id);
    for (const { id } of await allOf(transaction, recoveryKeyType)) await transaction.remove(recoveryKeyType, id);
    await keepRecovery(transaction, keys, { keyring: used, recovery });
    return used.masters.length;
  });
  host.logger.warn('A new recovery key took the place of the one before', { user: principal.name });
  return { sheet: recovery.sheet, opens };
}
