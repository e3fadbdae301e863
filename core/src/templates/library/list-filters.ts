import { TemplateRenderError } from '../errors';
import { bounded, fits } from '../limits';
import { binary } from '../python/operators';
import { length, points } from '../python/text';
import {
  asNumber,
  Float,
  isList,
  isMapping,
  items,
  member,
  order,
  text,
  truth,
  Tuple,
  typeName,
  type Value,
} from '../python/values';
import { table, type Formal } from './signature';

/** The own value at a dotted path below an item, as Jinja2's `attribute` arguments take it. */
function reader(attribute: Value): (item: Value) => Value {
  if (attribute === null) return (item) => item;
  const path = typeof attribute === 'string' ? attribute.split('.') : [attribute];
  const keys = path.map((part) => (typeof part === 'string' && /^\d{1,9}$/.test(part) ? Number(part) : part));
  return (item) => {
    let value: Value | undefined = item;
    for (const key of keys) {
      value = member(value, key);
      if (value === undefined) throw new TemplateRenderError('An attribute of an item is undefined');
    }
    return value;
  };
}

/** What items are compared by: an attribute, and text without its case. */
function keyOf(isCaseSensitive: Value, attribute: Value): (item: Value) => Value {
  const read = reader(attribute);
  return (item) => {
    const key = read(item);
    return typeof key === 'string' && !truth(isCaseSensitive) ? key.toLowerCase() : key;
  };
}

/** A text that is alike for keys that Python holds for equal. A part is led by its length, so that it needs no escapes. */
function identity(key: Value): string {
  const number = asNumber(key);
  if (number !== undefined) return `number ${number instanceof Float ? number.value : number}`;
  if (key instanceof Tuple)
    return `tuple ${key
      .map(identity)
      .map((part) => `${part.length} ${part}`)
      .join('')}`;
  if (typeof key === 'string' || key === null) return `${typeName(key)} ${key}`;
  throw new TemplateRenderError(`${typeName(key)} cannot be compared for uniqueness`);
}

function unique(subject: Value, isCaseSensitive: Value, attribute: Value): Value {
  const key = keyOf(isCaseSensitive, attribute);
  const seen = new Set<string>();
  return items(subject).filter((item) => seen.size < seen.add(identity(key(item))).size);
}

function sort(subject: Value, isReversed: Value, isCaseSensitive: Value, attribute: Value): Value {
  const names = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keys = names.map((name) => keyOf(isCaseSensitive, name));
  const sign = truth(isReversed) ? -1 : 1;
  const rows = items(subject).map((item) => ({ item, by: keys.map((key) => key(item)) }));
  rows.sort((a, b) => {
    for (const [i, key] of a.by.entries()) {
      const difference = order(key, b.by[i] as Value) ?? 0;
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
  return rows.map(({ item }) => item);
}

function extreme(sign: number) {
  return (subject: Value, isCaseSensitive: Value, attribute: Value): Value | undefined => {
    const key = keyOf(isCaseSensitive, attribute);
    const rows = items(subject).map((item) => ({ item, by: key(item) }));
    return rows.reduce<(typeof rows)[number] | undefined>(
      (best, row) => (best && sign * (order(row.by, best.by) ?? 0) <= 0 ? best : row),
      undefined,
    )?.item;
  };
}

function join(subject: Value, separator: Value, attribute: Value): string {
  const read = reader(attribute);
  const glue = text(separator);
  const parts = items(subject).map((item) => text(read(item)));
  fits(parts.reduce((total, part) => total + part.length + glue.length, 0) - (parts.length > 0 ? glue.length : 0));
  return bounded(parts.join(glue));
}

function size(subject: Value): number {
  if (typeof subject === 'string') return length(subject);
  if (isList(subject)) return subject.length;
  if (isMapping(subject)) return Object.keys(subject).length;
  throw new TemplateRenderError(`${typeName(subject)} has no length`);
}

const add = binary['Add'] as (a: Value, b: Value) => Value;

function sum(subject: Value, attribute: Value, start: Value): Value {
  const read = reader(attribute);
  if (typeof start === 'string') throw new TemplateRenderError('sum adds numbers; use join for text');
  return items(subject).map(read).reduce(add, start);
}

const comparing: readonly Formal[] = [
  ['case_sensitive', false],
  ['attribute', null],
];

/** The filters on lists, texts as lists of characters and mappings as lists of keys; undefined where Jinja2 has none. */
export const listFilters = table<Value, Value | undefined>({
  count: [[], size],
  first: [[], (subject) => items(subject)[0]],
  join: [
    [
      ['d', ''],
      ['attribute', null],
    ],
    join,
  ],
  last: [[], (subject) => items(subject).at(-1)],
  length: [[], size],
  list: [[], (subject) => [...items(subject)]],
  max: [comparing, extreme(1)],
  min: [comparing, extreme(-1)],
  reverse: [
    [],
    (subject) => (typeof subject === 'string' ? points(subject).toReversed().join('') : items(subject).toReversed()),
  ],
  sort: [[['reverse', false], ...comparing], sort],
  sum: [
    [
      ['attribute', null],
      ['start', 0],
    ],
    sum,
  ],
  unique: [comparing, unique],
});
