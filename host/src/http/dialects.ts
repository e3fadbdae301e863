import type { IncomingMessage } from 'node:http';
import { askedVersion, latestVersion, versions, type Versions } from './versions';
import type { Route } from './route';

/** A product's way to speak on `/api/`: whose versions of the API ask for it, and which it answers with. */
export interface ApiDialect extends Versions {
  readonly name: string;
}

/** The dialect of Nautobot's clients, which everything speaks that does not say otherwise. */
export const nautobot: ApiDialect = { name: 'nautobot', versions, latest: latestVersion };

/**
 * The route that answers, of those that share an address: the one whose dialect has the version that is asked for; of a
 * request without credentials or version one that says it is for such; otherwise the first of Nautobot's dialect.
 */
export function routeFor(
  sharing: readonly Route[],
  dialects: ReadonlyMap<string, ApiDialect>,
  { headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>,
): Route {
  const [first, ...others] = sharing as readonly [Route, ...Route[]];
  if (others.length === 0) return first;
  const asked = askedVersion(headers.accept, url);
  const speaks = ({ dialect = nautobot.name }: Route): ApiDialect => dialects.get(dialect) ?? nautobot;
  const bare = asked === undefined && headers.authorization === undefined;
  return (
    sharing.find((route) => asked !== undefined && speaks(route).versions.includes(asked)) ??
    sharing.find(({ forBare }) => bare && forBare) ??
    sharing.find(({ dialect }) => dialect === undefined) ??
    first
  );
}
