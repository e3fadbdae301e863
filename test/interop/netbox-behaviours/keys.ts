import { pairs } from '../../support/encrypted-store';
import { refused, type Behaviour, type Behaviours } from './behaviour';

const path = 'get-session-key/';
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const sent = (fields: Record<string, string>) =>
  ({
    method: 'POST',
    path,
    raw: new URLSearchParams(fields).toString(),
    headers: form,
  }) as const;
// NetBox answers these as bare text, which pynetbox shows as it is.
const bare = (it: string, request: Partial<Behaviour>, is: string): Behaviour =>
  refused(it, { method: 'POST', path, ...request, is, headed: { 'content-type': 'text/html; charset=utf-8' } });
const session = { session_key: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as unknown };

/** How a private key is exchanged for a session key, and how key pairs are made. */
export const keys: Behaviours = () => [
  { it: 'opens a session by a form', ...sent({ private_key: pairs.first.private }), status: 200, is: session },
  {
    it: 'opens one by JSON, too',
    method: 'POST',
    path: `${path}?preserve_key=True`,
    body: { private_key: pairs.first.private },
    status: 200,
    is: session,
  },
  bare('is to be given', { body: {} }, 'Private key was not provided.'),
  bare('is to be given under its name', sent({ key: pairs.first.private }), 'Private key was not provided.'),
  bare('is none where it is a text', sent({ private_key: 'none' }), 'Invalid private key.'),
  bare('is none where it is empty', sent({ private_key: '' }), 'Invalid private key.'),
  bare('of somebody else opens nothing', sent({ private_key: pairs.second.private }), 'Invalid private key.'),
  bare('is not judged before it is given', { as: 'nobody', body: {} }, 'Private key was not provided.'),
  bare(
    'opens nothing for who has no user key',
    { ...sent({ private_key: pairs.first.private }), as: 'nobody' },
    'No UserKey found for the current user.',
  ),
  refused('is not got', { path, is: { detail: 'Method "GET" not allowed.' }, headed: { allow: 'POST, OPTIONS' } }, 405),
  refused(
    'is no text',
    {
      method: 'POST',
      path,
      raw: 'private_key=x',
      headers: { 'Content-Type': 'text/plain' },
      is: { detail: 'Unsupported media type "text/plain" in request.' },
    },
    415,
  ),
  {
    it: 'pair is made by the host',
    path: 'generate-rsa-key-pair/',
    status: 200,
    is: {
      private_key: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----\n/),
      public_key: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
    },
  },
];
