import type { Logger } from '@latchkey/core';
import { createResolver, type Kernel } from '@latchkey/core/kernel';
import type { Closers } from './closers';
import { collectionsOf } from './collections/collections';
import type { HostConfig } from './config';
import { hashPassword } from './credentials/password';
import type { TokenKey } from './credentials/token-key';
import type { Extensions } from './extension/extensions';
import { createChangeLog } from './observability/change-log';
import type { Stores } from './open-stores';
import { createObjectPolicy } from './permissions/object-policy';
import { providerCatalogue } from './provider-catalogue';
import { createResolution } from './resolution/create-resolution';
import { createDefinitions } from './resolution/definitions';
import { createLastUsed } from './resolution/last-used';
import { createGrantsOf, createPrincipals } from './resolution/principals';
import { shareFetches } from './resolution/single-flight';
import { checkStores } from './store-faults';
import { createWrites } from './writes/create-writes';

interface ServicesOptions {
  readonly config: HostConfig;
  readonly logger: Logger;
  /** With its plugins started. */
  readonly kernel: Kernel;
  readonly extensions: Extensions;
  readonly stores: Pick<Stores, 'unitOfWork' | 'accessLog'>;
  readonly tokenKey: TokenKey;
  readonly closers: Closers;
}

/** What stands on the stores and the plugins: who acts, who may do what, reads, writes, and what REST offers. */
export type Services = Awaited<ReturnType<typeof openServices>>;

/** Opens what stands on the stores and the plugins; the definitions are current when it is done. */
export async function openServices(options: ServicesOptions) {
  const { config, logger, kernel, extensions, stores, tokenKey, closers } = options;
  const { unitOfWork, accessLog } = stores;
  checkStores(config.stores, kernel);
  const fetches = shareFetches(kernel);
  const resolver = createResolver({ kernel: fetches, stores: config.stores, timeout: config.fetchTimeout, logger });
  closers.opened(resolver, (it) => it.close());

  const definitions = createDefinitions(unitOfWork);
  await definitions.refresh();
  // Requests and reads ask by themselves; this is for what a library holds on to between them.
  const watching = unitOfWork.watch?.(() => void definitions.refresh().catch(() => undefined));
  closers.opened(watching, async (it) => it?.stop());
  const lastUsed = closers.opened(createLastUsed(unitOfWork), (it) => it.close());
  const principals = createPrincipals({ definitions, rows: unitOfWork.rows, tokenKey, lastUsed });
  const policy = createObjectPolicy(createGrantsOf(extensions.types));
  const resolution = createResolution({ definitions, policy, resolver, accessLog });

  const catalogue = providerCatalogue(kernel, resolver);
  const { choices } = config;
  const listeners = [createChangeLog(), ...extensions.listeners];
  const seals = { password: hashPassword, token: tokenKey.hash };
  const { rules } = catalogue;
  const writes = createWrites({ unitOfWork, policy, choices, rules, seals, listeners, guards: extensions.guards });
  const { related: kept, pages } = definitions;
  const sources = { definitions: unitOfWork.rows, kept, pages, accessEntries: accessLog.rows, choices };
  const collections = collectionsOf(sources, extensions.collections);
  const { providers } = catalogue;
  return { definitions, principals, policy, resolution, writes, collections, providers, listeners, fetches };
}
