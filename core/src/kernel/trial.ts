import { join } from 'node:path';
import { satisfies, validRange } from 'semver';
import { coreError, LatchkeyError, safeCause, type CoreErrorCode } from '../errors';
import { silentLogger, withFields } from '../logger';
import { configShape, parseManifest, type PluginFacts } from '../manifest';
import { validateParameters } from '../parameters';
import { isPlugin, pluginConfig, pluginLogger, type Plugin, type PluginContext } from '../plugin';
import { createPluginContainer } from './container';
import { entryFile, factsOf, isUnchanged, readJson, readSource, type PluginSource } from './discovery';
import type { KernelSettings } from './options';
import type { Entry, Registry } from './registry';
import type { ReportLine } from './report';
import { late, within } from './time-limit';

/** One plugin on its way through the lifecycle; after a step that fails, later steps do nothing. */
export class Trial {
  facts: PluginFacts;
  requires: readonly string[] = [];
  failure: LatchkeyError | undefined;
  plugin: Plugin | undefined;
  logger = silentLogger;
  readonly entries: Entry[] = [];
  #code = { folder: '', entry: '' };
  #config: Readonly<Record<string, unknown>> = {};
  #milliseconds = 0;

  constructor(
    readonly source: PluginSource,
    readonly settings: KernelSettings,
    readonly registry: Registry,
  ) {
    const name = typeof source === 'string' ? source : 'plugin' in source ? source.id : source.folder;
    this.facts = { id: name, package: name, version: '' };
  }

  get id(): string {
    return this.facts.id;
  }

  get line(): ReportLine {
    const fault = this.failure && { reason: this.failure.message, code: this.failure.code };
    return { ...this.facts, status: fault ? 'failed' : 'loaded', ...fault, milliseconds: this.#milliseconds };
  }

  /** Runs a step, timed. What strangers throw in it becomes the error `code`, and what was contributed is withdrawn. */
  async step(code: CoreErrorCode, work: () => unknown): Promise<void> {
    if (this.failure) return;
    const before = performance.now();
    try {
      await work();
    } catch (error) {
      const cause = safeCause(error);
      const known = error instanceof LatchkeyError ? error : undefined;
      this.failure = known ?? coreError(code, { ...this.facts, cause: cause.message }, { cause });
      this.registry.remove(this.entries);
    }
    this.#milliseconds += performance.now() - before;
  }

  /** Reads files only: range and configuration are found good before any code of the package runs. */
  read(): this {
    const { root, version, config, logger } = this.settings;
    const found = readSource(this.source, root);
    if (!found) throw coreError('plugin-manifest', { package: this.id, fault: 'no package.json can be read.' });
    const { folder, json, plugin } = found;
    this.facts = factsOf(json, folder);
    const manifest = parseManifest(json, this.facts.package);
    const { id, core: range, package: owner, requires, config: declared } = manifest;
    if (validRange(range) === null)
      throw coreError('plugin-manifest', { package: owner, fault: 'core is not a version range.' });
    if (!satisfies(version, range)) throw coreError('plugin-core-range', { package: owner, range, version });
    const schema = typeof declared === 'string' ? readJson(join(folder, declared)) : declared;
    const shape = declared === undefined ? {} : configShape(owner, schema);
    const { values, faults } = validateParameters(shape, config[id] ?? {});
    if (faults[0]) throw coreError('plugin-config', { id, fault: faults.map(({ message }) => message).join(' ') });
    this.requires = requires;
    this.logger = withFields(logger, { plugin: id });
    this.plugin = plugin;
    this.#config = Object.freeze(values);
    if (!plugin) this.#code = { folder, entry: entryFile(folder, json, manifest) };
    return this;
  }

  async import(): Promise<void> {
    const { folder, entry } = this.#code;
    if (!this.plugin && !isUnchanged(entry, folder)) throw coreError('plugin-changed', { id: this.id });
    let found: unknown = this.plugin ?? (await this.settings.importModule(entry));
    // A CommonJS package that is imported as a module has its own `default` one deeper.
    for (let deep = 0; deep < 2 && !isPlugin(found); deep += 1) found = Object(found).default;
    if (!isPlugin(found)) throw coreError('plugin-default-export', { ...this.facts });
    this.plugin = found;
  }

  /** Collects the contributions, which stay invisible until the start. */
  register(): void {
    const { id, facts, logger, registry } = this;
    const { boundary } = this.settings;
    const config = this.#config;
    const { make, provide } = createPluginContainer();
    provide(pluginConfig, { useValue: config });
    provide(pluginLogger, { useValue: logger });
    const staged: (() => Entry)[] = [];
    const contribute: PluginContext['contribute'] = (point, given) =>
      void staged.push(() => registry.add(point, make(given), facts));
    const answer: unknown = this.plugin?.register({ id, config, logger, boundary, contribute, provide });
    Object.freeze(staged);
    if (answer instanceof Promise) {
      answer.catch(() => logger.error('register failed after it returned'));
      throw coreError('plugin-register', { id, cause: 'it returned a promise' });
    }
    for (const add of staged) this.entries.push(add());
  }

  async start(): Promise<void> {
    const { plugin, logger, id } = this;
    const limit = this.settings.limits.start;
    const outcome = await within(limit, (signal) => plugin?.start?.({ logger, signal }));
    if (outcome === late) throw coreError('plugin-start-timeout', { id, limit });
    if (outcome) throw coreError('plugin-start', { id, cause: outcome.message }, { cause: outcome });
    for (const entry of this.entries) entry.live = true;
  }
}
