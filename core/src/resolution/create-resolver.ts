import { secretsProviders, type Fetched, type SecretsProvider } from '../contracts/secrets-provider';
import { fill, ProviderFailure, safeCause, SecretError, secretError } from '../errors';
import type { Kernel } from '../kernel/create-kernel';
import { silentLogger, type Logger } from '../logger';
import { validateParameters, type ParameterFault } from '../parameters';
import { SecretValue } from '../secret-value';
import { isTemplate, type TemplateContext } from '../templates';
import { Attempt, cancelled } from './attempt';
import { renderAll, syntaxFaults } from './render';
import { Stores, type StoreSettings } from './stores';

type Values = Readonly<Record<string, unknown>>;

/** Where a secret lives: a provider's slug and the parameters, whose texts may be templates. */
export interface SecretDefinition {
  readonly name: string;
  readonly provider: string;
  readonly parameters: Values;
}

/** How one secret is resolved. */
export interface ResolveOptions {
  /** What templates see as `obj`; a prepared context saves the copy. */
  readonly obj?: unknown;
  readonly context?: TemplateContext;
  readonly signal?: AbortSignal;
  /**
   * Sees the rendered parameters before anything is fetched, and once more what a provider found them to mean; what it
   * throws refuses the read, and is what the caller gets.
   */
  readonly guard?: (rendered: Values) => void;
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
  render(secret: SecretDefinition, options?: ResolveOptions): Values;
  /** What is wrong with a definition that is to be saved: its provider, its parameters, the syntax of its templates. */
  faults(
    secret: Omit<SecretDefinition, 'name'>,
  ): readonly (ParameterFault & { readonly field: 'provider' | 'parameters' })[];
  /** Closes the stores. */
  close(): Promise<void>;
}

function wrap(fetched: Fetched, { notFound }: SecretsProvider): SecretValue {
  if (fetched === undefined) throw new ProviderFailure('not-found', notFound);
  if (typeof fetched === 'string' || fetched instanceof Uint8Array) return new SecretValue(fetched);
  throw new ProviderFailure('malformed', 'The provider gave neither text nor bytes.');
}

/** The rendered and validated parameters, or a SecretParametersError. */
function prepare(secret: SecretDefinition, provider: SecretsProvider, options: ResolveOptions): Values {
  try {
    const { values, faults } = validateParameters(provider.parameters, renderAll(secret.parameters, options));
    if (faults[0]) throw new TypeError(faults[0].message);
    return values;
  } catch (error) {
    const detail = (error as Error).message;
    throw secretError({ secret: secret.name, provider: provider.className, detail, code: 'parameters' });
  }
}

/** What a read throws for what went wrong in it: the one place where a failure gets its full context. */
function failure(about: Pick<SecretError, 'secret' | 'provider'>, shown: Values, error: unknown): SecretError {
  if (error instanceof SecretError) return error;
  if (ProviderFailure.is(error)) return secretError({ ...about, detail: fill(error.message, shown), code: error.code });
  const cause = safeCause(error);
  return secretError({ ...about, detail: `The provider failed (${cause.message}).`, code: 'unavailable', cause });
}

// By its shape, since a provider's promise may be one of another realm.
const isPromise = (answer: Fetched | Promise<Fetched>): answer is Promise<Fetched> =>
  typeof answer === 'object' && answer !== null && 'then' in answer;

const unknownProvider = (slug: string) => `No registered provider "${slug}" is available`;

/** Makes the resolver over the providers of a kernel. */
export function createResolver(options: ResolverOptions): Resolver {
  const { kernel, timeout = 10_000, logger = silentLogger } = options;
  const stores = new Stores(options.stores ?? {}, logger, timeout);
  kernel.onWithdraw(secretsProviders, (provider) => stores.close(provider));

  function lease({ name: secret, provider }: SecretDefinition) {
    const held = kernel.lease(secretsProviders, provider);
    if (held) return held;
    throw secretError({ secret, provider, detail: unknownProvider(provider), code: 'unavailable' });
  }

  return {
    async resolve(secret, how = {}) {
      const held = lease(secret);
      const provider = held.value;
      let attempt: Attempt | undefined;
      try {
        const request = (attempt = new Attempt(prepare(secret, provider, how), logger, how.guard));
        request.confirm();
        if (how.signal?.aborted) throw cancelled();
        const opening = stores.client(provider, request.parameters);
        const answer = opening
          ? opening.then((client) => provider.fetch(Object.assign(request, { store: client })))
          : provider.fetch(request);
        const fetched = isPromise(answer) ? await request.within(timeout, [held.signal, how.signal], answer) : answer;
        if (request.refusal) throw request.refusal.reason;
        return wrap(fetched, provider);
      } catch (error) {
        if (attempt?.refusal) throw attempt.refusal.reason;
        const shown = { ...attempt?.parameters, ...(how.disclose !== 'rendered' && secret.parameters) };
        throw failure({ secret: secret.name, provider: provider.className }, shown, error);
      } finally {
        held.release();
      }
    },
    render(secret, how = {}) {
      // Held for no longer, since nothing is unloaded while a function runs that waits for nothing.
      const held = lease(secret);
      held.release();
      return prepare(secret, held.value, how);
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
