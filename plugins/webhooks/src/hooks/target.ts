import { isIP } from 'node:net';
import type { Settings } from '../settings';

/** Where a webhook is sent to, as far as its row says. */
export interface Target {
  readonly payload_url: string;
  readonly ssl_verification: boolean;
}

type Rules = Pick<Settings, 'addresses' | 'allowInsecure'>;

/** What is wrong with an address that would be sent to, or undefined; a name is looked at again when it is resolved. */
export function urlFault(text: string, { addresses, allowInsecure }: Rules): string | undefined {
  if (!URL.canParse(text) || /[^\x21-\x7e]/.test(text)) return 'Enter a valid URL.';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only https:// is sent to.';
  if (url.protocol === 'http:' && !allowInsecure)
    return 'Only https:// is sent to, unless the operator sets allow_insecure.';
  if (url.username !== '' || url.password !== '') return 'A name and a password do not belong into the URL.';
  const address = hostOf(url);
  if (isIP(address) !== 0 && !addresses.allows(address))
    return 'This address is not public, and the operator does not allow it.';
  return undefined;
}

/** The host of a URL, an address of IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
