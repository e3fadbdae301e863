import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@latchkey/core';
import type { StartupReport } from '@latchkey/core/kernel';
import { version, type HostConfig } from '../config';
import { createAttempts } from '../credentials/attempts';
import { gatheredStandardError } from '../observability/gathered-lines';
import { createLogger } from '../observability/logger';
import { createRequestLog, type Answered } from '../observability/request-log';
import type { Resolution } from '../resolution/create-resolution';
import type { Definitions } from '../resolution/definitions';
import type { Principals } from '../resolution/principals';
import { createApp } from './app';
import { createInFlight } from './in-flight';
import { baseAddress, listenOn, stopServer, type HttpServer } from './listening';
import { listenLocally, socketPath } from './local-socket';
import { localRoutes } from './local-routes';
import { createOperations, type Exposition } from './operations';
import { createReadiness, type Readiness } from './readiness';
import type { Route } from './route';
import type { HttpServices } from './services';
import { createSignIn, type SignInParts } from './sign-in';
import { loadCertificate } from './wire/certificate';
import { clientAddressBehind } from './wire/client-address';
import { keepRenewed, type Renewal } from './wire/renewal';
import { createServer } from './wire/server';

/** What HTTP is opened over. */
export interface HttpParts extends Pick<
  HttpServices,
  'policy' | 'writes' | 'collections' | 'providers' | 'rendering' | 'extensionRoutes' | 'dialects'
> {
  readonly resolution: Resolution;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly principals: Principals;
  readonly authenticators?: NonNullable<SignInParts['authenticators']>;
  /** Routes that extensions add to the socket. */
  readonly localRoutes?: readonly Route[];
  readonly report: () => StartupReport;
  /** Parts that a ready host needs; each settles when its part works. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** Counts what is answered, where there is to be a listener for that. */
  readonly metrics?: (Exposition & { answered(answered: Answered): void }) | undefined;
}

/** The host's servers. */
export interface Http {
  /** Listens on the configured address and on the data folder's socket; gives the public address. */
  listen(): Promise<string>;
  /** Listens on a socket for the command alone. */
  listenLocally(file: string): Promise<void>;
  /** Whether the host can serve, and if not why. */
  ready(): Promise<Readiness>;
  /** Takes the certificate as it is now; connections that are open stay. */
  reload(): Promise<void>;
  /** Says that the host is not ready any more, takes no new connections, and waits for the requests in flight. */
  close(): Promise<void>;
}

/** Prepares the servers; nothing listens yet. */
export function openHttp(config: HostConfig, parts: HttpParts): Http {
  const { logger, metrics, principals, definitions } = parts;
  const servers: HttpServer[] = [];
  let operations: HttpServer | undefined;
  let renewal: Renewal | undefined;
  let isPublic = false;
  let stopping = false;
  const inFlight = createInFlight();
  const attempts = createAttempts();
  const signIn = createSignIn({ ...parts, attempts });
  const ready = createReadiness({ ...parts, stopping: () => stopping });
  const requestLog = createRequestLog(createLogger(config.logLevel, gatheredStandardError));
  const clientAddress = clientAddressBehind(config.trustedProxies);
  const base = (publicUrl: string): HttpServices => ({
    ...parts,
    publicUrl,
    version,
    authenticate: signIn,
    attempts,
    ready,
    clientAddress,
    stopping: () => stopping,
    answered(answered) {
      requestLog(answered);
      metrics?.answered(answered);
    },
  });
  const appOf = (services: HttpServices) => createApp(services, inFlight);
  const local = async (file: string, publicUrl: string): Promise<boolean> => {
    // The owner of the data folder acts as the superuser whom the operator names.
    const owner = principals.user(config.superuser.name);
    const localActing = async () => {
      await definitions.refresh();
      return owner();
    };
    const server = createServer(
      appOf({ ...base(publicUrl), localActing, localRoutes: [...localRoutes(parts), ...(parts.localRoutes ?? [])] }),
    );
    servers.push(server);
    return listenLocally(server, file);
  };
  /** The server of the public address, with the certificate that the operator named. */
  const openPublic = async (publicUrl: string): Promise<HttpServer> => {
    const app = appOf(base(publicUrl));
    if (!config.tls) return createServer(app);
    const loaded = await loadCertificate(config.tls);
    if (loaded.warning !== undefined) logger.warn(loaded.warning);
    const server = createServer(app, loaded.options);
    renewal = keepRenewed({ server, files: config.tls, loaded, logger });
    return server;
  };
  const openOperations = async (): Promise<void> => {
    if (!config.metrics || !metrics) return;
    const { host, port } = config.metrics;
    operations = createOperations({ metrics, ready, logger });
    const address = await baseAddress('http', host, port);
    await listenOn(operations, address, host);
    logger.info('Metrics are told', { address: `${address}/metrics` });
  };

  return {
    async listen() {
      // Links carry the address, so a port that the system is to choose is chosen before the app is made.
      const address = await baseAddress(config.tls ? 'https' : 'http', config.host, config.port);
      const publicUrl = config.publicUrl ?? address;
      await openOperations();
      const server = await openPublic(publicUrl);
      servers.push(server);
      await listenOn(server, address, config.host);
      isPublic = true;
      if (!(await local(socketPath(config.dataDir), publicUrl))) {
        logger.warn('Another host serves the command on this data folder.');
      }
      return publicUrl;
    },
    async listenLocally(file) {
      await local(file, config.publicUrl ?? 'http://localhost');
    },
    ready,
    reload: async () => renewal?.reload(),
    async close() {
      stopping = true;
      renewal?.stop();
      // Whoever sends requests here shall learn that there is no more to come before nobody listens.
      if (isPublic && config.stopDelay > 0) await pause(config.stopDelay);
      // Long enough for a fetch to end at its own limit; then the connections that are left are cut.
      const grace = Math.min(config.fetchTimeout + 5_000, 2 ** 31 - 1);
      await Promise.all(servers.map((server) => stopServer(server, grace)));
      // The handler of a client that went away still runs, and still needs the database.
      await Promise.race([inFlight.ended(), pause(grace, undefined, { ref: false })]);
      if (operations) await stopServer(operations, 0);
    },
  };
}
