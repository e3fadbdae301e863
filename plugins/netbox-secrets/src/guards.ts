import type { AnyRow, Guard } from '@latchkey/host/extend';
import { judge } from '@latchkey/host/extend';
import { encryptedStore } from './provider';
import { StoreError } from './service/store-error';
import { refuseLastWay } from './service/ways';
import type { Store } from './store';
import { storedSecretType, userKeyType } from './types';

type Change = Parameters<Guard>[0];

const lastWay =
  (
    store: () => Store | undefined,
    field: string,
    who: (row: AnyRow) => string,
    goes: (change: Change) => boolean,
  ): Guard =>
  async (change) => {
    const { rows, before } = change;
    if (!before || !goes(change)) return undefined;
    const keys = store()?.hostKeys;
    if (!keys) return { [field]: ['The encrypted store is not open. Try again once the host has started.'] };
    try {
      await refuseLastWay(rows, keys, who(before));
      return undefined;
    } catch (error) {
      if (error instanceof StoreError) return { [field]: [error.message] };
      throw error;
    }
  };

/** Who points a secret at a stored one must be allowed to see its value: the host opens it for whoever may use that. */
const pointsAt =
  (store: () => Store | undefined): Guard =>
  async ({ principal, rows, before, after }) => {
    const parameters = (row: AnyRow | undefined) =>
      (row?.parameters as { readonly secret?: unknown } | undefined)?.secret;
    if (after?.provider !== encryptedStore) return undefined;
    if (before?.provider === encryptedStore && parameters(before) === parameters(after)) return undefined;
    const id = parameters(after);
    const fault = {
      parameters: ['There is no stored secret of this id whose value you may see. A template cannot stand here.'],
    };
    const policy = store()?.host.policy;
    if (typeof id !== 'string' || id.includes('{') || !policy) return fault;
    const stored = (await rows.get(storedSecretType, { id: id.toLowerCase() })) as unknown as AnyRow | undefined;
    const request = stored && { principal, action: 'reveal' as const, type: storedSecretType, before: stored };
    return request && (await judge(policy, rows, request)).allowed ? undefined : fault;
  };

/** An object stays while secrets are assigned to it, so that no mistake elsewhere takes them along. */
const keepsSecrets: Guard = async ({ rows, before, after }) => {
  if (!before || after) return undefined;
  const filters = [{ field: 'objects', values: [before.id] }];
  const { count } = await rows.list(storedSecretType, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 });
  return count === 0 ? undefined : { id: [`Stored secrets are assigned to it: ${count}. Move or delete them first.`] };
};

/** The rules of the encrypted store, on types of the host too. */
export function guardsWith(store: () => Store | undefined): Readonly<Record<string, Guard>> {
  return {
    'users.user': lastWay(
      store,
      'is_active',
      ({ id }) => id,
      ({ before, after }) => after === undefined || (before?.is_active === true && after.is_active === false),
    ),
    [userKeyType.name]: lastWay(
      store,
      'active',
      ({ user }) => String(user),
      ({ before, after }) => after === undefined || (before?.active === true && after.active !== true),
    ),
    'extras.secret': pointsAt(store),
    'inventory.object': keepsSecrets,
  };
}
