import { extensionPoint, isKebabCase } from '../extension-point';
import type { Logger } from '../logger';
import type { ParameterShape as Shape, ParameterValues } from '../parameters';

/** What {@link SecretsProvider.fetch} receives; it never holds the object that asked. */
export interface FetchRequest<P extends Shape = Shape, Client = unknown> {
  /** The parameters, rendered and validated. */
  readonly parameters: ParameterValues<P>;
  /** What `open` made for the store; undefined for a provider without stores. */
  readonly store: Client;
  /** Aborts at the time limit, when the caller gives up, and when the plugin is unloaded past its limit. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * Tells the host what a parameter turned out to mean, such as the real path of a file, before anything is read;
   * throws where that may not be used.
   */
  confirm(meaning: Partial<ParameterValues<P>>): void;
}

/** A text, bytes, or undefined for "not there". */
export type Fetched = string | Uint8Array | undefined;

/** What a backend tells of a value beside the value. */
type ValueMetadata = { readonly version?: string; readonly expires?: Date };

/** Fetches values from one kind of backend. Requirements P1.. are in docs/reference/provider.md. */
export interface SecretsProvider<P extends Shape = Shape, S extends Shape = Shape, Client = unknown> {
  /** Stable name, kebab-case, unique in a host, such as `environment-variable`. */
  readonly slug: string;
  readonly name: string;
  /** The name in Nautobot's error texts, such as `EnvironmentVariableSecretsProvider`. */
  readonly className: string;
  readonly parameters: P;
  /** The text of the error for `undefined`; `{parameter}` stands for what the reader may see of it. */
  readonly notFound?: string | undefined;
  /** The settings of one store, for a provider that has stores: configured backends, set up by the operator alone. */
  readonly store?: S | undefined;
  /** The parameter that names the store; without one the store `default` is used. */
  readonly storeParameter?: (keyof P & string) | undefined;
  /** Makes the client of one store, on first use; shared by all fetches until `close`. */
  open?(settings: ParameterValues<S>, context: { readonly logger: Logger }): Promise<Client> | Client;
  /** Releases what `open` made; called once, after the last fetch. */
  close?(client: Client): Promise<void> | void;
  fetch(request: FetchRequest<P, Client>): Promise<Fetched> | Fetched;
  /** Several values in one round trip, in the order of the requests; the host falls back to `fetch`. */
  fetchMany?(requests: readonly FetchRequest<P, Client>[]): Promise<readonly Fetched[]>;
  /** Whether the store answers; throws a failure when it does not. */
  check?(client: Client, signal: AbortSignal): Promise<void>;
  /** What is known of a value without fetching it. */
  metadata?(request: FetchRequest<P, Client>): Promise<ValueMetadata | undefined>;
}

type Declared<Provider> = Omit<Provider, 'className'> & { readonly className?: string };

/** Makes a provider from its declaration; types of `parameters` and `store` are inferred from what is declared. */
export function defineProvider<P extends Shape, S extends Shape = Record<never, never>, Client = undefined>(
  declaration: Declared<SecretsProvider<P, S, Client>>,
): SecretsProvider<P, S, Client> {
  const className = declaration.className ?? `${declaration.name.replace(/[^A-Za-z0-9]/g, '')}SecretsProvider`;
  return Object.freeze({ ...declaration, className });
}

const isUnsetOrIn = (name: string | undefined, shape: object) => name === undefined || Object.hasOwn(shape, name);
const isObject = (value: unknown) => typeof value === 'object' && value !== null;
const faults: readonly (readonly [isBad: (given: SecretsProvider) => boolean, text: string])[] = [
  [(p) => !isObject(p), 'a secrets provider is an object made by defineProvider, or { useClass }.'],
  [(p) => !isKebabCase(p.slug), 'its slug is not kebab-case.'],
  [(p) => typeof p.name !== 'string' || typeof p.className !== 'string', 'it has no name or className.'],
  [(p) => typeof p.fetch !== 'function', 'it has no fetch function.'],
  [(p) => !isObject(p.parameters), 'it declares no parameters.'],
  [(p) => !isUnsetOrIn(p.storeParameter, p.parameters), 'its storeParameter is not among its parameters.'],
];

/** The extension point that secrets providers contribute to. */
export const secretsProviders = extensionPoint<SecretsProvider>({
  id: 'secrets-providers',
  key: (p) => p.slug,
  fault: (p) => faults.find(([isBad]) => isBad(p))?.[1],
});
