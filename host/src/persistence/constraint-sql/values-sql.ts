import type { Bound, Dialect } from './dialects';
import { prefixEnd } from './prefix-end';
import { and, exactly, never, type Where } from './where';

interface Binding {
  readonly bind: (value: Bound) => string;
  readonly dialect: Dialect;
}

const equal = (column: string, value: Bound, { bind }: Binding): Where => exactly(`${column} = ${bind(value)}`);

/** The number is one of these. */
export function amongNumbers(column: string, values: readonly number[], binding: Binding): Where {
  const [first] = values;
  if (first === undefined) return never;
  if (values.length === 1) return equal(column, first, binding);
  const { bind, dialect } = binding;
  // One list is one place, however long it is.
  return exactly(dialect.among(column, bind(JSON.stringify(values)), 'number'));
}

/** The text is one of these; where it may be `long`, its start is asked first, since an index may hold no more of it. */
export function amongTexts(column: string, given: readonly string[], binding: Binding, long = false): Where {
  const { bind, dialect } = binding;
  const values = given.filter(dialect.holds);
  const [first] = values;
  if (first === undefined) return never;
  const start = long ? dialect.start : undefined;
  const found = (at: string, texts: readonly string[]): Where =>
    texts.length === 1
      ? equal(at, texts[0] as string, binding)
      : exactly(dialect.among(at, bind(JSON.stringify(texts)), 'text'));
  if (start === undefined) return found(column, values);
  const starts = values.map((value) => firstOf(value, start));
  const near = found(dialect.startOf(column, start), starts);
  // A start that is shorter than it might be is the whole text.
  return starts.every((text) => [...text].length < start) ? near : and([near, found(column, values)]);
}

/** The text begins with the value: it is in a range, which an index answers. */
export function beginsWith(column: string, value: string, binding: Binding, long = false): Where {
  const { dialect } = binding;
  if (!dialect.holds(value)) return never;
  const start = long ? dialect.start : undefined;
  if (start === undefined) return inRange(column, value, binding);
  const at = dialect.startOf(column, start);
  const head = firstOf(value, start);
  return head === value
    ? inRange(at, value, binding)
    : and([equal(at, head, binding), inRange(column, value, binding)]);
}

function inRange(column: string, value: string, { bind }: Binding): Where {
  const end = prefixEnd(value);
  const from = exactly(`${column} >= ${bind(value)}`);
  return end === undefined ? from : and([from, exactly(`${column} < ${bind(end)}`)]);
}

function firstOf(text: string, count: number): string {
  return text.length <= count ? text : [...text].slice(0, count).join('');
}
