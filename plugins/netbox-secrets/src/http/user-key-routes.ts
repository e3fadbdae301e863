import type { AnyRow, Answer, ApiRequest, Route } from '@latchkey/host/extend';
import { Forbidden, InvalidInput } from '@latchkey/host/extend';
import type { Store } from '../store';
import { userKeyType, type UserKey } from '../types';
import { guarded } from './answers';
import { byNumber, describe } from './describe';
import { findRow } from './find';
import { fieldsIn } from './key-routes';
import { pageOf, partOf } from './page';
import { where } from '../service/rows';

/** Whose a user key is. */
interface Owner {
  readonly username: string;
  readonly number: number | undefined;
}

/** User keys, as the plugin has them. */
export function userKeyRoutes(store: Store, mount: string): Route[] {
  const { host, keys } = store;
  const shownKey = ({ publicUrl }: ApiRequest, row: UserKey, user: Owner) => ({
    id: row.number,
    url: `${publicUrl}${mount}user-keys/${row.number}/`,
    display: user.username,
    user: {
      ...(user.number !== undefined && { id: user.number, url: `${publicUrl}/api/users/users/${user.number}/` }),
      username: user.username,
      display: user.username,
    },
    public_key: row.public_key,
    is_active: row.active,
    is_filled: true,
    created: row.created,
    last_updated: row.last_updated,
  });
  const ownerOf = async (user: string): Promise<Owner> => {
    const type = host.rows.types.get('users.user');
    const row = type && ((await host.rows.get(type, { id: user } as never)) as AnyRow | undefined);
    return { username: String(row?.username ?? ''), number: row?.number as number | undefined };
  };
  const given = async (request: ApiRequest, status: number): Promise<Answer> => {
    const { public_key: publicKey } = fieldsIn(request);
    if (typeof publicKey !== 'string') throw new InvalidInput({ public_key: ['This field is required.'] });
    const { principal } = request;
    const { userKey, warnings, recoverySheet } = await keys.setUserKey(principal, principal.id ?? '', publicKey);
    return {
      status,
      headers: { 'Cache-Control': 'no-store' },
      body: {
        ...shownKey(request, userKey, await ownerOf(userKey.user)),
        warnings,
        ...(recoverySheet !== undefined && { recovery_sheet: recoverySheet }),
      },
    };
  };
  // Nobody gives a key for another: what is changed is one's own.
  const replaced = guarded(async (request) => {
    const row = await seenKey(request);
    if (row.user !== request.principal.id) throw new Forbidden();
    return given(request, 200);
  });

  return [
    {
      path: `${mount}user-keys/`,
      access: 'token',
      changes: true,
      parses: ['json', 'form'],
      openapi: describe('User keys: the own one, and those that may be viewed', ['GET', 'POST']),
      methods: {
        GET: guarded(async (request) => {
          const { principal } = request;
          const part = partOf(request.query);
          const scope = host.policy.scope(principal, 'view', userKeyType);
          const query =
            scope.kind === 'none'
              ? { scope: { kind: 'all' } as const, filters: [where('user', principal.id ?? '')] }
              : { scope };
          const page = await host.rows.list(userKeyType, { ...query, ...part });
          const results = await Promise.all(
            page.rows.map(async (row) => shownKey(request, row, await ownerOf(row.user))),
          );
          return { status: 200, body: pageOf(request, `${mount}user-keys/`, part, { count: page.count, results }) };
        }),
        POST: guarded((request) => given(request, 201)),
      },
    },
    {
      path: `${mount}user-keys/:id/`,
      access: 'token',
      changes: true,
      parses: ['json', 'form'],
      openapi: describe('One user key', ['GET', 'PUT', 'PATCH', 'DELETE'], byNumber),
      methods: {
        GET: guarded(async (request) => {
          const row = await seenKey(request);
          return { status: 200, body: shownKey(request, row, await ownerOf(row.user)) };
        }),
        PUT: replaced,
        PATCH: replaced,
        DELETE: guarded(async (request) => {
          await keys.removeUserKey(request.principal, (await seenKey(request)).id);
          return { status: 204 };
        }),
      },
    },
  ];

  async function seenKey({ principal, parameters }: ApiRequest): Promise<UserKey> {
    const key = parameters.id ?? '';
    const own = principal.id === undefined ? undefined : await keys.userKeyOf(principal.id);
    if (own && (key === String(own.number) || key === own.id)) return own;
    return (await findRow(host, principal, { action: 'view', type: userKeyType, key })) as unknown as UserKey;
  }
}
