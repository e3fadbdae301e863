import { coreError, type LatchkeyError } from '../errors';
import type { ExtensionPoint } from '../extension-point';
import { discover, type PluginSource } from './discovery';
import { orderByRequires } from './graph';
import { withDefaults, type KernelOptions, type KernelSettings } from './options';
import { Registry, type Contribution, type Lease } from './registry';
import { StartupReport, type ReportLine } from './report';
import { late, within } from './time-limit';
import { Trial } from './trial';

export type { KernelOptions } from './options';

/** What a start throws when a failure is not allowed. */
export type KernelStartError = LatchkeyError & { readonly report: StartupReport };

const grace = 1000;

/** Runs plugins and hands out what they contribute. */
export class Kernel {
  readonly #settings: KernelSettings;
  readonly #registry = new Registry();
  readonly #running = new Map<string, Trial>();
  readonly #listeners = new Map<string, ((value: never) => Promise<void> | void)[]>();
  #lines: readonly ReportLine[] = [];
  #started: Promise<StartupReport> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: KernelOptions) {
    this.#settings = withDefaults(options);
  }

  /** What became of every plugin, kept up to date by `load` and `unload`. */
  get report(): StartupReport {
    return new StartupReport(this.#lines);
  }

  /** Starts every plugin; for a failure that is not allowed, stops them again and throws `kernel-start`. */
  start(): Promise<StartupReport> {
    return (this.#started ??= this.#inTurn(async () => {
      const { plugins, allowFailure } = this.#settings;
      const lines = await this.#bring(plugins);
      this.#lines = [...lines, ...this.#unclaimed(lines)];
      const { report } = this;
      const allowed = (line: ReportLine) => allowFailure.includes(line.id) || allowFailure.includes(line.package);
      const count = report.lines.filter((line) => line.status === 'failed' && !allowed(line)).length;
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

  /** The configuration that no plugin claims, and the packages that nobody named. */
  #unclaimed(lines: readonly ReportLine[]): ReportLine[] {
    const { config, root } = this.#settings;
    // A manifest that is refused leaves its id, and so its configuration, unknown.
    const claimed = (id: string) => lines.some((line) => line.id === id || line.code === 'plugin-manifest');
    const failed = Object.keys(config).flatMap((id): ReportLine | [] => {
      if (claimed(id)) return [];
      const { code, message: reason } = coreError('plugin-config', { id, fault: 'there is no such plugin.' });
      return { id, package: id, version: '', status: 'failed', reason, code, milliseconds: 0 };
    });
    const found = this.#settings.discover ? discover(root) : [];
    const unnamed = found.filter((facts) => !lines.some((line) => line.package === facts.package));
    const skipped = { status: 'skipped', reason: 'found, not approved', milliseconds: 0 } as const;
    return [...failed, ...unnamed.map((facts) => ({ ...facts, ...skipped }))];
  }

  /** Takes plugins through the lifecycle, side by side: all are read, then all registered, then all started. */
  async #bring(sources: readonly PluginSource[]): Promise<ReportLine[]> {
    const trials = sources.map((source) => new Trial(source, this.#settings, this.#registry));
    const claimed = new Map(this.#running);
    const claim = (trial: Trial) => {
      const other = claimed.get(trial.id)?.facts.package;
      if (other !== undefined) throw coreError('plugin-duplicate', { ...trial.facts, other });
      claimed.set(trial.id, trial);
    };
    // Gives the trial back, unless what it requires is not to be had.
    const ready = (trial: Trial, circle?: string): Trial => {
      if (circle) throw coreError('plugin-circle', { circle });
      for (const id of trial.requires) {
        const found = claimed.get(id) ?? trials.find((other) => other.id === id);
        const why = found ? found.failure && 'failed' : 'is not there';
        if (why) throw coreError('plugin-requires', { package: trial.facts.package, id, why });
      }
      return trial;
    };
    for (const trial of trials) await trial.step('plugin-manifest', () => claim(trial.read()));
    const ordered = orderByRequires(trials.filter(({ failure }) => !failure));
    for (const [trial, circle] of ordered) {
      await trial.step('plugin-import', () => ready(trial, circle).import());
      await trial.step('plugin-register', () => trial.register());
    }
    for (const trial of ordered.keys()) {
      await trial.step('plugin-start', () => ready(trial).start());
      if (!trial.failure) this.#running.set(trial.id, trial);
    }
    return trials.map(({ line }) => line);
  }

  async #retire(going?: ReadonlySet<string>, limit = this.#settings.limits.stop): Promise<void> {
    for (const { id, entries, plugin, logger } of [...this.#running.values()].toReversed()) {
      if (going && !going.has(id)) continue;
      const quietly = async (step: string, work: (signal: AbortSignal) => unknown) => {
        const outcome = await within(this.#settings.limits.stop, work);
        if (outcome) logger.warn('plugin did not end well', { step, cause: outcome.message });
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
