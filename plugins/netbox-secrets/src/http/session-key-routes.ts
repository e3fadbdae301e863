import type { ApiRequest, Route } from '@latchkey/host/extend';
import type { Store } from '../store';
import type { SessionKeyRow } from '../types';
import { detail, guarded } from './answers';
import { byNumber, describe } from './describe';
import { cookieFor, fieldsIn, isAnswer, unlockByPrivateKey } from './key-routes';
import { pageOf, partOf } from './page';
import { sessionCookie } from './session';

const none = 'No active session key found';

/** The own sessions, as the plugin has them. */
export function sessionKeyRoutes(store: Store, mount: string): Route[] {
  const { keys } = store;
  const shown = async (
    { publicUrl, principal }: ApiRequest,
    rows: readonly SessionKeyRow[],
    sessionKey: string | null = null,
  ) => {
    const own = rows.length > 0 && principal.id !== undefined ? await keys.userKeyOf(principal.id) : undefined;
    const userkey = own && {
      id: own.number,
      url: `${publicUrl}${mount}user-keys/${own.number}/`,
      display: principal.name,
    };
    return rows.map((row) => ({
      pk: row.number,
      id: row.number,
      url: `${publicUrl}${mount}session-keys/${row.number}/`,
      display: row.name === '' ? `Session ${row.number}` : row.name,
      userkey: userkey ?? null,
      name: row.name,
      session_key: sessionKey,
      created: row.created,
      last_used: row.last_used,
      expires: row.expires,
    }));
  };
  const opened = guarded(async (request) => {
    const session = await unlockByPrivateKey(store, request);
    if (isAnswer(session)) return session;
    const headers = { 'Cache-Control': 'no-store', ...cookieFor(request, fieldsIn(request), session.sessionKey) };
    const [body] = await shown(request, [session.row], session.sessionKey);
    return { status: session.preserved ? 200 : 201, body, headers };
  });
  const ownSession = async ({ principal, parameters }: ApiRequest) =>
    (await keys.sessions(principal)).find(({ number, id }) => parameters.id === String(number) || parameters.id === id);
  const missing = () => detail(404, 'Not found.');

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
          const results = await shown(request, rows.slice(part.offset, part.offset + part.limit));
          return { status: 200, body: pageOf(request, `${mount}session-keys/`, part, { count: rows.length, results }) };
        }),
        POST: opened,
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
          return row ? { status: 200, body: (await shown(request, [row]))[0] } : missing();
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
          return row ? { status: 200, body: (await shown(request, [row]))[0] } : detail(404, none);
        }),
        POST: opened,
        DELETE: guarded(async ({ principal, publicUrl }) => {
          const row = (await keys.sessions(principal)).at(-1);
          if (!row) return detail(404, none);
          await keys.revoke(principal, row.id);
          return { status: 204, headers: sessionCookie('', publicUrl) };
        }),
      },
    },
  ];
}
