import type { AnyRow, Changes, Principal, Rows, Transaction } from '@latchkey/host/extend';
import { byPlace, Forbidden, NotFound, judge } from '@latchkey/host/extend';
import type { Keyring } from '../crypto/keyring';
import { highWaterType, storedSecretType, valueType, type StoredSecret } from '../types';
import type { SecretService } from './contract';
import { upToDate } from './masters';
import { checkPlaced, highWaterOf, placedFields } from './placing';
import { createReading, type SecretParts } from './reading';
import { allOf, byId, where } from './rows';
import { openedValue, sealedValue } from './sealed-values';
import { StoreError } from './store-error';

const needed = 'A session key must be provided when creating or updating secrets.';

/** Makes the service of stored secrets. */
export function createSecretService(parts: SecretParts): SecretService {
  const { host, keys } = parts;

  async function keepMark(transaction: Transaction, row: StoredSecret): Promise<void> {
    const { id, ...mark } = highWaterOf(keys, row);
    const known = await byId(transaction, highWaterType, id);
    if (known) await transaction.update(highWaterType, id, mark);
    else await transaction.insert(highWaterType, { id, ...mark });
  }

  const reveals = async (rows: Rows, principal: Principal, row: StoredSecret): Promise<boolean> => {
    const before = row as unknown as AnyRow;
    return (await judge(host.policy, rows, { principal, action: 'reveal', type: storedSecretType, before })).allowed;
  };

  /** Seals a value for the version after the newest, and gives the fields that point to it. */
  function nextValue(
    keyring: Keyring,
    principal: Principal,
    secret: string,
    before: StoredSecret | undefined,
    plaintext: Buffer,
  ) {
    const value = sealedValue(keyring, { secret, version: (before?.version ?? 0) + 1 }, plaintext, principal);
    return { value, fields: { version: value.version, value: value.id } };
  }

  async function createOne(
    { transaction, create }: Changes,
    item: Parameters<SecretService['create']>[1][number],
    keyring: Keyring,
    principal: Principal,
  ): Promise<StoredSecret> {
    let value: ReturnType<typeof nextValue>['value'] | undefined;
    const row = (await create(storedSecretType, item.input, (after) => {
      // What is sealed and signed has the id that the row gets.
      const whole = { ...after, ...item.own } as AnyRow;
      const next = nextValue(keyring, principal, whole.id, undefined, item.plaintext);
      value = next.value;
      return { ...item.own, ...next.fields, ...placedFields(keys, whole, undefined) };
    })) as unknown as StoredSecret;
    if (value) await transaction.insert(valueType, value);
    await keepMark(transaction, row);
    return row;
  }

  async function updateOne(
    { transaction, update }: Changes,
    item: Parameters<SecretService['update']>[1][number],
    { partial, keyring }: Parameters<SecretService['update']>[2],
    principal: Principal,
  ): Promise<StoredSecret> {
    const before = await byId(transaction, storedSecretType, item.id);
    if (!before) throw new NotFound('No Secret matches the given query.');
    // Signing the row anew would vouch for what somebody changed in the database.
    checkPlaced(keys, before, await byId(transaction, highWaterType, item.id));
    const mayReveal = await reveals(transaction, principal, before);
    const { plaintext } = item;
    if (plaintext && !keyring) throw new StoreError('session-needed', needed);
    const next = plaintext && keyring ? nextValue(keyring, principal, item.id, before, plaintext) : undefined;
    const own = (after: AnyRow) => ({ ...next?.fields, ...placedFields(keys, after, before) });
    const row = (await update(storedSecretType, item.id, item.input, { partial, own })) as unknown as StoredSecret;
    // Nobody brings a secret to where its value, an earlier one too, is shown to who was not shown it before.
    if (!mayReveal && (await reveals(transaction, principal, row))) throw new Forbidden();
    if (next) await transaction.insert(valueType, next.value);
    await keepMark(transaction, row);
    return row;
  }

  const seen = async (principal: Principal, id: string): Promise<StoredSecret> => {
    const before = (await byId(host.rows, storedSecretType, id)) as unknown as AnyRow | undefined;
    const request = before && { principal, action: 'view' as const, type: storedSecretType, before };
    if (!request || !(await judge(host.policy, host.rows, request)).allowed)
      throw new NotFound('No Secret matches the given query.');
    return before as unknown as StoredSecret;
  };

  return {
    create: (principal, items, keyring, requestId) =>
      host.writes.together({ principal, origin: originOf(requestId) }, async (changes) => {
        const used = await upToDate(changes.transaction, keys, keyring);
        return byPlace(items, (item) => createOne(changes, item, used, principal));
      }),

    update: (principal, items, options) =>
      host.writes.together({ principal, origin: originOf(options.requestId) }, async (changes) => {
        const changed: StoredSecret[] = [];
        const { partial } = options;
        const seals = options.keyring && items.some(({ plaintext }) => plaintext);
        const keyring = seals ? await upToDate(changes.transaction, keys, options.keyring) : undefined;
        for (const item of items) changed.push(await updateOne(changes, item, { partial, keyring }, principal));
        return changed;
      }),

    remove: (principal, ids, requestId) =>
      host.writes.together({ principal, origin: originOf(requestId) }, async ({ transaction, remove }) => {
        for (const id of ids) {
          await remove(storedSecretType, id);
          if (await byId(transaction, highWaterType, id)) await transaction.remove(highWaterType, id);
        }
      }),

    reveal: createReading(parts),

    async versions(principal, id) {
      await seen(principal, id);
      const values = await allOf(host.rows, valueType, [where('secret', id)]);
      return values.map(({ version, time, user_name, key_version }) => ({ version, time, user_name, key_version }));
    },

    async rollback(principal, id, version, keyring, requestId) {
      await seen(principal, id);
      return host.writes.together({ principal, origin: originOf(requestId) }, async (changes) => {
        const filters = [where('secret', id), where('version', version)];
        const [earlier] = await allOf(changes.transaction, valueType, filters);
        if (!earlier) throw new NotFound('The secret has no such version.');
        const used = await upToDate(changes.transaction, keys, keyring);
        const plaintext = openedValue(used, { id, version }, earlier);
        try {
          return await updateOne(changes, { id, input: {}, plaintext }, { partial: true, keyring: used }, principal);
        } finally {
          plaintext.fill(0);
        }
      });
    },
  };
}

const originOf = (requestId: string | undefined) => (requestId === undefined ? {} : { requestId });
