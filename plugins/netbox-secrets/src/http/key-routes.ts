import type { Answer, ApiRequest, Route } from '@latchkey/host/extend';
import { InvalidInput } from '@latchkey/host/extend';
import { createKeyPair } from '../crypto/user-keys';
import type { OpenedSession } from '../service/contract';
import type { Store } from '../store';
import { bareText, guarded } from './answers';
import { describe } from './describe';
import { sessionCookie } from './session';
import { membersOf } from './text';

const forms = ['json', 'form'] as const;
const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== false && value !== 0;

/** The members of a body that may be left out. */
export function fieldsIn({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  const members = membersOf(body ?? {});
  if ('fault' in members) throw new InvalidInput({ non_field_errors: [members.fault] });
  return members.value;
}

/** What a session is opened with, as a request says it. */
export const wishOf = ({ principal, query }: ApiRequest, given: Readonly<Record<string, unknown>>) => ({
  preserve: isSet(query.get('preserve_key')) || isSet(given.preserve_key),
  token: principal.token,
  ...(typeof given.name === 'string' && { name: given.name.trim().slice(0, 100) }),
});

/** The cookie of a session, for a browser that asks for it by `cookie`. */
export function cookieFor(request: ApiRequest, given: Readonly<Record<string, unknown>>, sessionKey: string) {
  return isSet(request.query.get('cookie')) || isSet(given.cookie) ? sessionCookie(sessionKey, request.publicUrl) : {};
}

/** Unlocks by the private key that a request brought, and records that it did. */
export async function unlockByPrivateKey(store: Store, request: ApiRequest): Promise<OpenedSession | Answer> {
  const given = fieldsIn(request);
  const { private_key: privateKey } = given;
  if (typeof privateKey !== 'string') return bareText('Private key was not provided.');
  const { principal } = request;
  const session = await store.keys.unlockWithPrivateKey(principal, privateKey, wishOf(request, given));
  store.host.logger.info('A private key was sent to unlock the secrets', {
    user: principal.id,
    request: request.requestId,
  });
  return session;
}

/** Whether an unlock was refused already. */
export const isAnswer = (one: OpenedSession | Answer): one is Answer => 'status' in one;

/** Session keys, key pairs, and the unlock that keeps the private key at home, on one mount. */
export function keyRoutes(store: Store, mount: string): Route[] {
  const { keys } = store;
  return [
    {
      path: `${mount}get-session-key/`,
      access: 'token',
      changes: false,
      parses: forms,
      openapi: describe('Exchanges a private key for a session key', ['POST']),
      describe: () => ({ name: 'Get Session Key', description: '' }),
      methods: {
        POST: guarded(async (request) => {
          const session = await unlockByPrivateKey(store, request);
          if (isAnswer(session)) return session;
          const headers = { 'Cache-Control': 'no-store', ...cookieFor(request, fieldsIn(request), session.sessionKey) };
          return { status: 200, body: { session_key: session.sessionKey }, headers };
        }),
      },
    },
    {
      path: `${mount}unlock/`,
      access: 'token',
      changes: false,
      openapi: describe('Unlocks without sending the private key', ['GET', 'POST']),
      methods: {
        GET: guarded(async ({ principal }) => {
          const { id, expires, wraps } = await keys.challenge(principal);
          return { status: 200, body: { challenge: id, expires, wraps }, headers: { 'Cache-Control': 'no-store' } };
        }),
        POST: guarded(async (request) => {
          const given = fieldsIn(request);
          const { challenge, masters } = given;
          if (typeof challenge !== 'string') throw new InvalidInput({ challenge: ['This field is required.'] });
          const wish = wishOf(request, given);
          const answer = { id: challenge, masters: mastersIn(masters) };
          const { sessionKey, row } = await keys.unlockWithProof(request.principal, answer, wish);
          const headers = { 'Cache-Control': 'no-store', ...cookieFor(request, given, sessionKey) };
          return { status: 200, body: { session_key: sessionKey, id: row.number, expires: row.expires }, headers };
        }),
      },
    },
    {
      path: `${mount}generate-rsa-key-pair/`,
      access: 'token',
      changes: false,
      parses: forms,
      openapi: describe('Makes an RSA key pair, which is kept nowhere', ['GET', 'POST']),
      describe: () => ({ name: 'Generate RSA Key Pair', description: '' }),
      methods: {
        GET: guarded(({ query }) => keyPair(query.get('key_size'))),
        POST: guarded((request) => keyPair(request.query.get('key_size') ?? fieldsIn(request).key_size)),
      },
    },
  ];
}

async function keyPair(size: unknown): Promise<Answer> {
  const bits = isSet(size) ? Number(size) : 2048;
  const { privateKey, publicKey } = await createKeyPair(bits);
  return {
    status: 200,
    body: { public_key: publicKey, private_key: privateKey },
    headers: { 'Cache-Control': 'no-store' },
  };
}

/** Master keys that were unwrapped elsewhere, as a body has them. */
export function mastersIn(given: unknown): readonly { readonly key: string }[] {
  const fault = (): never => {
    throw new InvalidInput({ masters: ['Give the unwrapped master keys: [{"key": "<base64>"}, ...].'] });
  };
  if (!Array.isArray(given) || given.length === 0 || given.length > 100) return fault();
  return given.map((one: unknown) => {
    const key = typeof one === 'string' ? one : (one as { readonly key?: unknown } | null)?.key;
    return typeof key === 'string' ? { key } : fault();
  });
}
