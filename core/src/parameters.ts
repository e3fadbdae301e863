import { slots, type Slot } from './slots';

/** The kinds of parameter; each is a row of the table in this file. */
export type ParameterKind = 'text' | 'choice' | 'flag' | 'integer';

/** What a parameter may be told beside its help text. */
export interface ParameterOptions<T> {
  /** Whether a value must be given; true unless there is a default. */
  readonly required?: boolean;
  readonly default?: T;
  readonly example?: T;
  /** What a rendered value may contain. */
  readonly slot?: Slot;
  /** A credential: kept out of descriptions, and may be given as `<name>_file`. Only for the settings of a store. */
  readonly sensitive?: boolean;
}

/** One declared parameter; `T` is the type that the provider receives. */
export interface Parameter<T = unknown> {
  readonly kind: ParameterKind;
  readonly help: string;
  readonly required: boolean;
  readonly default: T | undefined;
  readonly example: unknown;
  readonly slot: Slot | undefined;
  readonly sensitive: boolean;
  readonly choices: readonly string[] | undefined;
}

/** Parameters by name. */
export type ParameterShape = Readonly<Record<string, Parameter>>;

/** The values that a provider receives for a shape. */
export type ParameterValues<S extends ParameterShape> = {
  readonly [K in keyof S]: S[K] extends Parameter<infer T> ? T : never;
};

/** What is wrong with one parameter. `parameter` is empty where the whole object is meant. */
export interface ParameterFault {
  readonly parameter: string;
  readonly message: string;
  /** `whole` for a rule that Nautobot reports about the object and not about a field. */
  readonly scope: 'field' | 'whole';
}

type Options<T> = ParameterOptions<T> & { choices?: readonly string[] };
type Optional = { required: false };

function declare<T>(kind: ParameterKind, help: string, options: Options<T>): Parameter<T> {
  const { required = options.default === undefined, example, slot, sensitive = false, choices } = options;
  return Object.freeze({ kind, help, required, default: options.default, example, slot, sensitive, choices });
}

function text(help: string, options: ParameterOptions<string> & Optional): Parameter<string | undefined>;
function text(help: string, options?: ParameterOptions<string>): Parameter<string>;
function text(help: string, options: ParameterOptions<string> = {}): Parameter<string | undefined> {
  return declare<string | undefined>('text', help, options as Options<string | undefined>);
}

function choice<C extends string>(
  help: string,
  choices: readonly C[],
  o: ParameterOptions<C> & Optional,
): Parameter<C | undefined>;
function choice<C extends string>(help: string, choices: readonly C[], options?: ParameterOptions<C>): Parameter<C>;
function choice(help: string, choices: readonly string[], options: ParameterOptions<string> = {}): Parameter<never> {
  return declare('choice', help, { ...options, choices } as Options<never>);
}

function integer(help: string, options: ParameterOptions<number> & Optional): Parameter<number | undefined>;
function integer(help: string, options?: ParameterOptions<number>): Parameter<number>;
function integer(help: string, options: ParameterOptions<number> = {}): Parameter<number | undefined> {
  return declare<number | undefined>('integer', help, options as Options<number | undefined>);
}

function flag(help: string, options: ParameterOptions<boolean> = {}): Parameter<boolean> {
  return declare('flag', help, { default: false, ...options });
}

/** Declares parameters: `parameter.text('Environment variable name', { slot: 'env-name' })`. */
export const parameter = { text, choice, flag, integer };

interface KindRules {
  readonly schema: Readonly<Record<string, unknown>>;
  /** The typed value of rendered text or of a JSON scalar, or undefined when it is not of the kind. */
  read(value: unknown, declared: Parameter): unknown;
  readonly fault: (declared: Parameter) => string;
}

const words: Readonly<Record<string, boolean>> = { true: true, false: false };

const kinds: Record<ParameterKind, KindRules> = {
  text: {
    schema: { type: 'string' },
    read: (v) => (typeof v === 'string' ? v : undefined),
    fault: () => 'Not a valid string.',
  },
  choice: {
    schema: { type: 'string' },
    read: (v, { choices }) => (typeof v === 'string' && choices?.includes(v) ? v : undefined),
    fault: ({ choices }) => `Not one of ${choices?.join(', ')}.`,
  },
  integer: {
    schema: { type: 'integer' },
    read: (v) =>
      Number.isSafeInteger(v) ? v : typeof v === 'string' && /^-?\d{1,15}$/.test(v) ? Number(v) : undefined,
    fault: () => 'A valid integer is required.',
  },
  flag: {
    schema: { type: 'boolean' },
    read: (v) => (typeof v === 'boolean' ? v : typeof v === 'string' ? words[v.toLowerCase()] : undefined),
    fault: () => 'Must be a valid boolean.',
  },
};

type Judged = { readonly value: unknown; readonly fault?: Omit<ParameterFault, 'parameter'> | undefined };

function judge(name: string, declared: Parameter, value: unknown, isTemplate: (text: string) => boolean): Judged {
  const refuse = (message: string) => ({ message: `The "${name}" parameter: ${message}`, scope: 'field' as const });
  if (value === undefined || value === null || (value === '' && declared.required)) {
    const fault = declared.required
      ? { message: `The "${name}" parameter is mandatory!`, scope: 'field' as const }
      : undefined;
    return { value: declared.default, fault };
  }
  const template = typeof value === 'string' && isTemplate(value);
  const typed = template ? value : kinds[declared.kind].read(value, declared);
  if (typed === undefined) return { value: undefined, fault: refuse(kinds[declared.kind].fault(declared)) };
  if (!declared.slot || typeof typed !== 'string') return { value: typed };
  const rule = slots[declared.slot];
  const message = template ? rule.template?.(typed) : rule.rendered(typed);
  return {
    value: typed,
    fault: message && rule.scope === 'whole' ? { message, scope: 'whole' } : message ? refuse(message) : undefined,
  };
}

/**
 * Checks values against a shape and types them. `isTemplate` tells which texts are rendered later: of those only what
 * holds for every rendering is checked. Without it the values are taken as rendered.
 */
export function validateParameters(
  shape: ParameterShape,
  input: unknown,
  isTemplate: (text: string) => boolean = () => false,
): { readonly values: Record<string, unknown>; readonly faults: readonly ParameterFault[] } {
  const values: Record<string, unknown> = {};
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { values, faults: [{ parameter: '', message: 'A JSON object is required.', scope: 'field' }] };
  }
  const faults: ParameterFault[] = [];
  for (const name of Object.keys(input)) {
    if (Object.hasOwn(shape, name)) continue;
    const message = `Unknown parameter "${name}"; known: ${Object.keys(shape).join(', ') || 'none'}.`;
    faults.push({ parameter: name, message, scope: 'field' });
  }
  for (const name of Object.keys(shape)) {
    const given = Object.hasOwn(input, name) ? (input as Record<string, unknown>)[name] : undefined;
    const { value, fault } = judge(name, shape[name] as Parameter, given, isTemplate);
    values[name] = value;
    if (fault) faults.push({ parameter: name, ...fault });
  }
  return { values, faults };
}

/** The shape as JSON Schema (draft 2020-12): closed, with `required`, defaults, examples and descriptions. */
export function parametersSchema(shape: ParameterShape): Record<string, unknown> {
  const properties = Object.entries(shape).map(([name, declared]) => [
    name,
    {
      ...kinds[declared.kind].schema,
      description: declared.help,
      ...(declared.choices && { enum: declared.choices }),
      ...(declared.default !== undefined && { default: declared.default }),
      ...(declared.example !== undefined && { examples: [declared.example] }),
      ...(declared.sensitive && { writeOnly: true }),
    },
  ]);
  const required = Object.keys(shape).filter((name) => shape[name]?.required);
  return { type: 'object', properties: Object.fromEntries(properties), required, additionalProperties: false };
}
