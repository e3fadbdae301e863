import type { Server } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@latchkey/core';
import { safeCause, type StartupReport } from '@latchkey/core/kernel';
import { version, type HostConfig } from '../config';
import { createAttempts } from '../credentials/attempts';
import { hostError } from '../errors';
import type { Resolution } from '../resolution/create-resolution';
import type { Definitions } from '../resolution/definitions';
import type { Principals } from '../resolution/principals';
import { createApp } from './app';
import { createInFlight } from './in-flight';
import { listenLocally, socketPath } from './local-socket';
import { localRoutes } from './local-routes';
import type { HttpServices } from './services';
import { createSignIn, type SignInParts } from './sign-in';
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
  readonly report: () => StartupReport;
  /** Parts that a ready host needs; each settles when its part works. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
}

/** The host's servers. */
export interface Http {
  /** Listens on the configured address and on the data folder's socket; gives the public address. */
  listen(): Promise<string>;
  /** Listens on a socket for the command alone. */
  listenLocally(file: string): Promise<void>;
  /** Takes no new connections and waits for the requests in flight. */
  close(): Promise<void>;
}

/** Prepares the servers; nothing listens yet. */
export function openHttp(config: HostConfig, parts: HttpParts): Http {
  const servers: Server[] = [];
  const inFlight = createInFlight();
  const attempts = createAttempts();
  const signIn = createSignIn({ ...parts, attempts });
  const serve = (services: HttpServices): Server => {
    const server = createServer(createApp(services, inFlight));
    servers.push(server);
    return server;
  };
  const base = (publicUrl: string): HttpServices => ({
    ...parts,
    publicUrl,
    version,
    authenticate: signIn,
    attempts,
    ready: () => ready(parts),
  });
  const local = async (file: string, publicUrl: string): Promise<boolean> => {
    // The owner of the data folder acts as the superuser whom the operator names.
    const owner = parts.principals.user(config.superuser.name);
    const localActing = async () => {
      await parts.definitions.refresh();
      return owner();
    };
    return listenLocally(serve({ ...base(publicUrl), localActing, localRoutes: localRoutes(parts) }), file);
  };

  return {
    async listen() {
      const { host, port } = config;
      // Links carry the address, so a port that the system is to choose is chosen before the app is made.
      const address = `http://${host.includes(':') ? `[${host}]` : host}:${port === 0 ? await freePort(host) : port}`;
      const publicUrl = config.publicUrl ?? address;
      await listenOn(serve(base(publicUrl)), address, host);
      if (!(await local(socketPath(config.dataDir), publicUrl))) {
        parts.logger.warn('Another host serves the command on this data folder.');
      }
      return publicUrl;
    },
    async listenLocally(file) {
      await local(file, config.publicUrl ?? 'http://localhost');
    },
    async close() {
      await Promise.all(servers.map(stop));
      // The handler of a client that went away still runs, and still needs the database.
      await Promise.race([inFlight.ended(), pause(grace, undefined, { ref: false })]);
    },
  };
}

async function ready({ checks, report }: HttpParts) {
  const plugins = report().lines.every(({ status }) => status !== 'failed');
  const entries = Object.entries(checks).map(async ([name, works]) => {
    const state = await works().then(
      () => true,
      () => false,
    );
    return [name, state] as const;
  });
  const states = { ...Object.fromEntries(await Promise.all(entries)), plugins };
  return { ready: Object.values(states).every(Boolean), checks: states };
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createNetServer().once('error', reject);
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function listenOn(server: Server, address: string, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(hostError('listen', { address, cause: safeCause(error).message })));
    server.listen(Number(new URL(address).port || 80), host, resolve);
  });
}

// Long enough for a fetch to end at its own limit; then the connections that are left are cut.
const grace = 15_000;

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), grace);
    // A connection that was busy at first is idle once it is answered, and its client may keep it for long.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
