import { coreError } from './errors';
import { isKebabCase } from './extension-point';
import { declareParameter, isRecord, type ParameterKind, type ParameterShape } from './parameters';

/** Which plugin something is or comes from. */
export interface PluginFacts {
  readonly id: string;
  readonly package: string;
  readonly version: string;
}

/** What a package says of itself under `latchkey` in its package.json; see docs/reference/plugin.md. */
export interface Manifest extends PluginFacts, Partial<Record<'capabilities' | 'limits' | 'isolation', unknown>> {
  /** The versions of core that it works with. */
  readonly core: string;
  readonly entry?: string;
  readonly kind?: 'provider' | 'plugin';
  /** Ids of the plugins that start first. */
  readonly requires: readonly string[];
  /** JSON Schema as `parameter.*` emits it, or the path of a file that holds it. */
  readonly config?: string | Readonly<Record<string, unknown>>;
}

const isPath = (v: unknown) => typeof v === 'string' && /^\.\/./.test(v) && !v.split('/').includes('..');

const kept = ['capabilities', 'limits', 'isolation'];
const rules: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  id: [isKebabCase, 'must be kebab-case'],
  core: [(v) => typeof v === 'string' && v !== '', 'must be a version range'],
  entry: [(v) => v === undefined || isPath(v), 'must be a path inside the package, such as ./index.js'],
  kind: [(v) => v === undefined || v === 'provider' || v === 'plugin', 'must be provider or plugin'],
  requires: [(v) => v === undefined || (Array.isArray(v) && v.every(isKebabCase)), 'must be a list of plugin ids'],
  config: [(v) => v === undefined || isPath(v) || isRecord(v), 'must be a JSON Schema, or the path of one'],
};

/** The manifest in a package.json; throws `plugin-manifest` naming the first thing that is wrong. */
export function parseManifest(json: unknown, owner = String(Object(json).name)): Manifest {
  const { name, version, latchkey } = isRecord(json) ? json : {};
  const refuse = (fault: string) => coreError('plugin-manifest', { package: owner, fault });
  if (typeof name !== 'string' || typeof version !== 'string') throw refuse('it has no name or no version.');
  if (!isRecord(latchkey)) throw refuse('it has no "latchkey" object.');
  const known = [...Object.keys(rules), ...kept];
  const unknown = Object.keys(latchkey).find((key) => !known.includes(key));
  if (unknown) throw refuse(`unknown key "${unknown}"; known: ${known.join(', ')}.`);
  for (const [key, [good, says]] of Object.entries(rules)) if (!good(latchkey[key])) throw refuse(`${key} ${says}.`);
  return Object.freeze({ requires: [], ...latchkey, package: name, version } as unknown as Manifest);
}

const kindOf: Readonly<Record<string, ParameterKind>> = { string: 'text', integer: 'integer', boolean: 'flag' };
const keywords = ['$schema', 'type', 'title', 'description', 'properties', 'required', 'additionalProperties'];
const propertyKeywords = ['type', 'description', 'enum', 'default', 'examples', 'writeOnly'];
const stray = (schema: object, known: readonly string[]) => Object.keys(schema).find((key) => !known.includes(key));

/** The parameters that a manifest's `config` declares; throws `plugin-manifest` beyond what `parameter.*` emits. */
export function configShape(owner: string, schema: unknown): ParameterShape {
  const refuse = (fault: string) => coreError('plugin-manifest', { package: owner, fault: `config: ${fault}` });
  if (!isRecord(schema) || !isRecord(schema['properties'])) throw refuse('not a JSON Schema with properties.');
  const odd = stray(schema, keywords);
  if (odd) throw refuse(`the keyword "${odd}" is not supported.`);
  const declared = Object.entries(schema['properties']).map(([name, property]) => {
    const { type, description = name, writeOnly: sensitive = false, enum: choices, ...rest } = Object(property);
    const kind = choices && type === 'string' ? 'choice' : Object.hasOwn(kindOf, type) ? kindOf[type] : undefined;
    const extra = stray(Object(property), propertyKeywords);
    if (!kind || extra) throw refuse(`"${name}" has an unsupported ${extra ? `keyword "${extra}"` : 'type'}.`);
    const required = Array.isArray(schema['required']) && schema['required'].includes(name);
    const options = { required, sensitive, default: rest.default };
    return [name, declareParameter(kind, String(description), options, choices)];
  });
  return Object.fromEntries(declared);
}
