import type { TypeDescriptor } from './descriptor';

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The name of a type's model in Nautobot's texts: `secrets group` -> `SecretsGroup`. */
export function modelName({ label, model }: TypeDescriptor): string {
  if (model !== undefined) return model;
  return label.split(' ').map(capital).join('');
}

/** Nautobot's text for a row that is not there, or may not be seen. */
export function noRow(type: TypeDescriptor): string {
  return `No ${modelName(type)} matches the given query.`;
}

/** Nautobot's text for a related row that is not there, or may not be seen. */
export function relatedNotFound(attributes: Readonly<Record<string, unknown>>): string {
  const { id, ...others } = attributes;
  const parts = Object.entries(others).map(([name, value]) => `${python(name)}: ${python(value)}`);
  const key = id === undefined ? [] : [`'pk': UUID(${python(id)})`];
  return `Related object not found using the provided attributes: {${[...key, ...parts].join(', ')}}`;
}

/** Nautobot's text for a reference in a form that is none. */
export function unrecognized(value: unknown): string {
  const shown =
    typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 255) : pythonType(value);
  return `Related objects must be referenced by ID or by dictionary of attributes. Received an unrecognized value: ${shown}`;
}

/** The name of a JSON value's type, as Python has it. */
export function pythonType(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool' }[typeof value as 'string'] ?? 'dict';
}

/** Nautobot's text for what should be a list and is none. */
export function notAList(value: unknown): string {
  return `Expected a list of items but got type "${pythonType(value)}".`;
}

// Python's repr of a text: single quotes, unless the text holds those and no double ones.
function python(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const escaped = value.replaceAll('\\', '\\\\');
  return value.includes("'") && !value.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}
