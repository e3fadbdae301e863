import { setMaxListeners } from 'node:events';
import { coreError } from '../errors';
import type { ExtensionPoint } from '../extension-point';
import type { PluginFacts } from '../manifest';

/** A contribution of a running plugin. */
export type Contribution<T> = Pick<Entry<T>, 'value' | 'plugin'>;

/** A contribution in the registry, with its readers in flight. */
export class Entry<T = unknown> {
  readonly abort = new AbortController();
  live = false;
  readers = 0;
  idle = (): void => {};

  constructor(
    readonly point: string,
    readonly key: string,
    readonly value: T,
    readonly plugin: PluginFacts,
  ) {
    // Every reader in flight may listen, and more than ten are no leak.
    setMaxListeners(Infinity, this.abort.signal);
  }

  /** Resolves when no reader is left. */
  readonly drained = (): Promise<void> =>
    new Promise((resolve) => (this.readers === 0 ? resolve() : (this.idle = resolve)));
}

/** A contribution in use; its plugin is not stopped before `release`, unless an unload passes its limit. */
export class Lease<T> {
  #entry: Entry<T> | undefined;

  constructor(
    entry: Entry<T>,
    readonly value = entry.value,
    /** Aborts when an unload passes its limit; one signal for all leases of the contribution. */
    readonly signal: AbortSignal = entry.abort.signal,
  ) {
    this.#entry = entry;
    entry.readers += 1;
  }

  release(): void {
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry && (entry.readers -= 1) === 0) entry.idle();
  }
}

/** The contributions by extension point and key. */
export class Registry {
  readonly #points = new Map<string, Map<string, Entry>>();

  /** Adds a contribution, not yet live; throws `plugin-contribution` for a fault or a key that is taken. */
  add<T>(point: ExtensionPoint<T>, value: T, plugin: PluginFacts): Entry {
    const entries = this.#points.get(point.id) ?? new Map<string, Entry>();
    const key = point.fault?.(value) ? '' : (point.key?.(value) ?? `${plugin.id} ${entries.size}`);
    const other = entries.get(key)?.plugin;
    const fault = point.fault?.(value) ?? (other && `"${key}" is taken by "${other.id}" (${other.package}).`);
    if (fault) throw coreError('plugin-contribution', { id: plugin.id, point: point.id, fault });
    const entry = new Entry<unknown>(point.id, key, value, plugin);
    this.#points.set(point.id, entries.set(key, entry));
    return entry;
  }

  remove(entries: readonly Entry[]): void {
    for (const { point, key } of entries) this.#points.get(point)?.delete(key);
  }

  list<T>({ id }: ExtensionPoint<T>): readonly Contribution<T>[] {
    return [...((this.#points.get(id)?.values() ?? []) as Iterable<Entry<T>>)].filter(({ live }) => live);
  }

  lease<T>({ id }: ExtensionPoint<T>, key: string): Lease<T> | undefined {
    const entry = this.#points.get(id)?.get(key) as Entry<T> | undefined;
    return entry?.live ? new Lease(entry) : undefined;
  }
}
