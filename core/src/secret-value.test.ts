import assert from 'node:assert';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { SecretValue } from './secret-value';

const canary = 'canary-7f3a9b';
const encodings = [
  canary,
  Buffer.from(canary).toString('base64'),
  Buffer.from(canary).toString('hex'),
  encodeURIComponent(canary),
];
type Sink = (value: SecretValue) => unknown;
const sinks: Record<string, Sink> = {
  inspect: (value) => inspect(value),
  'inspect with hidden members': (value) => inspect(value, { showHidden: true, depth: 9, getters: true }),
  'format %s': (value) => format('%s', value),
  'format %o': (value) => format('%o', value),
  'format %O': (value) => format('%O', value),
  'format %j': (value) => format('%j', value),
  'format %d': (value) => format('%d', value),
  JSON: (value) => JSON.stringify({ value, list: [value] }),
  'template literal': (value) => `${value}`,
  concatenation: (value) => 'a' + String(value),
  'string conversion': (value) => String(value),
  'valueOf()': (value: SecretValue) => value.valueOf(),
  'property key': (value) => Object.keys({ [String(value)]: 1 }),
  'error message': (value) => inspect(new Error(`failed with ${value}`)),
  'error cause': (value) => inspect(new Error('failed', { cause: value })),
  'assertion difference': (value) => {
    try {
      assert.deepStrictEqual({ value }, { value: 1 });
    } catch (error) {
      return inspect(error);
    }
    return '';
  },
  spread: (value) => inspect({ ...value }),
  entries: (value) => inspect([Object.entries(value), Object.getOwnPropertyNames(value), Reflect.ownKeys(value)]),
  'structured clone': (value) => inspect(structuredClone(value), { showHidden: true }),
  'v8 serialize': (value) => serialize(value).toString('latin1'),
  map: (value) => inspect(new Map([[value, value]])),
  'query string': (value) => new URLSearchParams({ value: String(value) }).toString(),
  'own symbols': (value) => inspect(Object.getOwnPropertySymbols(value).map((key) => Reflect.get(value, key))),
};

describe.each<[string, SecretValue]>([
  ['text', new SecretValue(canary)],
  ['bytes', new SecretValue(Buffer.from(canary))],
])('a secret value of %s', (kind, value) => {
  test.each(Object.keys(sinks))('gives nothing away to %s', (sink) => {
    const seen = String(sinks[sink]?.(value));
    for (const encoding of encodings) expect(seen.includes(encoding)).toBe(false);
  });

  test('is given on purpose', () => {
    expect(value.kind).toBe(kind);
    expect(value.reveal() === canary).toBe(true);
    expect(Buffer.from(value.revealBytes()).equals(Buffer.from(canary))).toBe(true);
  });

  test('cannot be changed through what it gave', () => {
    value.revealBytes().fill(0);
    expect(value.reveal() === canary).toBe(true);
    expect(Object.isFrozen(value)).toBe(true);
  });
});

test('every conversion gives the mark, and no other can be put in its place', () => {
  const value = new SecretValue(canary);
  for (const name of ['toString', 'toJSON', 'valueOf', Symbol.toPrimitive]) {
    expect(Reflect.apply(Reflect.get(value, name), value, [])).toBe('[REDACTED]');
    expect(Reflect.set(SecretValue.prototype, name, () => 'other')).toBe(false);
    expect(Reflect.set(value, name, () => 'other')).toBe(false);
  }
});

test('bytes that are not UTF-8 are given as bytes only, and a byte order mark is kept', () => {
  expect(() => new SecretValue(Uint8Array.of(0xff, 0xfe)).reveal()).toThrow('The backend answered something unusable.');
  expect(new SecretValue(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)).reveal()).toBe('\ufeffa');
});

test('is known by its brand, whichever copy of core made it', () => {
  expect(SecretValue.is(new SecretValue('x'))).toBe(true);
  expect(SecretValue.is({ [Symbol.for('latchkey.secret-value')]: true })).toBe(true);
  for (const other of ['x', null, undefined, {}, []]) expect(SecretValue.is(other)).toBe(false);
});
