import { extensionPoint, type ExtensionPoint, type Logger } from '@latchkey/core';
import type { Collection, OpenCollection } from '../collections/collection';
import type { Principal } from '../domain/access';
import type { ToldRead } from '../domain/audit';
import type { ChangeListener } from '../domain/changes';
import type { TypeDescriptor } from '../domain/descriptor';
import type { PluginMigration } from '../domain/plugin-migration';
import type { Rows, Transaction } from '../domain/ports';
import type { Route } from '../http/route';
import type { ApiDialect } from '../http/dialects';
import type { ExplainingPolicy } from '../permissions/related';
import type { Acting } from '../resolution/principals';
import type { Writes } from '../writes/create-writes';
import type { Guards } from '../writes/guards';
import type { Job } from './jobs';

/**
 * What a plugin adds to the host. All but `open` is data, read before the database is opened: types with their tables,
 * collections on them, what is told of changes. Extensions come at a start and stay until the stop.
 */
export interface HostExtension {
  /** Kebab-case; no other extension has it. */
  readonly name: string;
  /** Types with a table each, referenced ones first. Their names begin with the plugin's own word: `acme.thing`. */
  readonly types?: readonly TypeDescriptor[];
  /** The SQL that makes, and later changes, the tables of the types. */
  readonly migrations?: readonly PluginMigration[];
  /** What REST, filters, OpenAPI, CSV and GraphQL offer of the types; made by `defineCollection`. */
  readonly collections?: readonly Collection[];
  /** Rules on rows of any type, the host's own too, asked in the transaction of the change. */
  readonly guards?: Guards;
  /** Told of every change of any type in its transaction: the place to fill an outbox. What it throws undoes the change. */
  readonly onChange?: ChangeListener;
  /** Another product's way to speak on addresses that are shared with the host. */
  readonly dialect?: ApiDialect;
  /** Called once the database is up to date, with all that an extension may use; gives what stands on it. */
  open?(host: HostAccess): OpenExtension | Promise<OpenExtension>;
}

/** What an extension has once the host is open. */
export interface OpenExtension {
  /** Addresses, as data; handlers receive nothing unchecked. */
  readonly routes?: readonly Route[];
  /** Addresses on the socket that only the owner of the data folder reaches: for its commands. */
  readonly localRoutes?: readonly Route[];
  /** Recognises who sends a request, before tokens are tried. */
  readonly authenticate?: Authenticator;
  /** Work that goes on beside requests, from the start to the stop. */
  readonly jobs?: readonly Job[];
  /** Undoes what `open` did; no request, and no job, runs any more. */
  close?(): Promise<void>;
}

/** Finds the user of credentials of a plugin's own kind; undefined where they are not of that kind. */
export type Authenticator = (credentials: {
  readonly scheme: string;
  readonly key: string;
  readonly address: string;
}) => Promise<{ readonly user: string; readonly mayWrite: boolean } | undefined>;

/**
 * Rows as one version of the definitions has them: rows and small pages that are asked for again come from memory. Nothing
 * of it is a copy of one's own: it is frozen.
 */
export interface KeptRows extends Rows {
  /** The version, by which is told whether something has changed meanwhile. */
  readonly version: number;
  /** What is made of rows alone, made again when a definition has changed; a maker's key tells all that the result hangs on. */
  remember<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/** What the host lets its extensions use. None of it is the database: SQL of their own is in their migrations alone. */
export interface HostAccess {
  readonly logger: Logger;
  /** Whether it is reached from its own machine alone: it listens on loopback, and no proxy speaks for others. */
  readonly localOnly: boolean;
  /** The version of Latchkey. */
  readonly version: string;
  /** Every collection, those of extensions too. */
  readonly collections: readonly OpenCollection[];
  /** Reads rows of any type past permissions: what leaves must be asked of `policy`. */
  readonly rows: Rows;
  /** The same rows from memory, as they were when the latest request began, or since; for answers, not for changes. */
  readonly kept: KeptRows;
  /** Who may do what: `scope` for lists, `decide` for one row; `judge` asks with the related rows that it looks through. */
  readonly policy: ExplainingPolicy;
  /** Changes rows as a principal may: permit, validate, save, permit again, tell, in one transaction. */
  readonly writes: Writes;
  /** Runs work on an extension's own internal types in one transaction, which holds the write lock from its start. */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  readonly principals: {
    /** A named, active user. */
    user(name: string): Acting;
    /** The host itself, which may do everything; recorded as `system`. */
    readonly system: Acting;
  };
  /** Who acts by a token that was given as a value, or undefined. */
  principalOf(token: string, address?: string): Promise<Principal | undefined>;
  /** Records a read; settles when it is on disk, with the version of the definitions read after that. */
  record(read: ToldRead): Promise<number>;
  /** The version of the definitions: it moves when anyone, in any process, has changed one. */
  definitionsVersion(): Promise<number>;
  /** A key of the extension's own, 32 bytes, made of the installation's key file; the same at every start. */
  deriveKey(purpose: string): Buffer;
}

/** The slot that plugins with tables, routes or jobs fill. */
export const hostExtensions: ExtensionPoint<HostExtension> = extensionPoint<HostExtension>({
  id: 'host-extension',
  key: ({ name }) => name,
  fault: ({ name }) => (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) ? undefined : 'its name must be kebab-case'),
});
