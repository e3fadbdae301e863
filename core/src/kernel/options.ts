import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLogger, type Logger } from '../logger';
import type { HostBoundary } from '../plugin';
import { fromSource, readJson, type PluginSource } from './discovery';

/** What a kernel is made of. */
export interface KernelOptions {
  /** The folder of the composing application, from where packages are looked for; default the current folder. */
  readonly root?: string;
  readonly plugins: readonly PluginSource[];
  /** Also reports the plugins among the dependencies of `root` that are not in `plugins`. */
  readonly discover?: boolean;
  /** By plugin id. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Ids or packages whose failure does not fail the start. */
  readonly allowFailure?: readonly string[];
  /** Milliseconds for the start, and for each step of the stop, of one plugin; 10,000 by default. */
  readonly limits?: { readonly start?: number; readonly stop?: number };
  readonly logger?: Logger;
  readonly boundary?: HostBoundary;
  /** That of core, which manifests are checked against. */
  readonly version?: string;
  readonly importModule?: (file: string) => Promise<unknown>;
}

/** The options of a kernel, all decided. */
export type KernelSettings = Required<KernelOptions> & { readonly limits: Required<KernelOptions['limits'] & object> };

// Compiled, this stays a native import, for both kinds of module; jest's transform makes it the sandbox's require.
const importModule = (file: string): Promise<unknown> => import(fromSource ? file : pathToFileURL(file).href);

const boundary: HostBoundary = { environment: [], paths: [] };
const defaults = { discover: false, config: {}, allowFailure: [], logger: silentLogger, boundary, importModule };

/** Decides what the options leave open. */
export const withDefaults = (options: KernelOptions): KernelSettings => ({
  ...defaults,
  root: process.cwd(),
  version: String(readJson(join(__dirname, '../../package.json'))?.['version']),
  ...options,
  limits: { start: 10_000, stop: 10_000, ...options.limits },
});
