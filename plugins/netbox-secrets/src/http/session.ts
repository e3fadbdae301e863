import type { ApiRequest } from '@latchkey/host/extend';
import type { Keyring } from '../crypto/keyring';
import type { Store } from '../store';

/** The session key that a request shows: the header, then the cookie; an empty header is a wrong key, not none. */
export function sessionKeyOf({ header }: Pick<ApiRequest, 'header'>): string | undefined {
  const given = header('x-session-key');
  if (given !== undefined) return given;
  const cookie = /(?:^|;\s*)session_key=("?)([^";]*)\1(?:;|$)/.exec(header('cookie') ?? '')?.[2];
  return cookie === undefined ? undefined : cookie;
}

/** The keyring behind the session key of a request; undefined where it shows none. Throws at a wrong one. */
export const keyringOf = ({ keys }: Store, request: ApiRequest): Promise<Keyring | undefined> =>
  keys.open(request.principal, sessionKeyOf(request));

/** The header that keeps a session key in a browser, out of the reach of its scripts, or takes it away. */
export function sessionCookie(sessionKey: string, publicUrl: string): Readonly<Record<string, string>> {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const ends = sessionKey === '' ? '; Max-Age=0' : '';
  return { 'Set-Cookie': `session_key="${sessionKey}"; Path=/api/; HttpOnly; SameSite=Strict${secure}${ends}` };
}
