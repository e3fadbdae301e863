import { mkdirSync } from 'node:fs';
import { createResolver, safeCause } from '@latchkey/core/kernel';
import { Closers } from './closers';
import { collectionsOf } from './collections/collections';
import { placesOf, readConfig, version, type HostConfig } from './config';
import { hashPassword } from './credentials/password';
import { loadTokenKey } from './credentials/token-key';
import { accessEntryType } from './domain/audit';
import { hostError } from './errors';
import { hostAccess } from './extension/access';
import { runJobs } from './extension/jobs';
import { checkTokenKey, firstStart, type FirstSuperuser } from './first-start';
import { hostReport, processWarnings, type HostReport } from './host-report';
import { openHttp } from './http/open-http';
import { createChangeLog } from './observability/change-log';
import { createLogger } from './observability/logger';
import type * as LateMetrics from './observability/metrics/create-metrics';
import { retentionJobs } from './observability/retention';
import { extensionsOf, openKernel } from './open-kernel';
import { createObjectPolicy } from './permissions/object-policy';
import { isNew } from './persistence/is-new';
import { openAccessLog } from './persistence/open-access-log';
import { openDatabase } from './persistence/open-database';
import { providerCatalogue } from './provider-catalogue';
import { createResolution } from './resolution/create-resolution';
import { createDefinitions } from './resolution/definitions';
import { createLastUsed } from './resolution/last-used';
import { createGrantsOf, createPrincipals } from './resolution/principals';
import { shareFetches } from './resolution/single-flight';
import { createSession, type Session } from './session';
import { checkStores } from './store-faults';
import { createWrites } from './writes/create-writes';

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
    const places = placesOf(config);
    const tokenKey = await loadTokenKey(config.tokenKeyFile, { make: await isNew(places.definitions) });
    const kernel = openKernel(config, logger);
    closers.opened(kernel, (it) => it.stop());
    await kernel.start();
    const extensions = extensionsOf(kernel);
    const { types, migrations } = extensions;
    const unitOfWork = closers.opened(await openDatabase({ ...places.definitions, types, migrations }), (it) =>
      it.close(),
    );
    // Before anything is opened with keys that come from it.
    await checkTokenKey(unitOfWork.rows, tokenKey, config.tokenKeyFile);
    // Loaded where it is asked for alone, since it takes 12 MB.
    const metrics =
      config.metrics && (require('./observability/metrics/create-metrics') as typeof LateMetrics).createMetrics();
    const { committed } = metrics ?? {};
    const records = closers.opened(
      await openAccessLog({ ...places.records, version: unitOfWork.version, types, committed }),
      (it) => it.close(),
    );
    const accessLog = metrics?.counting(records) ?? records;

    checkStores(config.stores, kernel);
    const fetches = shareFetches(kernel);
    const resolver = createResolver({ kernel: fetches, stores: config.stores, timeout: config.fetchTimeout, logger });
    closers.opened(resolver, (it) => it.close());
    const listeners = [createChangeLog(), ...extensions.listeners];
    const definitions = createDefinitions(unitOfWork);
    await definitions.refresh();
    // Requests and reads ask by themselves; this is for what a library holds on to between them.
    const watching = unitOfWork.watch?.(() => void definitions.refresh().catch(() => undefined));
    closers.opened(watching, async (it) => it?.stop());
    const lastUsed = closers.opened(createLastUsed(unitOfWork), (it) => it.close());
    const principals = createPrincipals({ definitions, rows: unitOfWork.rows, tokenKey, lastUsed });
    const policy = createObjectPolicy(createGrantsOf(types));
    const resolution = createResolution({ definitions, policy, resolver, accessLog });
    const catalogue = providerCatalogue(kernel, resolver);
    const { choices } = config;
    const seals = { password: hashPassword, token: tokenKey.hash };
    const { guards } = extensions;
    const writes = createWrites({ unitOfWork, policy, choices, rules: catalogue.rules, seals, listeners, guards });
    const { related: kept, pages } = definitions;
    const sources = { definitions: unitOfWork.rows, kept, pages, accessEntries: accessLog.rows, choices };
    const offered = collectionsOf(sources, extensions.collections);
    const parts = {
      localOnly: config.localOnly,
      version,
      collections: offered,
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
        collections: offered,
        extensionRoutes: opened.routes,
        localRoutes: opened.localRoutes,
        dialects: extensions.dialects,
        authenticators: opened.authenticators,
        providers: catalogue.providers,
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
