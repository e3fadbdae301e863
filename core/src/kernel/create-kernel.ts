import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { coreError, type LatchkeyError } from '../errors';
import type { ExtensionPoint } from '../extension-point';
import { silentLogger, type Logger } from '../logger';
import type { HostBoundary } from '../plugin';
import { discover, fromSource, readJson, type PluginSource } from './discovery';
import { orderByRequires } from './graph';
import { Registry, type Contribution, type Lease } from './registry';
import { StartupReport, type ReportLine } from './report';
import { late, within } from './time-limit';
import { Trial } from './trial';

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

/** What a start throws when a failure is not allowed. */
export type KernelStartError = LatchkeyError & { readonly report: StartupReport };

// Compiled, this stays a native import, for both kinds of module; jest's transform makes it the sandbox's require.
const importFile = (file: string): Promise<unknown> => import(fromSource ? file : pathToFileURL(file).href);
const grace = 1000;

/** Runs plugins and hands out what they contribute. */
export class Kernel {
  readonly #options: KernelOptions;
  readonly #registry = new Registry();
  readonly #running = new Map<string, Trial>();
  readonly #listeners = new Map<string, ((value: never) => Promise<void> | void)[]>();
  readonly #limits: { readonly start: number; readonly stop: number };
  #lines: readonly ReportLine[] = [];
  #started: Promise<StartupReport> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#limits = { start: 10_000, stop: 10_000, ...options.limits };
  }

  /** What became of every plugin, kept up to date by `load` and `unload`. */
  get report(): StartupReport {
    return new StartupReport(this.#lines);
  }

  /** Starts every plugin; for a failure that is not allowed, stops them again and throws `kernel-start`. */
  start(): Promise<StartupReport> {
    return (this.#started ??= this.#inTurn(async () => {
      const { plugins, config = {}, allowFailure = [], root = process.cwd() } = this.#options;
      const lines = await this.#bring(plugins);
      for (const id of Object.keys(config)) {
        const failure = coreError('plugin-config', { id, fault: 'there is no such plugin.' });
        // A manifest that is refused leaves its id, and so its configuration, unknown.
        const known = lines.some((line) => line.id === id || line.code === 'plugin-manifest');
        if (!known) lines.push(Object.assign(new Trial(id, silentLogger), { failure }).line);
      }
      for (const facts of this.#options.discover ? discover(root) : [])
        if (!lines.some((line) => line.package === facts.package))
          lines.push({ ...facts, status: 'skipped', reason: 'found, not approved', milliseconds: 0 });
      this.#lines = lines;
      const fatal = ({ status, id, package: owner }: ReportLine) =>
        status === 'failed' && !allowFailure.includes(id) && !allowFailure.includes(owner);
      const { report } = this;
      const count = lines.filter(fatal).length;
      if (count === 0) return report;
      await this.#retire();
      throw Object.assign(coreError('kernel-start', { count, report }), { report });
    }));
  }

  /** Stops every plugin, the last started first, one at a time. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#retire());
  }

  /** Loads one more plugin while the others run; its line says how that went. */
  load(source: PluginSource): Promise<ReportLine> {
    return this.#inTurn(async () => {
      const [line] = (await this.#bring([source])) as [ReportLine];
      this.#lines = [...this.#lines.filter(({ id, status }) => id !== line.id || status === 'loaded'), line];
      return line;
    });
  }

  /** Takes out a plugin, after those that require it: no new leases, those held end or are aborted, then it stops. */
  unload(id: string, options: { readonly limit?: number } = {}): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#running.has(id)) throw coreError('plugin-not-loaded', { id });
      const going = new Set([id]);
      for (const trial of this.#running.values())
        if (trial.requires.some((required) => going.has(required))) going.add(trial.id);
      this.#lines = this.#lines.filter((line) => line.status !== 'loaded' || !going.has(line.id));
      await this.#retire(going, options.limit);
    });
  }

  /** What the running plugins contribute to a point. */
  contributions<T>(point: ExtensionPoint<T>): readonly Contribution<T>[] {
    return this.#registry.list(point);
  }

  /** A contribution to use, to be released after; undefined when no running plugin has it. */
  lease<T>(point: ExtensionPoint<T>, key: string): Lease<T> | undefined {
    return this.#registry.lease(point, key);
  }

  /** Calls the listener for each contribution that is withdrawn, after its last lease and before its plugin stops. */
  onWithdraw<T>(point: ExtensionPoint<T>, listener: (value: T) => Promise<void> | void): void {
    this.#listeners.set(point.id, [...(this.#listeners.get(point.id) ?? []), listener]);
  }

  /** One change at a time. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #bring(sources: readonly PluginSource[]): Promise<ReportLine[]> {
    const { root = process.cwd(), config = {}, importModule = importFile, logger = silentLogger } = this.#options;
    const { version = String(readJson(join(__dirname, '../../package.json'))?.['version']) } = this.#options;
    const { boundary = { environment: [], paths: [] } } = this.#options;
    const trials = sources.map((source) => new Trial(source, logger));
    const seen = new Map(this.#running);
    for (const trial of trials) {
      await trial.step('plugin-manifest', () => trial.read(root, version, config));
      const other = seen.get(trial.id);
      await trial.step('plugin-duplicate', () => {
        const taken = other && !other.failure;
        if (taken) throw coreError('plugin-duplicate', { ...trial.facts, other: other.facts.package });
      });
      if (!other || other.failure) seen.set(trial.id, trial);
    }
    const require = (trial: Trial) => {
      for (const id of trial.requires) {
        const why = seen.has(id) ? seen.get(id)?.failure && 'failed' : 'is not there';
        if (why) throw coreError('plugin-requires', { package: trial.facts.package, id, why });
      }
    };
    const ordered = orderByRequires(trials.filter(({ failure }) => !failure));
    for (const [trial, circle] of ordered) {
      await trial.step('plugin-circle', () => {
        if (circle) throw coreError('plugin-circle', { circle });
        require(trial);
      });
      await trial.step('plugin-import', () => trial.import(importModule));
      await trial.step('plugin-register', () => trial.register(this.#registry, boundary));
      if (trial.failure) this.#registry.remove(trial.entries);
    }
    for (const trial of ordered.keys()) {
      await trial.step('plugin-requires', () => require(trial));
      await trial.step('plugin-start', () => trial.start(this.#limits.start));
      if (trial.failure) this.#registry.remove(trial.entries);
      else this.#running.set(trial.id, trial);
    }
    return trials.map(({ line }) => line);
  }

  async #retire(going?: ReadonlySet<string>, limit = this.#limits.stop): Promise<void> {
    for (const { id, entries, plugin, logger } of [...this.#running.values()].toReversed()) {
      if (going && !going.has(id)) continue;
      const quietly = async (step: string, work: (signal: AbortSignal) => unknown) => {
        const outcome = await within(this.#limits.stop, work);
        const cause = outcome === late ? 'late' : outcome?.message;
        if (cause) logger.warn('plugin did not end well', { step, cause });
      };
      const drained = () => Promise.all(entries.map((entry) => entry.drained()));
      for (const entry of entries) entry.live = false;
      if ((await within(limit, drained)) === late) {
        for (const entry of entries) entry.abort.abort(coreError('unavailable'));
        await within(grace, drained);
      }
      for (const { point, value } of entries)
        for (const tell of this.#listeners.get(point) ?? []) await quietly('withdraw', () => tell(value as never));
      await quietly('stop', (signal) => plugin?.stop?.({ logger, signal }));
      this.#registry.remove(entries);
      this.#running.delete(id);
    }
  }
}

/** Makes a kernel; nothing runs before its `start`. */
export function createKernel(options: KernelOptions): Kernel {
  return new Kernel(options);
}
