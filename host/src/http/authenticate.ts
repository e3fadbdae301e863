import type { IncomingMessage } from 'node:http';
import type { Principal } from '../domain/access';
import type { Authentication, Credentials, HttpServices } from './services';
import { Refusal } from './wire/refusal';

// Nautobot's texts; all of them are 403 there, without WWW-Authenticate.
const refusals = {
  none: 'Authentication credentials were not provided.',
  invalid: 'Invalid token',
  expired: 'Token expired',
  inactive: 'User inactive',
} as const satisfies Record<Extract<Authentication, { refused: unknown }>['refused'], string>;

/** Who sends a request, and how that is found out anew. */
export interface Sender {
  readonly principal: Principal;
  readonly acting: () => Promise<Principal>;
}

/** Finds out who sends a request. */
export async function senderOf(services: HttpServices, request: IncomingMessage): Promise<Sender> {
  const { localActing } = services;
  if (localActing) return { principal: await localActing(), acting: localActing };
  const credentials = readCredentials(request);
  const answer = await services.authenticate(credentials);
  const again = ('again' in answer && answer.again) || (() => services.authenticate(credentials));
  return { principal: accepted(answer), acting: async () => accepted(await again()) };
}

function accepted(answer: Authentication): Principal {
  if ('refused' in answer) throw new Refusal('unauthenticated', refusals[answer.refused]);
  return answer.principal;
}

/** The token in the Authorization header; undefined without one, or with another scheme. */
function readCredentials(request: IncomingMessage): Credentials | undefined {
  const [scheme = '', key, ...more] = (request.headers.authorization ?? '').trim().split(/[ \t]+/);
  const word = scheme.toLowerCase();
  if (word !== 'token' && word !== 'bearer') return undefined;
  if (key === undefined) throw invalidHeader('No credentials provided.');
  if (more.length > 0) throw invalidHeader('Token string should not contain spaces.');
  if (!/^[\x21-\x7e]+$/.test(key)) throw invalidHeader('Token string should not contain invalid characters.');
  return { scheme: word, key, address: request.socket.remoteAddress ?? '' };
}

function invalidHeader(detail: string): Refusal {
  return new Refusal('unauthenticated', `Invalid token header. ${detail}`);
}
