import { Counter, Gauge, type Metric, type Registry } from 'prom-client';

/** What is asked when the figures are. */
export interface MetricsSources {
  readonly version: string;
  /** Lookups of definitions so far: from memory, and from the database. */
  readonly lookups: () => { readonly hits: number; readonly misses: number };
  /** Fetches so far: by a provider, and those that took part in one. */
  readonly fetches: () => { readonly fetches: number; readonly joined: number };
  readonly plugins: () => readonly { readonly id: string; readonly status: string }[];
  readonly ready: () => Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, boolean>> }>;
}

/** Tells the state of the host at the moment that it is asked. */
export function tellState(registry: Registry, sources: MetricsSources): void {
  const registers: [] = [];
  const figures = [
    new Gauge({
      name: 'latchkey_build_info',
      help: 'The version, as a label; always 1.',
      labelNames: ['version', 'node'],
      registers,
      collect() {
        this.set({ version: sources.version, node: process.version }, 1);
      },
    }),
    new Counter({
      name: 'latchkey_definition_lookups_total',
      help: 'Lookups of definitions, from memory or from the database.',
      labelNames: ['from'],
      registers,
      collect() {
        const { hits, misses } = sources.lookups();
        this.reset();
        this.inc({ from: 'memory' }, hits);
        this.inc({ from: 'database' }, misses);
      },
    }),
    new Counter({
      name: 'latchkey_fetches_total',
      help: 'Fetches that reads asked for: made by a provider, or shared with one that was under way.',
      labelNames: ['way'],
      registers,
      collect() {
        const { fetches, joined } = sources.fetches();
        this.reset();
        this.inc({ way: 'made' }, fetches);
        this.inc({ way: 'shared' }, joined);
      },
    }),
    new Gauge({
      name: 'latchkey_plugin_state',
      help: 'What became of each plugin; 1 for its status.',
      labelNames: ['plugin', 'status'],
      registers,
      collect() {
        this.reset();
        for (const { id, status } of sources.plugins()) this.set({ plugin: id, status }, 1);
      },
    }),
    new Gauge({
      name: 'latchkey_ready',
      help: 'Whether the host can serve: 1 for yes.',
      registers,
      async collect() {
        this.set(Number((await sources.ready()).ready));
      },
    }),
    new Gauge({
      name: 'latchkey_check',
      help: 'The parts that a ready host needs: 1 for those that work.',
      labelNames: ['check'],
      registers,
      async collect() {
        this.reset();
        for (const [check, works] of Object.entries((await sources.ready()).checks)) this.set({ check }, Number(works));
      },
    }),
  ];
  for (const figure of figures) registry.registerMetric(figure as Metric);
}
