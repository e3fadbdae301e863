import type { ExtensionPoint } from './extension-point';
import type { Logger } from './logger';

/** A class that the plugin's own container builds, with its constructor's dependencies injected. */
export interface UseClass<T> {
  readonly useClass: new (...dependencies: never[]) => T;
}

/** What plugins may never hand out, whatever the operator allows: the host's own settings and files. */
export interface HostBoundary {
  /** Names of environment variables; a trailing `*` stands for any rest. */
  readonly environment: readonly string[];
  /** Absolute paths of files and folders. */
  readonly paths: readonly string[];
}

/** What `register` receives. It collects; nothing here does I/O. */
export interface PluginContext {
  readonly id: string;
  /** The plugin's configuration, validated against its manifest. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  readonly boundary: HostBoundary;
  /** Adds to an extension point: a value, or a class for the plugin's container to build. */
  contribute<T>(point: ExtensionPoint<T>, contribution: T | UseClass<T>): void;
  /** Makes a value or a class available to the constructors of this plugin, under a token. */
  provide<T>(token: string | symbol, dependency: { readonly useValue: T } | UseClass<T>): void;
}

/** What `start` and `stop` receive; the signal aborts at the time limit. */
export interface LifecycleContext {
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A plugin: `register` collects contributions, `start` may do I/O, `stop` undoes it. */
export interface Plugin {
  register(context: PluginContext): void;
  start?(context: LifecycleContext): Promise<void> | void;
  stop?(context: LifecycleContext): Promise<void> | void;
}

const brand = Symbol.for('latchkey.plugin');

/** Makes the plugin that an entry module exports as its default. */
export function definePlugin(plugin: Plugin): Plugin {
  return Object.freeze({ ...plugin, [brand]: true });
}

/** True for a plugin made by this or another copy of core. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && brand in value;
}

/** Token of the plugin's own configuration, for constructor injection. */
export const pluginConfig = Symbol.for('latchkey.plugin-config');

/** Token of the plugin's own logger, for constructor injection. */
export const pluginLogger = Symbol.for('latchkey.plugin-logger');
