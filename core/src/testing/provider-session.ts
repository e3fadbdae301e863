import { inspect } from 'node:util';
import type { Fetched, FetchRequest, SecretsProvider } from '../contracts/secrets-provider';
import { coreError } from '../errors';
import { validateParameters, type ParameterShape } from '../parameters';
import { recordingLogger } from './recording-logger';

type Values = Readonly<Record<string, unknown>>;
type Request = FetchRequest<ParameterShape, unknown>;

/** Parameters to fetch with, and the settings of the store when they differ from those of the whole description. */
export interface ProviderCase {
  readonly parameters: Values;
  readonly store?: Values;
}

const validated = (shape: ParameterShape, input: Values): Values => {
  const { values, faults } = validateParameters(shape, input);
  if (faults.length > 0) throw coreError('parameters', {}, { cause: new Error(inspect(faults)) });
  return Object.freeze(values);
};

/** Drives a provider as a host does: settings and parameters are validated, a client is opened, fetched with and closed. */
export class ProviderSession {
  readonly logger = recordingLogger();
  fetches = 0;

  constructor(
    readonly provider: SecretsProvider,
    readonly settings: Values,
  ) {}

  async open({ store = this.settings }: Partial<ProviderCase> = {}): Promise<unknown> {
    if (!this.provider.store) return undefined;
    const settings = validated(this.provider.store, store);
    return (await this.provider.open?.(settings, { logger: this.logger })) ?? settings;
  }

  request({ parameters }: ProviderCase, client: unknown, signal: AbortSignal = new AbortController().signal): Request {
    return Object.freeze({
      parameters: validated(this.provider.parameters, parameters),
      store: client,
      signal,
      logger: this.logger,
      confirm: () => {},
    });
  }

  async fetch(one: ProviderCase, signal?: AbortSignal): Promise<Fetched> {
    return this.using(one, async (client) => {
      const request = this.request(one, client, signal);
      this.fetches += 1;
      return this.provider.fetch(request);
    });
  }

  async using<T>(one: Partial<ProviderCase>, work: (client: unknown) => Promise<T>): Promise<T> {
    const client = await this.open(one);
    try {
      return await work(client);
    } finally {
      if (this.provider.store) await this.provider.close?.(client);
    }
  }
}
