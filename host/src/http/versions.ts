import { Refusal } from './wire/refusal';

/** The versions of Nautobot's API that clients may ask for; all of them are answered alike. */
export const versions = ['2.0', '2.1', '2.2', '2.3', '2.4', '3.0', '3.1', '3.2'] as const;

/** What is answered to who asks for no version. */
export const latestVersion = versions[versions.length - 1] as string;

/** The versions of a dialect. */
export interface Versions {
  /** Those that clients may ask for. */
  readonly versions: readonly string[];
  /** What is answered to who asks for none. */
  readonly latest: string;
  /** Whether the refusal of a version names none, as Django REST framework does by itself. */
  readonly namesNone?: true;
}

const nautobotVersions: Versions = { versions, latest: latestVersion };

const asked = /application\/(?:json|\*)\s*;[^,]*?\bversion\s*=\s*"?([^\s;,"]*)/i;
const shown = /^[\w.-]{1,20}$/;

/** The version that a request asks for, known or not; undefined where it asks for none. */
export function askedVersion(accept: string | undefined, url: string): string | undefined {
  const header = accept === undefined ? undefined : asked.exec(accept)?.[1];
  if (header !== undefined) return header;
  const start = url.indexOf('?');
  return start < 0 ? undefined : (new URLSearchParams(url.slice(start)).get('api_version') ?? undefined);
}

/**
 * The version that a request asks for, of those that its dialect has, by its Accept header or by `api_version`; one that
 * is unknown is refused.
 */
export function versionOf(
  accept: string | undefined,
  query: URLSearchParams,
  dialect: Versions = nautobotVersions,
): string {
  const header = accept === undefined ? undefined : asked.exec(accept)?.[1];
  const parameter = query.get('api_version') ?? undefined;
  if (header !== undefined) check(dialect, header, 'not-acceptable', '"Accept" header');
  if (parameter !== undefined) check(dialect, parameter, 'not-found', 'query parameter');
  if (header !== undefined && parameter !== undefined && header !== parameter) {
    throw new Refusal('malformed', 'Version mismatch between "Accept" header and query parameter.');
  }
  return header ?? parameter ?? dialect.latest;
}

function check(
  { versions: known, namesNone }: Versions,
  version: string,
  kind: 'not-acceptable' | 'not-found',
  where: string,
): void {
  if (known.includes(version)) return;
  if (namesNone) throw new Refusal(kind, `Invalid version in ${where}.`);
  const named = shown.test(version) ? version : '';
  throw new Refusal(kind, `Invalid version "${named}" in ${where}. Supported versions are: ${known.join(', ')}`);
}
