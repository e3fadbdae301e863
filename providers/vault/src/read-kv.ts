import { ProviderFailure, type ProviderFailureCode } from '@latchkey/core';
import { isJson, jsonMember, jsonText } from './json-member';
import type { Answer } from './request';

const failures: Readonly<Record<number, readonly [ProviderFailureCode, string]>> = {
  400: ['misconfigured', 'The store refuses the request as invalid.'],
  403: ['denied', "The store refuses access: its token is not valid, or the token's policies do not reach this path."],
  405: ['misconfigured', 'The store cannot read there; see mount_point and kv_version.'],
  412: ['unavailable', 'The store is not up to date yet.'],
  429: ['throttled', 'The store asks for fewer requests.'],
  503: ['unavailable', 'The store is sealed or under maintenance.'],
};

/** The failure that a status other than 200 and 404 stands for; bodies quote tokens and are not looked at. */
export function statusFailure(status: number): ProviderFailure {
  const known = failures[status];
  if (known) return new ProviderFailure(...known);
  if (status >= 500) return new ProviderFailure('unavailable', `The store answers with status ${status}.`);
  if (status >= 300 && status < 400)
    return new ProviderFailure('misconfigured', 'The store redirects, which is not followed; see its url.');
  return new ProviderFailure('malformed', `The store answers with status ${status}.`);
}

const unusable = () => new ProviderFailure('malformed', 'The store answers something that is not a KV secret.');

const hasEntries = (body: string, name: string): boolean => {
  const list: unknown = JSON.parse(jsonMember(body, name) ?? 'null');
  return Array.isArray(list) && list.length > 0;
};

// An absent key has an empty list of errors, an absent mount or namespace has one in it. A v2 mount asked as v1 warns.
function notThere(body: string): undefined {
  if (!isJson(body)) throw unusable();
  if (hasEntries(body, 'errors'))
    throw new ProviderFailure(
      'not-found',
      "The store has no such mount or namespace; see mount_point and the store's.",
    );
  if (hasEntries(body, 'warnings'))
    throw new ProviderFailure('misconfigured', 'The mount is of KV v2 and was read as v1; see kv_version.');
}

/** The text of one key, or the whole object as the JSON that the store sent; undefined where there is no secret. */
export function valueOf({ status, body }: Answer, version: 'v1' | 'v2', key: string | undefined): string | undefined {
  if (status === 404) return notThere(body);
  if (status !== 200) throw statusFailure(status);
  if (!isJson(body)) throw unusable();
  const answered = jsonMember(body, 'data');
  const data = version === 'v2' && answered !== undefined ? jsonMember(answered, 'data') : answered;
  if (data === 'null') return undefined;
  if (!data?.startsWith('{')) throw unusable();
  if (key === undefined) return data;
  const text = jsonText(jsonMember(data, key));
  if (text === undefined) throw new ProviderFailure('not-found', 'The secret at path "{path}" has no key "{key}"!');
  return text;
}
