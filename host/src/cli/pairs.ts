import { CommandError } from './exit-codes';

const usage = (message: string, remedy: string) => new CommandError('usage', message, remedy);
const unsafe = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads `key=value`; the value may hold further equals signs. */
export function readPair(option: string, text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usage(`--${option} takes key=value, not "${text}".`, `Write --${option} key=value, and repeat it for more.`);
}

/** The declared types of a provider's parameters, as JSON Schema has them. */
export type ParameterTypes = Readonly<Record<string, { readonly type?: string }>>;

/** Reads parameters; texts become flags and integers where that is declared, unless they are templates. */
export function readParameters(pairs: readonly string[], types: ParameterTypes): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key, value] = readPair('param', pair);
      const type = Object.hasOwn(types, key) ? types[key]?.type : undefined;
      return [key, /\{[{%#]/.test(value) ? value : typed(value, type)];
    }),
  );
}

// What does not fit stays text: the host says what is wrong with it.
function typed(value: string, type: string | undefined): unknown {
  if (type === 'boolean' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  if (type === 'integer' && /^-?\d{1,15}$/.test(value)) return Number(value);
  return value;
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets attributes over others: `site.slug=nyc` nests; a value is JSON where it reads as JSON, otherwise text. */
export function setAttributes(pairs: readonly string[], over: Readonly<Tree> = {}): Tree {
  const attributes = structuredClone(over) as Tree;
  for (const pair of pairs) {
    const [key, value] = readPair('attribute', pair);
    const [last, folders] = partsOf(key);
    let folder = attributes;
    for (const part of folders) {
      const next = Object.hasOwn(folder, part) ? folder[part] : (folder[part] = {});
      if (!isTree(next))
        throw usage(`"${part}" in "${key}" holds a plain value.`, 'Take it away with --unset-attribute.');
      folder = next;
    }
    folder[last] = readValue(value);
  }
  return attributes;
}

/** Takes attributes away, by their dotted keys; those that are not there already are passed over. */
export function unsetAttributes(keys: readonly string[], from: Readonly<Tree>): Tree {
  const attributes = structuredClone(from) as Tree;
  for (const key of keys) {
    const [last, folders] = partsOf(key);
    const folder = folders.reduce<unknown>((tree, part) => (isTree(tree) ? tree[part] : undefined), attributes);
    if (isTree(folder)) delete folder[last];
  }
  return attributes;
}

function partsOf(key: string): readonly [last: string, folders: readonly string[]] {
  const parts = key.split('.');
  if (parts.some((part) => part === '' || unsafe.has(part)))
    throw usage(`"${key}" is no key of an attribute.`, 'Write names with dots, such as site.slug.');
  return [parts.at(-1) as string, parts.slice(0, -1)];
}

// A number that would not be written back alike stays text: 1.10 is a version, and a long serial number loses digits.
function readValue(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'number' && String(value) !== text ? text : value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text;
  }
}
