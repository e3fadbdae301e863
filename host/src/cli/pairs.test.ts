import { CommandError } from './exit-codes';
import { readPair, readParameters, setAttributes, unsetAttributes } from './pairs';

const refusalOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof CommandError ? error.ending : error;
  }
};

test('a pair is split at its first equals sign', () => {
  expect(readPair('param', 'path=/a=b')).toEqual(['path', '/a=b']);
  expect(readPair('param', 'path=')).toEqual(['path', '']);
  for (const text of ['path', '=b', '']) expect(refusalOf(() => readPair('param', text))).toBe('usage');
});

describe('parameters', () => {
  const types = { path: { type: 'string' }, raw: { type: 'boolean' }, version: { type: 'integer' } };

  test.each([
    ['raw=true', { raw: true }],
    ['raw=False', { raw: false }],
    ['raw=yes', { raw: 'yes' }],
    ['raw={{ obj.raw }}', { raw: '{{ obj.raw }}' }],
    ['version=2', { version: 2 }],
    ['version=-2', { version: -2 }],
    ['version=2.5', { version: '2.5' }],
    ['version=99999999999999999999', { version: '99999999999999999999' }],
    ['path=true', { path: 'true' }],
    ['path=2', { path: '2' }],
    ['unknown=2', { unknown: '2' }],
    ['toString=2', { toString: '2' }],
  ])('%s is typed as declared', (pair, parameters) => {
    expect(readParameters([pair], types)).toEqual(parameters);
  });
});

describe('attributes', () => {
  test.each([
    [['site.slug=nyc', 'site.region.name=east'], { site: { slug: 'nyc', region: { name: 'east' } } }],
    [['n=12', 'b=true', 'z=null'], { n: 12, b: true, z: null }],
    [['l=[1, "a"]', 'o={"a": 1}', 'o.b=2'], { l: [1, 'a'], o: { a: 1, b: 2 } }],
    [['text="12"', 'empty='], { text: '12', empty: '' }],
    // Texts that a number would not give back alike.
    [['v=1.10', 'serial=12345678901234567890', 'zip=007'], { v: '1.10', serial: '12345678901234567890', zip: '007' }],
    [['a=1', 'a=2'], { a: 2 }],
  ])('%j', (pairs, attributes) => {
    expect(setAttributes(pairs)).toEqual(attributes);
  });

  test.each(['__proto__.a=1', 'a.__proto__=1', 'constructor.prototype.a=1', 'a..b=1', '.a=1', 'a.=1'])(
    '%s is refused',
    (pair) => {
      expect(refusalOf(() => setAttributes([pair]))).toBe('usage');
      expect(({} as { a?: unknown }).a).toBeUndefined();
    },
  );

  test('a plain value is not silently replaced by an object', () => {
    expect(refusalOf(() => setAttributes(['site=nyc', 'site.slug=nyc']))).toBe('usage');
  });

  test('are set over others, and taken away, without a change of what was read', () => {
    const before = { site: { slug: 'nyc', tier: 1 }, role: 'core' };
    expect(setAttributes(['site.slug=ams'], before)).toEqual({ site: { slug: 'ams', tier: 1 }, role: 'core' });
    expect(unsetAttributes(['site.tier', 'role', 'no.such'], before)).toEqual({ site: { slug: 'nyc' } });
    expect(before).toEqual({ site: { slug: 'nyc', tier: 1 }, role: 'core' });
  });
});
