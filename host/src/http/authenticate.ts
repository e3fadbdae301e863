import type { IncomingMessage } from 'node:http';
import type { Principal } from '../domain/access';
import type { Route } from './route';
import type { Authentication, Credentials, HttpServices } from './services';
import { addressOf } from './wire/client-address';
import { Refusal, throttled } from './wire/refusal';

// Nautobot's texts; all of them are 403 there, without WWW-Authenticate.
const refusals = {
  none: 'Authentication credentials were not provided.',
  invalid: 'Invalid token',
  expired: 'Token expired',
  inactive: 'User inactive',
  password: 'Invalid username/password.',
  address: 'The token is not for use from this address.',
} as const satisfies Record<Exclude<Extract<Authentication, { refused: unknown }>['refused'], 'throttled'>, string>;

/** Who sends a request, and how that is found out anew. */
export interface Sender {
  readonly principal: Principal;
  readonly acting: () => Promise<Principal>;
}

/** Finds out who sends a request. */
export async function senderOf(
  services: HttpServices,
  request: IncomingMessage,
  { password }: Pick<Route, 'password'> = {},
): Promise<Sender> {
  const { localActing } = services;
  if (localActing) return { principal: await localActing(), acting: localActing };
  const credentials = readCredentials(request, addressOf(services, request), request.method === password);
  const answer = await services.authenticate(credentials);
  const again = ('again' in answer && answer.again) || (() => services.authenticate(credentials));
  return { principal: accepted(answer), acting: async () => accepted(await again()) };
}

function accepted(answer: Authentication): Principal {
  if ('wait' in answer) throw throttled(answer.wait);
  if ('refused' in answer) throw new Refusal('unauthenticated', refusals[answer.refused]);
  return answer.principal;
}

/** What the Authorization header holds; undefined without one, or with a scheme that is not for this address. */
function readCredentials(request: IncomingMessage, address: string, password: boolean): Credentials | undefined {
  const [scheme = '', key, ...more] = (request.headers.authorization ?? '').trim().split(/[ \t]+/);
  const word = scheme.toLowerCase();
  const kind = schemes.get(word);
  if (kind === undefined || (kind === 'basic' && !password)) return undefined;
  if (key === undefined) throw invalidHeader(kind, 'No credentials provided.');
  if (kind === 'basic') {
    if (more.length > 0) throw invalidHeader(kind, 'Credentials string should not contain spaces.');
    return { scheme: word, ...readBasic(key), address };
  }
  if (more.length > 0) throw invalidHeader(kind, 'Token string should not contain spaces.');
  if (!/^[\x21-\x7e]+$/.test(key)) throw invalidHeader(kind, 'Token string should not contain invalid characters.');
  return { scheme: word, key, address };
}

const schemes: ReadonlyMap<string, 'token' | 'basic'> = new Map([
  ['token', 'token'],
  ['bearer', 'token'],
  ['basic', 'basic'],
]);
const utf8 = new TextDecoder('utf-8', { fatal: true });

function readBasic(encoded: string): { readonly name: string; readonly key: string } {
  const bytes = Buffer.from(encoded, 'base64');
  const wrong = invalidHeader('basic', 'Credentials not correctly base64 encoded.');
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) throw wrong;
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw wrong;
  }
  const colon = text.indexOf(':');
  if (colon < 0) throw wrong;
  return { name: text.slice(0, colon), key: text.slice(colon + 1) };
}

function invalidHeader(kind: 'token' | 'basic', detail: string): Refusal {
  return new Refusal('unauthenticated', `Invalid ${kind} header. ${detail}`);
}
