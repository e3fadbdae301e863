import type { AnyRow, ApiRequest, Route } from '@latchkey/host/extend';
import { InvalidInput } from '@latchkey/host/extend';
import type { Store } from '../store';
import { userKeyType, type SessionKeyRow, type UserKey } from '../types';
import { detail, guarded } from './answers';
import { byNumber, describe } from './describe';
import { findRow, permit } from './find';
import { cookieFor, fieldsIn, isAnswer, unlockByPrivateKey } from './key-routes';
import { pageOf, partOf } from './page';
import { keyringOf, sessionCookie } from './session';
import { where } from '../service/rows';

const most = 100;

/** The addresses that only the plugin has: sessions, user keys and their activation. */
export function pluginRoutes(store: Store, mount: string): Route[] {
  const { host, keys } = store;
  const shownSession = ({ publicUrl }: ApiRequest, row: SessionKeyRow, sessionKey: string | null) => ({
    pk: row.number,
    id: row.number,
    url: `${publicUrl}${mount}session-keys/${row.number}/`,
    display: row.name === '' ? `Session ${row.number}` : row.name,
    name: row.name,
    session_key: sessionKey,
    created: row.created,
    last_used: row.last_used,
    expires: row.expires,
  });
  const shownKey = ({ publicUrl }: ApiRequest, row: UserKey, username: string) => ({
    id: row.number,
    url: `${publicUrl}${mount}user-keys/${row.number}/`,
    display: username,
    user: { username, display: username },
    public_key: row.public_key,
    is_active: row.active,
    is_filled: true,
    created: row.created,
    last_updated: row.last_updated,
  });
  const nameOf = async (user: string): Promise<string> => {
    const type = host.rows.types.get('users.user');
    const row = type && ((await host.rows.get(type, { id: user } as never)) as AnyRow | undefined);
    return String(row?.username ?? '');
  };
  const opened = async (request: ApiRequest) => {
    const session = await unlockByPrivateKey(store, request);
    if (isAnswer(session)) return session;
    const headers = { 'Cache-Control': 'no-store', ...cookieFor(request, fieldsIn(request), session.sessionKey) };
    return {
      status: session.preserved ? 200 : 201,
      body: shownSession(request, session.row, session.sessionKey),
      headers,
    };
  };
  const ownSession = async ({ principal, parameters }: ApiRequest) =>
    (await keys.sessions(principal)).find(({ number, id }) => parameters.id === String(number) || parameters.id === id);
  const missing = () => detail(404, 'Not found.');

  const activation = (field: string, answer: (names: readonly string[]) => unknown): Route['methods'] => ({
    POST: guarded(async (request) => {
      const { principal } = request;
      permit(host, principal, 'change', userKeyType);
      const given = fieldsIn(request);
      const wanted = given[field];
      if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > most)
        throw new InvalidInput({ [field]: [`Give a list of 1 to ${most} ids.`] });
      const ids = [];
      for (const one of new Set(wanted.map(String)))
        ids.push((await findRow(host, principal, { action: 'change', type: userKeyType, key: one })).id);
      const keyring = await keyringOf(store, request);
      const { private_key: privateKey } = given;
      if (!keyring && typeof privateKey !== 'string') return detail(400, 'Private key was not provided.');
      const proof = keyring ? { keyring } : { privateKey: String(privateKey) };
      const activated = await keys.activate(principal, proof, ids);
      const names = await Promise.all(activated.map(({ user }) => nameOf(user)));
      return { status: 200, body: answer(names) };
    }),
  });

  return [
    {
      path: `${mount}session-keys/`,
      access: 'token',
      changes: false,
      parses: ['json', 'form'],
      openapi: describe('The own sessions', ['GET', 'POST']),
      methods: {
        GET: guarded(async (request) => {
          const rows = await keys.sessions(request.principal);
          const part = partOf(request.query);
          const results = rows
            .slice(part.offset, part.offset + part.limit)
            .map((row) => shownSession(request, row, null));
          return { status: 200, body: pageOf(request, `${mount}session-keys/`, part, { count: rows.length, results }) };
        }),
        POST: guarded(opened),
      },
    },
    {
      path: `${mount}session-keys/:id/`,
      access: 'token',
      changes: false,
      openapi: describe('One of the own sessions', ['GET', 'DELETE'], byNumber),
      methods: {
        GET: guarded(async (request) => {
          const row = await ownSession(request);
          return row ? { status: 200, body: shownSession(request, row, null) } : missing();
        }),
        DELETE: guarded(async (request) => {
          const row = await ownSession(request);
          if (!row || !(await keys.revoke(request.principal, row.id))) return missing();
          return { status: 204 };
        }),
      },
    },
    {
      path: `${mount}session-key/`,
      access: 'token',
      changes: false,
      parses: ['json', 'form'],
      openapi: describe('The newest of the own sessions', ['GET', 'POST', 'DELETE']),
      methods: {
        GET: guarded(async (request) => {
          const row = (await keys.sessions(request.principal)).at(-1);
          return row
            ? { status: 200, body: shownSession(request, row, null) }
            : detail(404, 'No active session key found');
        }),
        POST: guarded(opened),
        DELETE: guarded(async ({ principal, publicUrl }) => {
          const row = (await keys.sessions(principal)).at(-1);
          if (!row) return detail(404, 'No active session key found');
          await keys.revoke(principal, row.id);
          return { status: 204, headers: sessionCookie('', publicUrl) };
        }),
      },
    },
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
            page.rows.map(async (row) => shownKey(request, row, await nameOf(row.user))),
          );
          return { status: 200, body: pageOf(request, `${mount}user-keys/`, part, { count: page.count, results }) };
        }),
        POST: guarded(async (request) => {
          const { public_key: publicKey } = fieldsIn(request);
          if (typeof publicKey !== 'string') throw new InvalidInput({ public_key: ['This field is required.'] });
          const { principal } = request;
          const { userKey, warnings, recoverySheet } = await keys.setUserKey(principal, principal.id ?? '', publicKey);
          return {
            status: 201,
            headers: { 'Cache-Control': 'no-store' },
            body: {
              ...shownKey(request, userKey, principal.name),
              warnings,
              ...(recoverySheet !== undefined && { recovery_sheet: recoverySheet }),
            },
          };
        }),
      },
    },
    {
      path: `${mount}user-keys/:id/`,
      access: 'token',
      changes: true,
      openapi: describe('One user key', ['GET', 'DELETE'], byNumber),
      methods: {
        GET: guarded(async (request) => {
          const row = await seenKey(request);
          return { status: 200, body: shownKey(request, row, await nameOf(row.user)) };
        }),
        DELETE: guarded(async (request) => {
          await keys.removeUserKey(request.principal, (await seenKey(request)).id);
          return { status: 204 };
        }),
      },
    },
    {
      path: `${mount}activate-user-key/`,
      access: 'token',
      changes: true,
      parses: ['json', 'form'],
      openapi: describe('Activates user keys', ['POST']),
      methods: activation('user_keys', ({ length }) => `Successfully activated ${length} user keys.`),
    },
    {
      path: `${mount}user-keys/activate/`,
      access: 'token',
      changes: true,
      parses: ['json', 'form'],
      openapi: describe('Activates user keys', ['POST']),
      methods: activation('user_key_ids', (names) => ({
        message: `Successfully activated ${names.length} user keys.`,
        activated_count: names.length,
        activated_keys: names,
      })),
    },
  ].toSorted(fixedFirst) as Route[];

  async function seenKey({ principal, parameters }: ApiRequest): Promise<UserKey> {
    const key = parameters.id ?? '';
    const own = principal.id === undefined ? undefined : await keys.userKeyOf(principal.id);
    if (own && (key === String(own.number) || key === own.id)) return own;
    return (await findRow(host, principal, { action: 'view', type: userKeyType, key })) as unknown as UserKey;
  }
}

/** Paths without a parameter are tried before those that would take their last word for one. */
const fixedFirst = (a: { readonly path: string }, b: { readonly path: string }): number =>
  Number(a.path.includes(':')) - Number(b.path.includes(':'));
