import type { AnyRow, Changes, Principal } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import type { SecretStep, VersionStep } from '../import/plan/steps';
import { highWaterOf, placedFields } from '../service/placing';
import { allOf, byId, where } from '../service/rows';
import { sealedValue } from '../service/sealed-values';
import { highWaterType, storedSecretType, valueType, type StoredSecret } from '../types';
import { byIds, given } from './step-rows';
import { ownOf } from './write-row';

/** What seals and signs. */
export interface Sealer {
  readonly keys: HostKeys;
  readonly keyring: Keyring;
  readonly principal: Principal;
}

/** What of a secret is left out, where the host refuses it. */
export interface Without {
  readonly fields?: boolean;
  readonly tags?: boolean;
}

/** Makes a secret, sealed anew, with room for the older values that follow, unless it is there; whether it was made. */
export async function writeSecret(
  { transaction, create }: Changes,
  step: SecretStep,
  { keys, keyring, principal }: Sealer,
  without: Without = {},
): Promise<boolean> {
  if (await byId(transaction, storedSecretType, step.id)) return false;
  const { id, version, name, plaintext, created, last_updated } = step;
  const value = sealedValue(keyring, { secret: id, version }, plaintext, principal);
  const input = {
    name,
    role: { id: step.role },
    objects: byIds(step.object === undefined ? [] : [step.object]),
    ...(!without.tags && { tags: byIds(step.tags) }),
    ...(!without.fields && { custom_fields: step.custom_fields }),
  };
  const own = { ...(await ownOf(transaction, storedSecretType, step)), ...given({ created, last_updated }) };
  const row = (await create(storedSecretType, input, (after: AnyRow) => {
    const whole = { ...after, ...own } as AnyRow;
    return { ...own, version, value: value.id, ...placedFields(keys, whole, undefined) };
  })) as unknown as StoredSecret;
  await transaction.insert(valueType, { ...value, ...given({ time: last_updated }) });
  await transaction.insert(highWaterType, highWaterOf(keys, row));
  return true;
}

/** Keeps an older value of a secret, unless there is one of its version; whether it was kept. */
export async function writeVersion(
  { transaction }: Changes,
  { secret, version, plaintext, created: time }: VersionStep,
  { keyring, principal }: Sealer,
): Promise<boolean> {
  const row = await byId(transaction, storedSecretType, secret);
  if (!row || version >= row.version) return false;
  const filters = [where('secret', secret), where('version', version)];
  if ((await allOf(transaction, valueType, filters)).length > 0) return false;
  await transaction.insert(valueType, { ...sealedValue(keyring, { secret, version }, plaintext, principal), time });
  return true;
}
