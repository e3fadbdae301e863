import { Refusal } from './wire/refusal';

/** The versions of Nautobot's API that clients may ask for; all of them are answered alike. */
const versions = ['2.0', '2.1', '2.2', '2.3', '2.4', '3.0', '3.1', '3.2'] as const;

/** What is answered to who asks for no version. */
export const latestVersion = versions[versions.length - 1] as string;

const asked = /application\/(?:json|\*)\s*;[^,]*?\bversion\s*=\s*"?([^\s;,"]*)/i;
const shown = /^[\w.-]{1,20}$/;

/** The version that a request asks for, by its Accept header or by `api_version`; one that is unknown is refused. */
export function versionOf(accept: string | undefined, query: URLSearchParams): string {
  const header = accept === undefined ? undefined : asked.exec(accept)?.[1];
  const parameter = query.get('api_version') ?? undefined;
  if (header !== undefined) check(header, 'not-acceptable', '"Accept" header');
  if (parameter !== undefined) check(parameter, 'not-found', 'query parameter');
  if (header !== undefined && parameter !== undefined && header !== parameter) {
    throw new Refusal('malformed', 'Version mismatch between "Accept" header and query parameter.');
  }
  return header ?? parameter ?? latestVersion;
}

function check(version: string, kind: 'not-acceptable' | 'not-found', where: string): void {
  if ((versions as readonly string[]).includes(version)) return;
  const named = shown.test(version) ? version : '';
  throw new Refusal(kind, `Invalid version "${named}" in ${where}. Supported versions are: ${versions.join(', ')}`);
}
