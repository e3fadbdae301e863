import { pairs } from '../../support/encrypted-store';
import { refused, type Behaviour, type Behaviours } from './behaviour';

const mount = '/api/plugins/secrets/';
const activate = (it: string, body: object, status: number, is: unknown, more: Partial<Behaviour> = {}): Behaviour => ({
  it,
  method: 'POST',
  path: `${mount}user-keys/activate/`,
  body,
  status,
  is,
  ...more,
});
const own = { private_key: pairs.first.private };

/** What only the plugin has: sessions, user keys and their activation. */
export const plugin: Behaviours = () => [
  {
    it: 'opens a session with its user key, and shows the session key once',
    method: 'POST',
    path: `${mount}session-keys/`,
    body: own,
    status: 201,
    holds: {
      id: expect.any(Number),
      userkey: { id: 1, url: expect.stringMatching(/user-keys\/1\/$/), display: 'admin' },
      session_key: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    },
  },
  {
    it: 'gives one again',
    method: 'POST',
    path: `${mount}session-key/`,
    body: { ...own, preserve_key: true },
    status: 200,
  },
  {
    it: 'shows the newest session without its key',
    path: `${mount}session-key/`,
    status: 200,
    holds: { session_key: null },
  },
  refused(
    'has no session for who opened none',
    { path: `${mount}session-key/`, as: 'nobody', is: { detail: 'No active session key found' } },
    404,
  ),
  {
    it: 'shows the own user key',
    path: `${mount}user-keys/1/`,
    status: 200,
    holds: { id: 1, display: 'admin', user: { username: 'admin' }, is_active: true, is_filled: true },
  },
  {
    it: 'takes the same key again',
    method: 'PATCH',
    path: `${mount}user-keys/2/`,
    as: 'keeper',
    body: { public_key: pairs.second.public },
    status: 200,
    holds: { id: 2, user: { username: 'keeper' } },
  },
  refused('takes no private key for a public one', {
    method: 'PATCH',
    path: `${mount}user-keys/2/`,
    as: 'keeper',
    body: { public_key: pairs.second.private },
    holds: { detail: expect.not.stringContaining('MII') },
  }),
  refused(
    'takes a key from nobody but its user',
    { method: 'PUT', path: `${mount}user-keys/2/`, body: { public_key: pairs.second.public } },
    403,
  ),
  activate('activates user keys', { ...own, user_key_ids: [2] }, 200, {
    message: 'Successfully activated 1 user key.',
    activated_count: 1,
    activated_keys: [2],
  }),
  activate('tells the user keys that are not there', { ...own, user_key_ids: [2, 99] }, 404, {
    error: 'The following user key IDs were not found: 99',
    invalid_keys: [99],
  }),
  activate('tells that the private key is none', { private_key: 'none', user_key_ids: [2] }, 400, {
    error: 'Invalid private key.',
  }),
  activate('wants a private key, or an open session', { user_key_ids: [2] }, 400, {
    error: 'Private key was not provided.',
  }),
  activate('wants user keys', own, 400, { user_key_ids: ['Give a list of 1 to 100 ids.'] }),
  activate(
    'lets who may not change user keys activate none',
    { ...own, user_key_ids: [2] },
    403,
    { detail: 'You do not have permission to perform this action.' },
    { as: 'keeper' },
  ),
  {
    it: 'activates as its second release does',
    method: 'POST',
    path: `${mount}activate-user-key/`,
    body: { ...own, user_keys: [2] },
    status: 200,
    is: 'Successfully activated 1 user keys.',
  },
];
