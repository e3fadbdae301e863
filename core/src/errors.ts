/** One row of a package's error table: what happened, what to do next, and whether trying again may help. */
export interface ErrorRow {
  readonly message: string;
  readonly remedy: string;
  readonly retriable: boolean;
}

const row = (message: string, remedy: string, retriable = false): ErrorRow => ({ message, remedy, retriable });

const providerFailures = {
  'not-found': row('The backend has no value there.', 'Check the parameters of the secret and that the value exists.'),
  denied: row('The backend refused access.', "Check the rights of the store's credentials."),
  throttled: row('The backend asks for fewer requests.', 'Wait, then try again.', true),
  unavailable: row('The backend cannot be reached.', 'Check that the backend runs and that the host reaches it.', true),
  timeout: row('The backend did not answer in time.', 'Try again; raise the time limit if the backend is slow.', true),
  malformed: row('The backend answered something unusable.', 'Check that the value has the promised form.'),
  misconfigured: row('The provider or its store is not set up.', "Complete the store in the host's configuration."),
};

/** Codes that a provider gives to its failures. */
export type ProviderFailureCode = keyof typeof providerFailures;

/** The errors of `@latchkey/core` by code; `{name}` marks a place that is filled in. Documented in docs/errors.md. */
export const coreErrors = {
  ...providerFailures,
  parameters: row('The parameters of the secret are not usable.', 'Correct the parameters of the secret.'),
  forbidden: row('This principal may not use the secret.', 'Ask an administrator for the permission.'),
  'template-syntax': row('The template cannot be parsed.', 'Correct the template at the position named.'),
  'template-render': row('The template cannot be rendered.', 'Give the object the value named, or use default().'),
  'plugin-manifest': row('{package}: {fault}', 'Correct the "latchkey" object in its package.json.'),
  'plugin-core-range': row('{package} asks for core {range}; this is {version}.', 'Install one made for this core.'),
  'plugin-duplicate': row('{package} repeats the id "{id}" of {other}.', 'Load only one of the two.'),
  'plugin-requires': row('{package} requires "{id}", which {why}.', 'Add or mend the plugin it names.'),
  'plugin-circle': row('Plugins require each other in a circle: {circle}.', 'Remove one of the requirements.'),
  'plugin-config': row('The configuration of "{id}" is refused: {fault}', 'Correct it in the configuration.'),
  'plugin-import': row('{package} failed while it was imported ({cause}).', 'Run its entry alone to see the failure.'),
  'plugin-default-export': row('{package} has no plugin as its default export.', 'Export default definePlugin({...}).'),
  'plugin-register': row('"{id}" failed in register ({cause}).', 'Report it to the author of the plugin.'),
  'plugin-contribution': row('"{id}" contributes to {point}: {fault}', 'Change it, or load one of the two.'),
  'plugin-start': row('"{id}" failed in start ({cause}).', 'Read the log of the plugin, correct its configuration.'),
  'plugin-start-timeout': row('"{id}" did not start within {limit} ms.', 'Check what its start waits for.', true),
  'plugin-not-loaded': row('No plugin "{id}" is loaded.', 'See the startup report for the ids.'),
  'plugin-changed': row('"{id}" changed on disk after it was imported.', 'Restart the host to run the new code.'),
  'kernel-start': row('{count} plugin(s) failed to start.\n{report}', 'Mend the plugin, or allow its failure.'),
};

/** A code of {@link coreErrors}. */
export type CoreErrorCode = keyof typeof coreErrors;

/** An error with a stable code, a remedy and a plain JSON form; its text never holds a secret's value. */
export class LatchkeyError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly retriable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /** The parts that may leave the process. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, message: this.message, remedy: this.remedy, retriable: this.retriable };
  }
}

type Values = Readonly<Record<string, unknown>>;

/** Fills the `{name}` places of a text; a place without a value stays as it is. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (Object.hasOwn(values, name) ? `${values[name]}` : place));
}

/** Makes the function that builds the errors of one table by code. */
export function errorsOf<T extends Record<string, ErrorRow>>(table: T) {
  return (code: keyof T & string, values: Values = {}, options?: ErrorOptions): LatchkeyError => {
    const { message, remedy, retriable } = table[code] as ErrorRow;
    return new LatchkeyError(code, fill(message, values), remedy, retriable, options);
  };
}

/** Builds an error of {@link coreErrors}. */
export const coreError = errorsOf(coreErrors);

/**
 * What may be kept of an error that strangers threw: its class and system code, never its text, since libraries
 * quote their input there (a body, a URL, an argument list) and a value could hide in it.
 */
export function safeCause(error: unknown): Error {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  const word = (value: unknown) => /^[A-Za-z][\w.-]{0,63}$/.exec(typeof value === 'string' ? value : '')?.[0];
  const cause = new Error([word(name) ?? typeof error, word(code)].filter(Boolean).join(' '));
  delete cause.stack;
  return cause;
}

const failureBrand = Symbol.for('latchkey.provider-failure');

/**
 * Thrown by a provider to say why there is no value. The message promises to hold no value; `{parameter}` in it is
 * filled by the host with what the reader may see.
 */
export class ProviderFailure extends Error {
  readonly [failureBrand] = true;

  readonly code: ProviderFailureCode;

  constructor(code: ProviderFailureCode, message: string = coreErrors[code].message) {
    super(message);
    this.name = 'ProviderFailure';
    this.code = code;
  }

  /** True for a failure of this or another copy of core, with a code that is known here. */
  static is(error: unknown): error is ProviderFailure {
    return failureBrand in Object(error) && Object.hasOwn(providerFailures, (error as ProviderFailure).code);
  }
}

/** What a {@link SecretError} is made of. */
export interface SecretErrorOptions extends Pick<SecretError, 'secret' | 'provider' | 'detail'> {
  readonly code: CoreErrorCode;
  readonly cause?: Error | undefined;
}

/** A secret's value could not be had. `String(error)` is Nautobot's text: `Class: Secret "name" (provider "P"): detail`. */
export class SecretError extends LatchkeyError {
  readonly secret!: string;
  /** The provider's class name in Nautobot's texts, or its slug when none is registered. */
  readonly provider!: string;
  /** The bare message, without class, secret and provider. */
  readonly detail!: string;

  constructor({ secret, provider, detail, code, cause }: SecretErrorOptions) {
    const { remedy, retriable } = coreErrors[code];
    super(code, `Secret "${secret}" (provider "${provider}"): ${detail}`, remedy, retriable, cause && { cause });
    Object.assign(this, { secret, provider, detail });
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), secret: this.secret, provider: this.provider, detail: this.detail };
  }
}

/** The stored or rendered parameters of the secret cannot be used. */
export class SecretParametersError extends SecretError {}

/** The backend has no value at that place. */
export class SecretValueNotFoundError extends SecretError {}

/** The provider is unknown, misconfigured, out of reach or refused. */
export class SecretProviderError extends SecretError {}

/** The principal may not use the secret. */
export class SecretAccessDeniedError extends SecretError {}

const secretErrors: Partial<Record<CoreErrorCode, typeof SecretError>> = {
  'not-found': SecretValueNotFoundError,
  parameters: SecretParametersError,
  forbidden: SecretAccessDeniedError,
};

/** Builds the {@link SecretError} of the class that belongs to the code. */
export const secretError = (about: SecretErrorOptions): SecretError =>
  new (secretErrors[about.code] ?? SecretProviderError)(about);
