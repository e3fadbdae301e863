import type { Logger } from '@latchkey/core';
import { safeCause } from '@latchkey/core/kernel';
import type { Collection } from '../collections/collection';
import type { TypeDescriptor } from '../domain/descriptor';
import { hostTypes, type Types } from '../domain/types';
import type { ChangeListener } from '../domain/changes';
import type { PluginMigration } from '../domain/plugin-migration';
import { hostError } from '../errors';
import { nautobot, type ApiDialect } from '../http/dialects';
import type { Route } from '../http/route';
import type { Guards } from '../writes/guards';
import type { Authenticator, HostAccess, HostExtension } from './contract';
import { runJobs } from './jobs';

/** What all extensions add, read before the database is opened. */
export interface Extensions {
  readonly types: Types;
  readonly migrations: readonly PluginMigration[];
  readonly collections: readonly Collection[];
  readonly guards: readonly Guards[];
  readonly listeners: readonly ChangeListener[];
  readonly dialects: ReadonlyMap<string, ApiDialect>;
  /** Opens them in their order, each with its own access; all of them or none. */
  open(accessOf: (extension: HostExtension) => HostAccess): Promise<OpenExtensions>;
}

/** What stands on an open host. */
export interface OpenExtensions {
  readonly routes: readonly Route[];
  readonly localRoutes: readonly Route[];
  readonly authenticators: readonly Authenticator[];
  /** Starts the jobs. */
  start(logger: Logger): void;
  /** Ends the jobs and closes the extensions, the last opened first. */
  close(): Promise<void>;
}

/** Joins what extensions add; a name, table or address that is taken is refused with the name of who wanted it. */
export function joinExtensions(
  extensions: readonly HostExtension[],
  hostCollections: readonly Collection[],
): Extensions {
  const collections: Collection[] = [];
  const addresses = new Set(hostCollections.map(({ address }) => address));
  let types = hostTypes;
  for (const { name, types: own = [], collections: offered = [], dialect } of extensions) {
    types = extended(name, types, own);
    for (const collection of offered) {
      if (addresses.has(collection.address)) throw refused(name, `the address ${collection.address} is taken.`);
      if (types.targets.get(collection.type.name) !== collection.type)
        throw refused(name, `it offers ${collection.address}, whose type is not one that it brings, or is internal.`);
      addresses.add(collection.address);
      collections.push(collection);
    }
    if (dialect?.name === nautobot.name) throw refused(name, `the dialect ${nautobot.name} is the host's own.`);
  }
  return {
    types,
    collections,
    migrations: extensions.flatMap(({ migrations = [] }) => migrations),
    guards: extensions.flatMap(({ guards }) => (guards ? [guards] : [])),
    listeners: extensions.flatMap(({ onChange }) => onChange ?? []),
    dialects: new Map(extensions.flatMap(({ dialect }) => (dialect ? [[dialect.name, dialect] as const] : []))),
    open: (accessOf) => openAll(extensions, accessOf),
  };
}

const wordOf = ({ name }: TypeDescriptor): string => name.split('.')[0] ?? '';
const hostWords: ReadonlySet<string> = new Set([...hostTypes.definitions, ...hostTypes.targets.values()].map(wordOf));

function extended(name: string, types: Types, own: readonly TypeDescriptor[]): Types {
  const odd = own.find((type) => hostWords.has(wordOf(type)));
  if (odd) throw refused(name, `the name ${odd.name} begins with a word of the host's own.`);
  try {
    return types.with(own);
  } catch (error) {
    throw refused(name, error instanceof TypeError ? error.message : safeCause(error).message);
  }
}

const refused = (name: string, fault: string) => hostError('extension', { name, fault });

async function openAll(
  extensions: readonly HostExtension[],
  accessOf: (extension: HostExtension) => HostAccess,
): Promise<OpenExtensions> {
  const opened: NonNullable<Awaited<ReturnType<NonNullable<HostExtension['open']>>>>[] = [];
  let jobs: ReturnType<typeof runJobs> | undefined;
  const close = async (): Promise<void> => {
    await jobs?.close();
    for (const one of opened.toReversed()) await one.close?.();
  };
  try {
    for (const extension of extensions) {
      const one = await extension.open?.(accessOf(extension));
      if (one) opened.push(one);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    routes: opened.flatMap(({ routes = [] }) => routes),
    localRoutes: opened.flatMap(({ localRoutes = [] }) => localRoutes),
    authenticators: opened.flatMap(({ authenticate }) => authenticate ?? []),
    start: (logger) => {
      jobs ??= runJobs(
        opened.flatMap(({ jobs: own = [] }) => own),
        logger,
      );
    },
    close,
  };
}
