import type { AnyRow, HostAccess, InventoryObject, Principal, Rows, ToldRead } from '@latchkey/host/extend';
import { judge, objectType } from '@latchkey/host/extend';
import { CryptoError, IntegrityError } from '../crypto/faults';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import {
  highWaterType,
  storedSecretType,
  valueType,
  type HighWaterRow,
  type SecretValueRow,
  type StoredSecret,
} from '../types';
import { encryptedStore } from '../provider';
import type { ReadSecret, Reader, SecretService } from './contract';
import { checkPlaced } from './placing';
import { rowsWith } from './rows';
import { openedValue } from './sealed-values';

/** What the service of secrets is made of. */
export interface SecretParts {
  readonly host: HostAccess;
  readonly keys: HostKeys;
}

const mostTries = 5;

/** Makes what reads values: each decided, opened and recorded by itself, so that one bad row does not break a page. */
export function createReading({ host, keys }: SecretParts): SecretService['reveal'] {
  const decide = (rows: Rows, principal: Principal, row: StoredSecret) =>
    judge(host.policy, rows, {
      principal,
      action: 'reveal',
      type: storedSecretType,
      before: row as unknown as AnyRow,
    });

  /** The mark that a row was found good with; both are kept, and nobody changes what is kept. */
  const placed = new WeakMap<StoredSecret, HighWaterRow>();
  const check = (row: StoredSecret, mark: HighWaterRow | undefined): void => {
    if (mark && placed.get(row) === mark) return;
    checkPlaced(keys, row, mark);
    if (mark && Object.isFrozen(row) && Object.isFrozen(mark)) placed.set(row, mark);
  };

  return async function reveal(reader, rows, keyring) {
    let principal = await reader.acting();
    let shown = rows as unknown as readonly StoredSecret[];
    for (let tries = 0; tries < mostTries; tries++) {
      // From memory at first: whatever has changed since then shows in the version that the records give.
      const source = tries === 0 ? host.kept : host.rows;
      const version = tries === 0 ? host.kept.version : await host.definitionsVersion();
      const { values, marks, objects } = await besides(source, shown, keyring !== undefined);
      const rules = new Map<string, string>();
      const read: ReadSecret[] = [];
      for (const row of shown) {
        const value = values.get(row.value);
        const hash = value?.hash ?? '';
        if (!keyring) {
          read.push({ row, hash });
          continue;
        }
        const { allowed, rule } = await decide(source, principal, row);
        rules.set(row.id, rule);
        read.push({
          row,
          hash,
          ...(allowed ? opened(row, value, marks.get(row.id), keyring) : { fault: 'denied' as const }),
        });
      }
      if (!keyring || shown.length === 0) return read;
      // A row that somebody changed between two looks is not a damaged one.
      const isTorn = read.some(({ fault }) => fault === 'integrity' || fault === 'key-version');
      if (isTorn && (tries === 0 || (await host.definitionsVersion()) !== version)) {
        shown = await anew(shown);
        continue;
      }
      // On disk before any value leaves; and decided anew where a permission may have gone meanwhile.
      const versions = await Promise.all(
        read.map((one) => {
          const object = objects.get(one.row.objects[0] ?? '');
          return host.record(entryOf(principal, one, { rule: rules.get(one.row.id), ...reader, object }));
        }),
      );
      if (versions.every((after) => after === version)) return read;
      principal = await reader.acting();
      shown = await anew(shown);
    }
    throw new Error('The definitions moved again and again.');
  };

  async function anew(shown: readonly StoredSecret[]): Promise<readonly StoredSecret[]> {
    const ids = shown.map(({ id }) => id);
    const again = await rowsWith(host.rows, storedSecretType, ids);
    return ids.flatMap((id) => again.get(id) ?? []);
  }

  function opened(
    row: StoredSecret,
    value: SecretValueRow | undefined,
    mark: HighWaterRow | undefined,
    keyring: Keyring,
  ) {
    try {
      check(row, mark);
      if (!value || value.secret !== row.id || value.version !== row.version) throw new IntegrityError('record');
      return { plaintext: openedValue(keyring, row, value) };
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      return { fault: error.code === 'key-version' ? ('key-version' as const) : ('integrity' as const) };
    }
  }
}

/** The newest values; and, where they are to be opened, the marks of rows and what the records name. */
async function besides(rows: Rows, shown: readonly StoredSecret[], opens: boolean) {
  const opened = opens ? shown : [];
  const [values, marks, objects] = await Promise.all([
    rowsWith(
      rows,
      valueType,
      shown.map(({ value }) => value),
    ),
    rowsWith(
      rows,
      highWaterType,
      opened.map(({ id }) => id),
    ),
    rowsWith(
      rows,
      objectType,
      opened.flatMap(({ objects: ids }) => ids.slice(0, 1)),
    ),
  ]);
  return { values, marks, objects };
}

function entryOf(
  { id, name }: Principal,
  { row, fault }: ReadSecret,
  { requestId, address, rule, object }: Omit<Reader, 'acting'> & { readonly object: InventoryObject | undefined },
): ToldRead {
  return {
    user_id: id ?? null,
    user: name,
    action: 'reveal',
    secret_id: row.id,
    secret: row.name,
    object_id: row.objects[0] ?? null,
    object_type: object?.object_type ?? null,
    object: object?.name ?? null,
    provider: encryptedStore,
    decision: fault === 'denied' ? 'denied' : 'allowed',
    rule: rule ?? null,
    outcome: fault ?? 'ok',
    request_id: requestId ?? null,
    address: address ?? null,
  };
}
