import { readFile } from 'node:fs/promises';
import type { SecretsProvider } from '../contracts/secrets-provider';
import { ProviderFailure } from '../errors';
import { silentLogger, type Logger } from '../logger';
import { validateParameters } from '../parameters';

/** The settings of the stores: provider slug -> store name -> settings. Only an operator writes these. */
export type StoreSettings = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** The opened stores of all providers. */
export interface Stores {
  /** The client of a store, opened on first use; undefined for a provider without stores. */
  client(provider: SecretsProvider, store: string): Promise<unknown> | undefined;
  /** Closes what was opened for one provider. */
  close(provider: SecretsProvider): Promise<void>;
  closeAll(): Promise<void>;
}

/** Keeps one client per provider and store; a failed opening is forgotten, so that the next read tries again. */
export function createStores(settings: StoreSettings, logger: Logger = silentLogger): Stores {
  const opened = new Map<SecretsProvider, Map<string, Promise<unknown>>>();

  async function open(provider: SecretsProvider, store: string): Promise<unknown> {
    const shape = provider.store ?? {};
    const given = settings[provider.slug]?.[store];
    if (given === undefined && store !== 'default') {
      throw new ProviderFailure('misconfigured', `There is no store "${store}" for this provider.`);
    }
    const complete: Record<string, unknown> = { ...given };
    for (const [name, { sensitive }] of Object.entries(shape)) {
      const file = complete[`${name}_file`];
      if (!sensitive || typeof file !== 'string') continue;
      delete complete[`${name}_file`];
      const text = await readFile(file, 'utf8').catch(() => {
        throw new ProviderFailure(
          'misconfigured',
          `The file of the setting "${name}" of store "${store}" cannot be read.`,
        );
      });
      complete[name] = text.trim();
    }
    const { values, faults } = validateParameters(shape, complete);
    if (faults[0]) throw new ProviderFailure('misconfigured', `Store "${store}": ${faults[0].message}`);
    return provider.open?.(values as never, { logger }) ?? values;
  }

  async function close(provider: SecretsProvider): Promise<void> {
    const clients = opened.get(provider);
    opened.delete(provider);
    for (const client of clients?.values() ?? []) {
      await client
        .then((ready) => provider.close?.(ready))
        .catch(() => logger.warn('A store did not close', { provider: provider.slug }));
    }
  }

  return {
    client(provider, store) {
      if (!provider.store) return undefined;
      const clients = opened.get(provider) ?? new Map<string, Promise<unknown>>();
      opened.set(provider, clients);
      const known = clients.get(store);
      if (known) return known;
      const client = open(provider, store);
      clients.set(store, client);
      client.catch(() => clients.delete(store));
      return client;
    },
    close,
    closeAll: async () => void (await Promise.all([...opened.keys()].map(close))),
  };
}
