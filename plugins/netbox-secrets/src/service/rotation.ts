import type { Filter, HostAccess, Principal, Rows, Transaction } from '@latchkey/host/extend';
import { Conflict, Forbidden } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import { CryptoError } from '../crypto/faults';
import { createMasterKey, makeKeyring, type Keyring } from '../crypto/keyring';
import { sealSecret } from '../crypto/sealing';
import { masterKeyType, sessionKeyType, userKeyType, valueType } from '../types';
import { ofUser, retireWraps, signedRecovery, unsound, type KeyOfHolder } from './holders';
import { keepMaster, keepWraps, masterEntries, opensAll, upToDate } from './masters';
import { allOf, byId, toText, where } from './rows';
import { openedValue } from './sealed-values';
import type { SessionCache } from './session-cache';
import { StoreError } from './store-error';
import { activeIn, userTypeOf } from './ways';

/** How far a rotation is. */
export interface RotationProgress {
  /** Whether values are still sealed with a master key of before. */
  readonly rotating: boolean;
  readonly keyVersion: number;
  /** Values in all, and those that are sealed with the current master key. */
  readonly total: number;
  readonly done: number;
  /** Whose keys get no new master key, since their rows were changed outside Latchkey: user names. */
  readonly refused: readonly string[];
}

const nobodyLeft =
  'There is no user key that a new master key could be wrapped for: their rows were changed outside Latchkey. Activate ' +
  'one first: `latchkey netbox activate HOLDER --user NAME --private-key FILE`.';

/** The rotation of the master key: online, in batches, each of which is whole or not at all; who comes later goes on. */
export function createRotation({
  host,
  keys,
  cache,
  batchSize = 50,
}: {
  readonly host: HostAccess;
  readonly keys: HostKeys;
  readonly cache: SessionCache;
  readonly batchSize?: number;
}) {
  const currentVersion = async (rows: Rows): Promise<number> =>
    Math.max(0, ...(await masterEntries(rows, keys)).map(({ version }) => version));

  const nameOf = async (user: string): Promise<string> =>
    String(
      ((await byId(host.rows, userTypeOf(host.rows), user)) as { username?: string } | undefined)?.username ?? user,
    );

  async function progress(): Promise<RotationProgress> {
    const keyVersion = await currentVersion(host.rows);
    const count = async (...filters: Parameters<typeof allOf>[2] & object) =>
      (await host.rows.list(valueType, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 })).count;
    const [total, done] = [await count(), await count(where('key_version', keyVersion))];
    const rotating = (await masterEntries(host.rows, keys)).length > 1;
    return { rotating, keyVersion, total, done, refused: await unsound(host.rows, keys, nameOf) };
  }

  /** A new master key, wrapped for everybody who can open the store and may sign in; the old ones only open from now on. */
  async function begin(keyring: Keyring): Promise<Keyring> {
    const next = createMasterKey(keyring.current.version + 1);
    const both = makeKeyring([...keyring.masters, next]);
    await host.run(async (transaction) => {
      if ((await currentVersion(transaction)) !== keyring.current.version)
        throw new Conflict('Another rotation has begun. Unlock again, and go on with that one.', []);
      const letIn = await holders(transaction);
      for (const { id, state } of await allOf(transaction, masterKeyType))
        if (state === 'current') await transaction.update(masterKeyType, id, { state: 'opening' });
      await keepMaster(transaction, keys, next);
      const only = makeKeyring([next]);
      for (const holder of letIn) await keepWraps(transaction, keys, only, holder);
      // Sessions hold the master keys of their time, and would not open what is sealed from now on.
      for (const { id } of await allOf(transaction, sessionKeyType)) await transaction.remove(sessionKeyType, id);
    });
    cache.forget();
    return both;
  }

  /** Who the new master key is wrapped for: those that the host let in, by rows that nobody changed since. */
  async function holders(transaction: Transaction): Promise<KeyOfHolder[]> {
    const found: KeyOfHolder[] = [];
    for (const row of await allOf(transaction, userKeyType, [where('active', true)]))
      if ((await activeIn(transaction)(row.user)) && (await opensAll(transaction, keys, ofUser(row))))
        found.push(ofUser(row));
    if (found.length === 0) throw new StoreError('last-way', nobodyLeft);
    const spare = await signedRecovery(transaction, keys);
    return spare ? [...found, spare] : found;
  }

  /** Seals a batch anew, by compare-and-set; how many were left to do. Damaged values are put aside, and hold up none. */
  async function step(keyring: Keyring, damaged: Set<string>): Promise<number> {
    const filters: Filter[] = [{ field: 'key_version', values: [keyring.current.version], lookup: 'lt' }];
    if (damaged.size > 0) filters.push({ ...where('id', ...damaged), negated: true });
    const query = { scope: { kind: 'all' }, filters, order: ['id'], limit: batchSize, offset: 0 } as const;
    const { rows, count } = await host.rows.list(valueType, query);
    if (count === 0) return 0;
    await host.run(async (transaction) => {
      for (const { id } of rows) {
        const value = await byId(transaction, valueType, id);
        if (!value || value.key_version >= keyring.current.version) continue;
        const place = { id: value.secret, version: value.version };
        const plaintext = openedOr(() => damaged.add(id), keyring, place, value);
        if (!plaintext) continue;
        const ciphertext = toText(sealSecret(keyring.current, place, plaintext));
        plaintext.fill(0);
        await transaction.update(valueType, id, { ciphertext, key_version: keyring.current.version });
      }
    });
    return count - rows.length;
  }

  /** The old master keys open nothing any more: their wraps go. */
  async function finish({ current }: Keyring): Promise<boolean> {
    return host.run(async (transaction) => {
      const filters = [{ field: 'key_version', values: [current.version], lookup: 'lt' as const }];
      const { count } = await transaction.list(valueType, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 });
      if (count > 0) return false;
      const old = (await allOf(transaction, masterKeyType)).filter(({ version }) => version < current.version);
      for (const { id, state } of old)
        if (state !== 'retired') await transaction.update(masterKeyType, id, { state: 'retired' });
      await retireWraps(transaction, keys, current.version);
      return true;
    });
  }

  return {
    progress,

    /** Begins a rotation, or goes on with one that broke off; tells how far it is after each batch. */
    async rotate(
      principal: Principal,
      keyring: Keyring,
      told: (left: number) => void = () => {},
    ): Promise<RotationProgress> {
      if (!principal.isSuperuser || !principal.mayWrite) throw new Forbidden();
      const { rotating } = await progress();
      const given = await upToDate(host.rows, keys, keyring);
      const whole = rotating ? given : await begin(given);
      const damaged = new Set<string>();
      do {
        let left: number;
        do {
          left = await step(whole, damaged);
          told(left);
        } while (left > 0);
        // What was written meanwhile with a keyring of before comes in another round. While a value is damaged, the old
        // master key stays: its row may come back from a backup.
      } while (!(await finish(whole)) && damaged.size === 0);
      return progress();
    },
  };
}

/** The value of a row, or undefined where it does not open, which is told. */
function openedOr(damaged: () => void, ...[keyring, place, value]: Parameters<typeof openedValue>): Buffer | undefined {
  try {
    return openedValue(keyring, place, value);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    damaged();
    return undefined;
  }
}

/** The rotation, as the rest of the plugin uses it. */
export type Rotation = ReturnType<typeof createRotation>;
