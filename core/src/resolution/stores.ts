import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { SecretsProvider } from '../contracts/secrets-provider';
import { ProviderFailure } from '../errors';
import type { Logger } from '../logger';
import { validateParameters } from '../parameters';

/** The settings of the stores: provider slug -> store name -> settings. Only an operator writes these. */
export type StoreSettings = Table<Table<Table<unknown>>>;

// Only what the operator wrote: every object answers to names such as `constructor`.
type Table<T> = Readonly<Record<string, T>>;
const own = <T>(name: string, table: Table<T> = {}) => (Object.hasOwn(table, name) ? table[name] : undefined);
const misconfigured = (message: string) => new ProviderFailure('misconfigured', message);

/** The opened stores of all providers: one client per provider and store, opened on first use. */
export class Stores {
  readonly #opened = new Map<SecretsProvider, Map<string, Promise<unknown>>>();

  constructor(
    readonly settings: StoreSettings,
    readonly logger: Logger,
    /** Milliseconds that an opening may take. */
    readonly limit: number,
  ) {}

  /** The client of the store that the parameters name; undefined for a provider without stores. */
  client(provider: SecretsProvider, parameters: Table<unknown>): Promise<unknown> | undefined {
    if (!provider.store) return undefined;
    const store = String(parameters[provider.storeParameter ?? ''] ?? 'default');
    const clients = this.#opened.get(provider) ?? new Map<string, Promise<unknown>>();
    const known = clients.get(store);
    if (known) return known;
    const late = pause(this.limit, undefined, { ref: false }).then(() =>
      Promise.reject(new ProviderFailure('timeout')),
    );
    const client = Promise.race([this.#open(provider, store), late]);
    this.#opened.set(provider, clients.set(store, client));
    // A failed opening is forgotten, so that the next read tries again.
    client.catch(() => clients.delete(store));
    return client;
  }

  /** Closes what was opened for one provider. */
  async close(provider: SecretsProvider): Promise<void> {
    const clients = this.#opened.get(provider);
    this.#opened.delete(provider);
    for (const client of clients?.values() ?? []) {
      const closing = client.then((ready) => provider.close?.(ready));
      await closing.catch(() => this.logger.warn('A store did not close', { provider: provider.slug }));
    }
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((provider) => this.close(provider)));
  }

  async #open(provider: SecretsProvider, store: string): Promise<unknown> {
    const given = own(store, own(provider.slug, this.settings));
    // A name that was rendered is told as the template that it came from.
    const shown = provider.storeParameter ? `{${provider.storeParameter}}` : store;
    if (!given && store !== 'default') throw misconfigured(`There is no store "${shown}" for this provider.`);
    const complete: Record<string, unknown> = { ...given };
    for (const [name, { sensitive }] of Object.entries(provider.store ?? {})) {
      const file = complete[`${name}_file`];
      if (!sensitive || typeof file !== 'string') continue;
      delete complete[`${name}_file`];
      const text = await readFile(file, 'utf8').catch(() => {
        throw misconfigured(`The file of the setting "${name}" of store "${shown}" cannot be read.`);
      });
      complete[name] = text.trim();
    }
    const { values, faults } = validateParameters(provider.store ?? {}, complete);
    if (faults[0]) throw misconfigured(`Store "${shown}": ${faults[0].message}`);
    return provider.open?.(values as never, { logger: this.logger }) ?? values;
  }
}
