import { join } from 'node:path';
import { satisfies, validRange } from 'semver';
import { coreError, LatchkeyError, safeCause, type CoreErrorCode } from '../errors';
import type { ExtensionPoint } from '../extension-point';
import type { Logger } from '../logger';
import { configShape, parseManifest } from '../manifest';
import { validateParameters } from '../parameters';
import { isPlugin, pluginConfig, pluginLogger, type HostBoundary, type Plugin, type UseClass } from '../plugin';
import { createPluginContainer } from './container';
import { entryFile, fingerprint, readJson, readSource, type PluginSource } from './discovery';
import type { Entry, PluginFacts, Registry } from './registry';
import type { ReportLine } from './report';
import { late, within } from './time-limit';

type Settings = Readonly<Record<string, unknown>>;
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
  #folder: string | undefined;
  #file = '';
  #config: Settings = {};
  #milliseconds = 0;

  constructor(
    readonly source: PluginSource,
    logger: Logger,
  ) {
    const name = typeof source === 'string' ? source : 'plugin' in source ? source.id : source.folder;
    this.facts = { id: name, package: name, version: '' };
    const at =
      (level: keyof Logger): Logger['info'] =>
      (message, fields) =>
        logger[level](message, { ...fields, plugin: this.id });
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
  read(root: string, version: string, config: Readonly<Record<string, Settings>>): void {
    const { folder, json, plugin } = readSource(this.source, root);
    const manifest = parseManifest(json, this.facts.package);
    const { id, core: range, package: owner, requires } = manifest;
    this.facts = { id, package: owner, version: manifest.version };
    if (validRange(range) === null)
      throw coreError('plugin-manifest', { package: owner, fault: 'core is not a range.' });
    if (!satisfies(version, range)) throw coreError('plugin-core-range', { package: owner, range, version });
    const { config: declared } = manifest;
    const schema = typeof declared === 'string' ? readJson(join(folder ?? '', declared)) : declared;
    const shape = declared === undefined ? {} : configShape(owner, schema);
    const { values, faults } = validateParameters(shape, config[id] ?? {});
    const fault = faults.map(({ parameter, message }) => `${parameter}: ${message}`).join(' ');
    if (fault) throw coreError('plugin-config', { id, fault });
    this.requires = requires;
    this.plugin = plugin;
    this.#config = Object.freeze(values);
    this.#folder = folder;
    if (folder) this.#file = entryFile(folder, json, manifest);
  }

  async import(importModule: (file: string) => Promise<unknown>): Promise<void> {
    if (this.plugin || this.#folder === undefined) return;
    const digest = fingerprint(this.#folder);
    if ((imported.get(this.#file) ?? digest) !== digest) throw coreError('plugin-changed', { id: this.id });
    imported.set(this.#file, digest);
    let found = await importModule(this.#file);
    // A CommonJS package with `exports.default` that is imported as a module has its plugin two defaults deep.
    for (let deep = 0; deep < 2 && !isPlugin(found); deep += 1)
      found = (found as { default?: unknown } | undefined)?.default;
    if (!isPlugin(found)) throw coreError('plugin-default-export', { package: this.facts.package });
    this.plugin = found;
  }

  /** Collects the contributions, which stay invisible until the start. */
  register(registry: Registry, boundary: HostBoundary): void {
    const container = createPluginContainer();
    container.provideValue(pluginConfig, this.#config);
    container.provideValue(pluginLogger, this.logger);
    const staged: (() => void)[] = [];
    const contribute = <T>(point: ExtensionPoint<T>, given: T | UseClass<T>): void =>
      void staged.push(() => {
        const value = isClass(given) ? container.build(given) : given;
        this.entries.push(registry.add(point, value, this.facts));
      });
    this.plugin?.register({
      id: this.id,
      config: this.#config,
      logger: this.logger,
      boundary,
      contribute,
      provide: (token, dependency) =>
        'useClass' in dependency
          ? container.provideClass(token, dependency)
          : container.provideValue(token, dependency.useValue),
    });
    Object.freeze(staged);
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
