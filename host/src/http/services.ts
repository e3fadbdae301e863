import type { Logger } from '@latchkey/core';
import type { OpenCollection } from '../collections/collection';
import type { Attempts } from '../credentials/attempts';
import type { Principal } from '../domain/access';
import type { Answered } from '../observability/request-log';
import type { ExplainingPolicy } from '../permissions/related';
import type { Rendering, Resolution } from '../resolution/create-resolution';
import type { Principals, Refusal } from '../resolution/principals';
import type { Writes } from '../writes/create-writes';
import type { ApiDialect } from './dialects';
import type { Readiness } from './readiness';
import type { Route } from './route';
import type { ClientAddress } from './wire/client-address';

/** What a request shows of who sends it. */
export interface Credentials {
  /** `token`, `bearer` or `basic`. */
  readonly scheme: string;
  /** The token, or the password. */
  readonly key: string;
  /** The account, where it is a password. */
  readonly name?: string;
  readonly address: string;
}

/** Who sends a request, or why that is not known. */
export type Authentication =
  | {
      readonly principal: Principal;
      /** Asks anew for the same sender, more cheaply where something is known to be fresh. */
      readonly again?: () => Promise<Authentication>;
    }
  | { readonly refused: 'none' | Refusal }
  /** After too many failures; `wait` is in seconds. */
  | { readonly refused: 'throttled'; readonly wait: number };

/** A provider as it is told to clients. */
export interface ProviderInfo {
  readonly slug: string;
  readonly name: string;
  /** JSON Schema. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly package: string;
  readonly version: string;
}

/** Everything that HTTP needs of the host. */
export interface HttpServices {
  /** The address that clients reach this host at, without a slash at the end; never taken from a request. */
  readonly publicUrl: string;
  readonly version: string;
  readonly logger: Logger;
  readonly collections: readonly OpenCollection[];
  readonly policy: ExplainingPolicy;
  readonly writes: Writes;
  authenticate(credentials: Credentials | undefined): Promise<Authentication>;
  /** What counts failures; shared with what signs in. */
  readonly attempts?: Attempts;
  readonly principals: Pick<Principals, 'user'>;
  readonly resolution: Pick<Resolution, 'check' | 'explain'>;
  readonly rendering: Rendering;
  providers(): readonly ProviderInfo[];
  ready(): Promise<Readiness>;
  /** Where requests come from; the other end of the connection by default. */
  readonly clientAddress?: ClientAddress;
  /** Is told of every request that was answered. */
  readonly answered?: (answered: Answered) => void;
  /** Whether the host is about to end, so that connections are not to be kept. */
  readonly stopping?: () => boolean;
  /** Routes that extensions add. */
  readonly extensionRoutes?: readonly Route[];
  /** The dialects beside Nautobot's, by name. */
  readonly dialects?: ReadonlyMap<string, ApiDialect>;
  /** Who every request is from, on a server that only its owner can reach. */
  readonly localActing?: () => Promise<Principal>;
  /** Routes of that server alone. */
  readonly localRoutes?: readonly Route[];
}
