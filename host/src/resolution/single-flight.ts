import { secretsProviders, type Fetched, type FetchRequest, type SecretsProvider } from '@latchkey/core';
import type { ResolverOptions } from '@latchkey/core/kernel';
import { Flight } from './flight';

type Kernel = ResolverOptions['kernel'];

/** What became of the fetches that were asked for. */
export interface SharingStats {
  /** Those that went to a provider. */
  readonly fetches: number;
  /** Those that took part in one that was under way. */
  readonly joined: number;
}

/** A kernel whose providers share fetches. */
export interface SharedFetches extends Kernel {
  stats(): SharingStats;
}

/**
 * Lets concurrent fetches of the same store with the same rendered parameters share one call of the provider. Each caller
 * has been decided on before, judges for itself what parameters turn out to mean, and keeps its own time limit and its
 * own record. Nothing is kept: what comes after an answer, or a failure, is fetched anew.
 */
export function shareFetches(kernel: Kernel): SharedFetches {
  const stats = { fetches: 0, joined: 0 };
  const standIns = new WeakMap<object, SecretsProvider>();
  // The resolver keeps stores by provider, so one provider always has the same stand-in.
  const standInOf = (provider: SecretsProvider): SecretsProvider => {
    const made = standIns.get(provider) ?? sharing(provider, stats);
    standIns.set(provider, made);
    return made;
  };
  const isProviders = (point: object): boolean => point === secretsProviders;
  return {
    lease(point, key) {
      const held = kernel.lease(point, key);
      // The lease was made for this read alone, which shall see the stand-in.
      if (held && isProviders(point)) (held as { value: unknown }).value = standInOf(held.value as SecretsProvider);
      return held;
    },
    contributions: (point) => kernel.contributions(point),
    onWithdraw(point, listener) {
      kernel.onWithdraw(point, (value) =>
        listener(isProviders(point) ? (standInOf(value as SecretsProvider) as typeof value) : value),
      );
    },
    stats: () => ({ ...stats }),
  };
}

const methods = ['open', 'close', 'check', 'metadata', 'fetchMany'] as const;

function sharing(provider: SecretsProvider, stats: { fetches: number; joined: number }): SecretsProvider {
  const flights = new Map<string, { readonly flight: Flight; readonly answer: Promise<Fetched> }>();

  function fetch(request: FetchRequest): Promise<Fetched> | Fetched {
    // A provider that answers at once never has a flight, and its reads never come to need the key of one.
    const under = flights.size > 0 ? flights.get(keyOf(request)) : undefined;
    if (under && !under.flight.closed && under.flight.store === request.store) {
      stats.joined += 1;
      return under.flight.join(request, under.answer);
    }
    stats.fetches += 1;
    const flight = new Flight(request);
    const given = provider.fetch(flight);
    if (!isPromise(given)) return given;
    const key = keyOf(request);
    const begun = { flight, answer: Promise.resolve(given) };
    flights.set(key, begun);
    const end = (): void => {
      if (flights.get(key) === begun) flights.delete(key);
    };
    begun.answer.then(end, end);
    return flight.lead(begun.answer);
  }

  const { slug, name, className, parameters, notFound, store, storeParameter } = provider;
  const bound = methods.flatMap((method) => (provider[method] ? [[method, provider[method].bind(provider)]] : []));
  const fields = { slug, name, className, parameters, notFound, store, storeParameter };
  return Object.freeze({ ...fields, ...(Object.fromEntries(bound) as Partial<SecretsProvider>), fetch });
}

/** The rendered parameters as text; they are in the order of their declaration. */
const keyOf = ({ parameters }: FetchRequest): string => JSON.stringify(parameters);

// By its shape, since a provider's promise may be one of another realm.
const isPromise = (answer: Fetched | Promise<Fetched>): answer is Promise<Fetched> =>
  typeof answer === 'object' && answer !== null && 'then' in answer;
