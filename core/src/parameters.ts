import { fill } from './errors';
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

/** The type of a value that may be absent when its options say `required: false`. */
type Given<T, O> = O extends { readonly required: false } ? T | undefined : T;

/** Declares a parameter of any kind; {@link parameter} is for people, this is for what reads a schema. */
export function declareParameter<T>(
  kind: ParameterKind,
  help: string,
  options: ParameterOptions<NonNullable<T>> = {},
  choices?: readonly string[],
): Parameter<T> {
  const { default: initial = kinds[kind].initial as T, required = initial === undefined } = options;
  const { example, slot, sensitive = false } = options;
  return Object.freeze({ kind, help, required, default: initial, example, slot, sensitive, choices });
}

/** Declares parameters: `parameter.text('Environment variable name', { slot: 'env-name' })`. */
export const parameter = {
  text: <O extends ParameterOptions<string>>(help: string, options?: O) =>
    declareParameter<Given<string, O>>('text', help, options),
  choice: <const C extends string, O extends ParameterOptions<C>>(help: string, choices: readonly C[], options?: O) =>
    declareParameter<Given<C, O>>('choice', help, options, choices),
  integer: <O extends ParameterOptions<number>>(help: string, options?: O) =>
    declareParameter<Given<number, O>>('integer', help, options),
  flag: (help: string, options?: ParameterOptions<boolean>) => declareParameter<boolean>('flag', help, options),
};

interface KindRules {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly initial?: unknown;
  /** The typed value of rendered text or of a JSON scalar, or undefined when it is not of the kind. */
  read(value: unknown, declared: Parameter): unknown;
  readonly fault: string;
}

const textOf = (v: unknown) => (typeof v === 'string' ? v : '');
const words = new Map(Object.entries({ true: true, false: false }));
const flag = (v: unknown) => (typeof v === 'boolean' ? v : words.get(textOf(v).toLowerCase()));
const integer = (v: unknown) => (/^-?\d{1,15}$/.test(textOf(v)) ? Number(v) : Number.isSafeInteger(v) ? v : undefined);

const kinds: Record<ParameterKind, KindRules> = {
  text: { type: 'string', read: (v) => (typeof v === 'string' ? v : undefined), fault: 'Not a valid string.' },
  choice: { type: 'string', read: (v, { choices }) => choices?.find((c) => c === v), fault: 'Not one of {choices}.' },
  integer: { type: 'integer', read: integer, fault: 'A valid integer is required.' },
  flag: { type: 'boolean', initial: false, read: flag, fault: 'Must be a valid boolean.' },
};

function faultIn(name: string, message: string, scope: 'field' | 'whole' = 'field'): ParameterFault {
  return { parameter: name, message, scope };
}

/** Whether it is what JSON calls an object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a value that was given, and read as its kind tells; of a template, whatever it renders to. */
function faultOf(name: string, declared: Parameter, value: unknown, template: boolean): ParameterFault | undefined {
  const { kind, choices, slot } = declared;
  const about = (message: string) => `The "${name}" parameter: ${message}`;
  if (value === undefined) return faultIn(name, about(fill(kinds[kind].fault, { choices: choices?.join(', ') })));
  if (!slot || typeof value !== 'string') return undefined;
  const { scope, template: ofTemplate, rendered } = slots[slot];
  const message = template ? ofTemplate?.(value) : rendered(value);
  return message === undefined ? undefined : faultIn(name, scope === 'whole' ? message : about(message), scope);
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
  if (!isRecord(input)) return { values, faults: [faultIn('', 'A JSON object is required.')] };
  const faults: ParameterFault[] = [];
  for (const name of Object.keys(input)) {
    if (Object.hasOwn(shape, name)) continue;
    const known = Object.keys(shape).join(', ') || 'none';
    faults.push(faultIn(name, `Unknown parameter "${name}"; known: ${known}.`));
  }
  for (const name of Object.keys(shape)) {
    const declared = shape[name] as Parameter;
    const given = Object.hasOwn(input, name) ? input[name] : undefined;
    if (given === undefined || given === null || (given === '' && declared.required)) {
      values[name] = declared.default;
      if (declared.required) faults.push(faultIn(name, `The "${name}" parameter is mandatory!`));
      continue;
    }
    const template = typeof given === 'string' && isTemplate(given);
    values[name] = template ? given : kinds[declared.kind].read(given, declared);
    const fault = faultOf(name, declared, values[name], template);
    if (fault) faults.push(fault);
  }
  return { values, faults };
}

const describe = ({ kind, help, choices, default: initial, example, sensitive }: Parameter) => ({
  type: kinds[kind].type,
  description: help,
  ...(choices && { enum: choices }),
  ...(initial !== undefined && { default: initial }),
  ...(example !== undefined && { examples: [example] }),
  ...(sensitive && { writeOnly: true }),
});

/** The shape as JSON Schema (draft 2020-12): closed, with `required`, defaults, examples and descriptions. */
export function parametersSchema(shape: ParameterShape): Record<string, unknown> {
  const properties = Object.entries(shape).map(([name, declared]) => [name, describe(declared)]);
  const required = Object.keys(shape).filter((name) => shape[name]?.required);
  return { type: 'object', properties: Object.fromEntries(properties), required, additionalProperties: false };
}
