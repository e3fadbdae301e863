import { mkdirSync } from 'node:fs';
import { safeCause } from '@latchkey/core/kernel';
import { Closers } from './closers';
import { placesOf, readConfig, version, type HostConfig } from './config';
import { loadTokenKey } from './credentials/token-key';
import { accessEntryType } from './domain/audit';
import { hostError } from './errors';
import { hostAccess } from './extension/access';
import { runJobs } from './extension/jobs';
import { firstStart, type FirstSuperuser } from './first-start';
import { hostReport, processWarnings, type HostReport } from './host-report';
import { openHttp } from './http/open-http';
import { createLogger } from './observability/logger';
import { retentionJobs } from './observability/retention';
import { extensionsOf, openKernel } from './open-kernel';
import { openServices } from './open-services';
import { openStores } from './open-stores';
import { isNew } from './persistence/is-new';
import { createSession, type Session } from './session';

/** A running host. */
export interface Host {
  /** A line a plugin: loaded, skipped or failed, and why; and what an operator should know of the process. */
  readonly report: HostReport;
  /** The superuser, when this start made it. */
  readonly firstSuperuser: FirstSuperuser | undefined;
  /** Acts as a named user. */
  as(username: string): Session;
  /** Acts as the host itself, which may do everything; recorded as `system`. */
  system(): Session;
  /** Serves REST on the configured address, and the command on the data folder's socket; gives the address. */
  listen(): Promise<string>;
  /** Serves the command alone, on the socket named. */
  listenLocally(file: string): Promise<void>;
  /** Takes the certificate as its files have it now. */
  reload(): Promise<void>;
  /** Stops: no new requests, those in flight end, plugins stop in reverse order, records are on disk. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a host: database, records, plugins, and what stands on them. Read it from top to bottom. */
export async function createHost(config: HostConfig = readConfig()): Promise<Host> {
  const logger = createLogger(config.logLevel);
  const closers = new Closers();
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    const tokenKey = await loadTokenKey(config.tokenKeyFile, { make: await isNew(placesOf(config).definitions) });
    const kernel = openKernel(config, logger);
    closers.opened(kernel, (it) => it.stop());
    await kernel.start();
    const extensions = extensionsOf(kernel);
    const stores = await openStores(config, extensions, { tokenKey, closers });
    const { unitOfWork, records, accessLog, metrics } = stores;
    const services = await openServices({ config, logger, kernel, extensions, stores, tokenKey, closers });
    const { definitions, principals, policy, resolution, writes, collections, listeners, fetches } = services;

    const parts = {
      localOnly: config.localOnly,
      version,
      collections,
      unitOfWork,
      accessLog,
      policy,
      writes,
      definitions,
      principals,
      tokenKey,
    };
    const opened = closers.opened(await extensions.open(hostAccess({ ...parts, logger })), (it) => it.close());
    const http = closers.opened(
      openHttp(config, {
        logger,
        policy,
        writes,
        resolution,
        rendering: resolution,
        principals,
        definitions,
        collections,
        extensionRoutes: opened.routes,
        localRoutes: opened.localRoutes,
        dialects: extensions.dialects,
        authenticators: opened.authenticators,
        providers: services.providers,
        report: () => kernel.report,
        metrics,
        checks: {
          database: () => unitOfWork.version(),
          async records() {
            if (accessLog.stats().failing) throw hostError('access-record');
            await accessLog.rows.get(accessEntryType, { number: 1 });
          },
        },
      }),
      (it) => it.close(),
    );
    const { lookups } = definitions;
    metrics?.tell({ version, lookups, fetches: fetches.stats, plugins: () => kernel.report.lines, ready: http.ready });
    // After all that may fail, since the token of a first start is handed out once.
    const firstSuperuser = await firstStart(unitOfWork, config, tokenKey, listeners);
    await definitions.refresh();
    const warnings = processWarnings();
    for (const warning of warnings) logger.warn(warning);
    const { removeOldest } = records;
    const retention = retentionJobs({ keep: config.keepDays, removeOldest, unitOfWork, logger });
    const close = () => closers.close();

    const session = { definitions, policy, resolution };
    return {
      get report() {
        return hostReport(kernel.report, warnings);
      },
      firstSuperuser,
      as: (username) => createSession(session, principals.user(username)),
      system: () => createSession(session, principals.system),
      async listen() {
        const address = await http.listen();
        opened.start(logger);
        closers.opened(runJobs(retention, logger), (it) => it.close());
        return address;
      },
      listenLocally: (file) => http.listenLocally(file),
      reload: () => http.reload(),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await closers
      .close()
      .catch((late: unknown) => logger.warn('Not everything closed', { cause: safeCause(late).message }));
    throw error;
  }
}
