import { coreError } from './errors';
import { parameter, type Parameter, type ParameterShape } from './parameters';

/** What a package says of itself under `latchkey` in its package.json; see docs/reference/plugin.md. */
export interface Manifest {
  readonly package: string;
  readonly version: string;
  readonly id: string;
  /** The versions of core that it works with. */
  readonly core: string;
  readonly entry?: string;
  readonly kind?: 'provider' | 'plugin';
  /** Ids of the plugins that start first. */
  readonly requires: readonly string[];
  /** JSON Schema as `parameter.*` emits it, or the path of a file that holds it. */
  readonly config?: string | Readonly<Record<string, unknown>>;
  readonly capabilities?: unknown;
  readonly limits?: unknown;
  readonly isolation?: unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown) => typeof value === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value);
const isPath = (value: unknown) =>
  typeof value === 'string' && /^\.\/./.test(value) && !value.split('/').includes('..');

const kept = ['capabilities', 'limits', 'isolation'];
const rules: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  id: [isId, 'must be kebab-case'],
  core: [(v) => typeof v === 'string' && v !== '', 'must be a version range'],
  entry: [(v) => v === undefined || isPath(v), 'must be a path inside the package, such as ./index.js'],
  kind: [(v) => v === undefined || v === 'provider' || v === 'plugin', 'must be provider or plugin'],
  requires: [(v) => v === undefined || (Array.isArray(v) && v.every(isId)), 'must be a list of plugin ids'],
  config: [(v) => v === undefined || isPath(v) || isRecord(v), 'must be a JSON Schema, or the path of one'],
};

/** The manifest in a package.json; throws `plugin-manifest` naming the first thing that is wrong. */
export function parseManifest(json: unknown, owner = 'a package'): Manifest {
  const { name, version, latchkey } = isRecord(json) ? json : {};
  const refuse = (fault: string) =>
    coreError('plugin-manifest', { package: typeof name === 'string' ? name : owner, fault });
  if (typeof name !== 'string' || typeof version !== 'string') throw refuse('it has no name or no version.');
  if (!isRecord(latchkey)) throw refuse('it has no "latchkey" object.');
  const known = [...Object.keys(rules), ...kept];
  const unknown = Object.keys(latchkey).find((key) => !known.includes(key));
  if (unknown) throw refuse(`unknown key "${unknown}"; known: ${known.join(', ')}.`);
  for (const [key, [good, says]] of Object.entries(rules)) if (!good(latchkey[key])) throw refuse(`${key} ${says}.`);
  return Object.freeze({ requires: [], ...latchkey, package: name, version } as unknown as Manifest);
}

type Maker = (help: string, options: never, choices: never) => Parameter;
const makers: Readonly<Record<string, Maker>> = {
  string: (help, options, choices) =>
    choices ? parameter.choice(help, choices, options) : parameter.text(help, options),
  integer: parameter.integer,
  boolean: parameter.flag,
};
const keywords = new Set(['$schema', 'type', 'title', 'description', 'properties', 'required', 'additionalProperties']);
const propertyKeywords = new Set(['type', 'description', 'enum', 'default', 'examples', 'writeOnly']);

/** The parameters that a manifest's `config` declares; throws `plugin-manifest` beyond what `parameter.*` emits. */
export function configShape(owner: string, schema: unknown): ParameterShape {
  const refuse = (fault: string) => coreError('plugin-manifest', { package: owner, fault: `config: ${fault}` });
  if (!isRecord(schema) || !isRecord(schema['properties'])) throw refuse('not a JSON Schema with properties.');
  const odd = Object.keys(schema).find((key) => !keywords.has(key));
  if (odd) throw refuse(`the keyword "${odd}" is not supported.`);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const declared = Object.entries(schema['properties']).map(([name, property]) => {
    const { type, description, writeOnly = false, enum: choices, default: value } = isRecord(property) ? property : {};
    const make = Object.hasOwn(makers, String(type)) ? makers[String(type)] : undefined;
    const stray = Object.keys(property as object).find((key) => !propertyKeywords.has(key));
    if (!make || stray) throw refuse(`"${name}" has an unsupported ${stray ? `keyword "${stray}"` : 'type'}.`);
    const initial = value === undefined ? {} : { default: value };
    const options = { required: required.includes(name), sensitive: writeOnly, ...initial };
    return [name, make(String(description ?? name), options as never, choices as never)];
  });
  return Object.fromEntries(declared) as ParameterShape;
}
