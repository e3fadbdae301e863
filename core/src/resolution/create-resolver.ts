import { secretsProviders, type Fetched, type FetchRequest, type SecretsProvider } from '../contracts/secrets-provider';
import {
  fill,
  ProviderFailure,
  safeCause,
  SecretError,
  SecretParametersError,
  SecretProviderError,
  SecretValueNotFoundError,
} from '../errors';
import type { Kernel } from '../kernel/create-kernel';
import { silentLogger, type Logger } from '../logger';
import { validateParameters, type ParameterFault, type ParameterShape } from '../parameters';
import { SecretValue } from '../secret-value';
import { isTemplate, type TemplateContext } from '../templates';
import { withDeadline, type Deadline } from './deadline';
import { renderAll, syntaxFaults } from './render';
import { createStores, type StoreSettings } from './stores';

/** Where a secret lives: a provider's slug and the parameters, whose texts may be templates. */
export interface SecretDefinition {
  readonly name: string;
  readonly provider: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** How one secret is resolved. */
export interface ResolveOptions {
  /** What templates see as `obj`; a prepared context saves the copy. */
  readonly obj?: unknown;
  readonly context?: TemplateContext;
  readonly signal?: AbortSignal;
  /** Sees the rendered parameters before anything is fetched; what it throws refuses the read. */
  readonly guard?: (rendered: Readonly<Record<string, unknown>>) => void;
  /** What error texts show of a parameter: the stored template (default), or what it rendered to. */
  readonly disclose?: 'template' | 'rendered';
}

/** What {@link createResolver} is made of. */
export interface ResolverOptions {
  readonly kernel: Pick<Kernel, 'lease' | 'contributions' | 'onWithdraw'>;
  readonly stores?: StoreSettings;
  /** Milliseconds that one fetch may take; 10,000 by default. */
  readonly timeout?: number;
  readonly logger?: Logger;
}

/** Renders, validates, guards, fetches and wraps; knows no database and no user. */
export interface Resolver {
  /** The value, or a {@link SecretError} whose text never holds a value. */
  resolve(secret: SecretDefinition, options?: ResolveOptions): Promise<SecretValue>;
  /** The rendered and validated parameters, without a fetch. */
  render(secret: SecretDefinition, options?: ResolveOptions): Readonly<Record<string, unknown>>;
  /** What is wrong with a definition that is to be saved: its provider, its parameters, the syntax of its templates. */
  faults(
    secret: Omit<SecretDefinition, 'name'>,
  ): readonly (ParameterFault & { readonly field: 'provider' | 'parameters' })[];
  /** Closes the stores. */
  close(): Promise<void>;
}

class Request implements FetchRequest<ParameterShape, unknown> {
  readonly #deadline: Deadline;

  constructor(
    readonly parameters: FetchRequest<ParameterShape, unknown>['parameters'],
    readonly store: unknown,
    readonly logger: Logger,
    deadline: Deadline,
  ) {
    this.#deadline = deadline;
  }

  get signal(): AbortSignal {
    return this.#deadline.signal;
  }
}

function wrap(fetched: Fetched, { notFound }: SecretsProvider): SecretValue {
  if (fetched === undefined) throw new ProviderFailure('not-found', notFound);
  if (typeof fetched === 'string' || fetched instanceof Uint8Array) return new SecretValue(fetched);
  throw new ProviderFailure('malformed', 'The provider gave neither text nor bytes.');
}

const unknownProvider = (slug: string) => `No registered provider "${slug}" is available`;

/** Makes the resolver over the providers of a kernel. */
export function createResolver({
  kernel,
  stores: settings = {},
  timeout = 10_000,
  logger = silentLogger,
}: ResolverOptions): Resolver {
  const stores = createStores(settings, logger);
  kernel.onWithdraw(secretsProviders, (provider) => stores.close(provider));

  /** The one place where a failure gets its full context. */
  function failure(
    secret: SecretDefinition,
    provider: SecretsProvider,
    shown: Readonly<Record<string, unknown>>,
    error: unknown,
  ): Error {
    if (error instanceof SecretError) return error;
    const about = { secret: secret.name, provider: provider.className };
    if (!ProviderFailure.is(error)) {
      const cause = safeCause(error);
      return new SecretProviderError({
        ...about,
        detail: `The provider failed (${cause.message}).`,
        code: 'unavailable',
        cause,
      });
    }
    const Kind = error.code === 'not-found' ? SecretValueNotFoundError : SecretProviderError;
    return new Kind({ ...about, detail: fill(error.message, shown), code: error.code });
  }

  function renderWith(
    secret: SecretDefinition,
    provider: SecretsProvider,
    options: ResolveOptions,
  ): Record<string, unknown> {
    try {
      const rendered = renderAll(secret.parameters, options);
      const { values, faults } = validateParameters(provider.parameters, rendered);
      if (!faults[0]) return values;
      throw new ProviderFailure('misconfigured', faults[0].message);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new SecretParametersError({
        secret: secret.name,
        provider: provider.className,
        detail,
        code: 'parameters',
      });
    }
  }

  function lease(secret: SecretDefinition) {
    const held = kernel.lease(secretsProviders, secret.provider);
    if (held) return held;
    const { name, provider } = secret;
    throw new SecretProviderError({ secret: name, provider, detail: unknownProvider(provider), code: 'unavailable' });
  }

  return {
    async resolve(secret, options = {}) {
      const held = lease(secret);
      const provider = held.value;
      let shown = secret.parameters;
      try {
        const parameters = renderWith(secret, provider, options);
        shown = options.disclose === 'rendered' ? parameters : { ...parameters, ...secret.parameters };
        options.guard?.(parameters);
        const opening = stores.client(provider, String(parameters[provider.storeParameter ?? ''] ?? 'default'));
        const fetched = await withDeadline(
          timeout,
          [held.signal, options.signal],
          (deadline): Fetched | Promise<Fetched> => {
            const fetch = (store: unknown) => provider.fetch(new Request(parameters, store, logger, deadline));
            return opening ? opening.then(fetch) : fetch(undefined);
          },
        );
        return wrap(fetched, provider);
      } catch (error) {
        throw failure(secret, provider, shown, error);
      } finally {
        held.release();
      }
    },
    render(secret, options = {}) {
      const held = lease(secret);
      try {
        return renderWith(secret, held.value, options);
      } finally {
        held.release();
      }
    },
    faults({ provider, parameters }) {
      const known = kernel.contributions(secretsProviders).find(({ value }) => value.slug === provider)?.value;
      if (!known) return [{ field: 'provider', parameter: '', message: unknownProvider(provider), scope: 'field' }];
      const { faults } = validateParameters(known.parameters, parameters, isTemplate);
      return [...faults, ...syntaxFaults(parameters)].map((fault) => ({ ...fault, field: 'parameters' as const }));
    },
    close: () => stores.closeAll(),
  };
}
