import type { Guard } from '@latchkey/host/extend';
import { StoreError } from './service/store-error';
import { refuseLastWay } from './service/user-keys';
import { userKeyType } from './types';

const refused =
  (
    field: string,
    who: (row: Readonly<Record<string, unknown>>) => string,
    goes: (change: Parameters<Guard>[0]) => boolean,
  ): Guard =>
  async (change) => {
    const { rows, before } = change;
    if (!before || !goes(change)) return undefined;
    try {
      await refuseLastWay(rows, who(before));
      return undefined;
    } catch (error) {
      if (error instanceof StoreError) return { [field]: [error.message] };
      throw error;
    }
  };

/** Whoever is the last who can open the store stays, by whatever way: delete, switching off, or a cascade. */
export const guards: Readonly<Record<string, Guard>> = {
  'users.user': refused(
    'is_active',
    ({ id }) => String(id),
    ({ before, after }) => after === undefined || (before?.is_active === true && after.is_active === false),
  ),
  [userKeyType.name]: refused(
    'active',
    ({ user }) => String(user),
    ({ before, after }) => before?.active === true && after?.active !== true,
  ),
};
