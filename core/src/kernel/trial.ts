import { join } from 'node:path';
import { satisfies, validRange } from 'semver';
import { coreError, LatchkeyError, safeCause, type CoreErrorCode } from '../errors';
import type { ExtensionPoint } from '../extension-point';
import type { Logger } from '../logger';
import { configShape, parseManifest } from '../manifest';
import { validateParameters } from '../parameters';
import type { HostBoundary, Plugin, PluginContext, UseClass } from '../plugin';
import { isPlugin, pluginConfig, pluginLogger } from '../plugin';
import { createPluginContainer } from './container';
import { entryFile, fingerprint, readJson, readSource, type PluginSource } from './discovery';
import type { Entry, PluginFacts, Registry } from './registry';
import type { ReportLine } from './report';
import { late, within } from './time-limit';

type Settings = Readonly<Record<string, unknown>>;
type ImportModule = (file: string) => Promise<unknown>;
const imported = new Map<string, string>();
const isClass = <T>(value: T | UseClass<T>): value is UseClass<T> =>
  typeof value === 'object' && value !== null && 'useClass' in value;

/** One plugin on its way through the lifecycle; after a step that fails, later steps do nothing. */
export class Trial {
  facts: PluginFacts;
  requires: readonly string[] = [];
  failure: LatchkeyError | undefined;
  plugin: Plugin | undefined;
  readonly entries: Entry[] = [];
  readonly logger: Logger;
  #import: ((importModule: ImportModule) => Promise<unknown>) | undefined;
  #config: Settings = {};
  #milliseconds = 0;

  constructor(
    readonly source: PluginSource,
    logger: Logger,
  ) {
    const name = typeof source === 'string' ? source : 'plugin' in source ? source.id : source.folder;
    this.facts = { id: name, package: name, version: '' };
    type Log = Logger['info'];
    const at =
      (level: keyof Logger): Log =>
      (text, fields) =>
        logger[level](text, { ...fields, plugin: this.id });
    this.logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  get id(): string {
    return this.facts.id;
  }

  get line(): ReportLine {
    const fault = this.failure && { reason: this.failure.message, code: this.failure.code };
    return { ...this.facts, status: fault ? 'failed' : 'loaded', ...fault, milliseconds: this.#milliseconds };
  }

  /** Runs a step, timed; what strangers throw in it becomes the error `code`. */
  async step(code: CoreErrorCode, work: () => unknown): Promise<void> {
    if (this.failure) return;
    const before = performance.now();
    try {
      await work();
    } catch (error) {
      const cause = safeCause(error);
      const known = error instanceof LatchkeyError ? error : undefined;
      this.failure = known ?? coreError(code, { ...this.facts, cause: cause.message }, { cause });
    }
    this.#milliseconds += performance.now() - before;
  }

  /** Reads files only: range and configuration are found good before any code of the package runs. */
  read(root: string, core: string, config: Readonly<Record<string, Settings>>): void {
    const { folder = '', json, plugin } = readSource(this.source, root);
    const { name, version, latchkey } = json as { name?: unknown; version?: unknown; latchkey?: { id?: unknown } };
    this.facts = { id: String(latchkey?.id ?? name), package: String(name ?? folder), version: String(version) };
    const manifest = parseManifest(json, this.facts.package);
    const { id, core: range, package: owner, requires, config: declared } = manifest;
    const fault = validRange(range) === null && 'core is not a version range.';
    if (fault) throw coreError('plugin-manifest', { package: owner, fault });
    if (!satisfies(core, range)) throw coreError('plugin-core-range', { package: owner, range, version: core });
    const schema = typeof declared === 'string' ? readJson(join(folder, declared)) : declared;
    const shape = declared === undefined ? {} : configShape(owner, schema);
    const { values, faults } = validateParameters(shape, config[id] ?? {});
    if (faults[0]) throw coreError('plugin-config', { id, fault: faults.map(({ message }) => message).join(' ') });
    this.requires = requires;
    this.#config = Object.freeze(values);
    const file = plugin ? '' : entryFile(folder, json, manifest);
    this.#import = async (importModule) => {
      if (plugin) return plugin;
      const digest = fingerprint(folder);
      if ((imported.get(file) ?? digest) !== digest) throw coreError('plugin-changed', { id });
      imported.set(file, digest);
      return importModule(file);
    };
  }

  async import(importModule: ImportModule): Promise<void> {
    let found = await this.#import?.(importModule);
    // A CommonJS package that is imported as a module has its own `default` one deeper.
    for (let deep = 0; deep < 2 && !isPlugin(found); deep += 1) found = Object(found).default;
    if (!isPlugin(found)) throw coreError('plugin-default-export', { ...this.facts });
    this.plugin = found;
  }

  /** Collects the contributions, which stay invisible until the start. */
  register(registry: Registry, boundary: HostBoundary): void {
    const { id, logger, plugin } = this;
    const config = this.#config;
    const { build, provideClass, provideValue } = createPluginContainer();
    provideValue(pluginConfig, config);
    provideValue(pluginLogger, logger);
    const staged: (() => void)[] = [];
    const contribute = <T>(point: ExtensionPoint<T>, given: T | UseClass<T>) =>
      void staged.push(() => {
        const value = isClass(given) ? build(given) : given;
        this.entries.push(registry.add(point, value, this.facts));
      });
    const provide: PluginContext['provide'] = (token, given) =>
      'useClass' in given ? provideClass(token, given) : provideValue(token, given.useValue);
    const answer: unknown = plugin?.register({ id, config, logger, boundary, contribute, provide });
    Object.freeze(staged);
    if (answer instanceof Promise) {
      answer.catch(() => logger.error('register failed after it returned'));
      throw coreError('plugin-register', { id, cause: 'it returned a promise' });
    }
    for (const add of staged) add();
  }

  async start(limit: number): Promise<void> {
    const { plugin, logger, id } = this;
    const outcome = await within(limit, (signal) => plugin?.start?.({ logger, signal }));
    if (outcome === late) throw coreError('plugin-start-timeout', { id, limit });
    if (outcome) throw coreError('plugin-start', { id, cause: outcome.message }, { cause: outcome });
    for (const entry of this.entries) entry.live = true;
  }
}
