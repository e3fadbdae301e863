import { secretType } from '../../domain/secrets';
import { definitionTypes } from '../../domain/types';
import { matchContext } from './conditions';
import { parseConstraints } from './parse';
import { compilePredicate } from './predicate';

const types = (name: string) => definitionTypes.find((type) => type.name === name);
const row = {
  id: '0b0d7c51-6f7b-4a11-9d3e-0a1b2c3d4e5f',
  number: 7,
  name: 'NAPALM_One',
  slug: 'napalm-one',
  description: '',
  provider: 'text-file',
  created: '2026-01-31T12:00:00.000Z',
  last_updated: '2026-01-31T12:00:00.000Z',
};
const matches = (constraints: unknown, parameters: unknown = {}, fields: object = {}) => {
  const parsed = parseConstraints(constraints, secretType, types);
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  if (!parsed.constraint) throw new Error('unrestricted');
  const context = matchContext({ id: '11111111-1111-4111-8111-111111111111', name: 'ann' });
  return compilePredicate(parsed.constraint, secretType, types).matches({ ...row, parameters, ...fields }, context);
};

describe('a lookup on a text', () => {
  const nasty = ['_', '%', '\\', '[', '*', '?', '%%', '.*', "'", '"', '\n', '😀', 'é', 'e\u0301'];
  test.each(nasty)('takes %j for itself', (text) => {
    for (const [lookup, inside] of [
      ['exact', text],
      ['iexact', text],
      ['contains', `a${text}b`],
      ['icontains', `a${text}b`],
      ['startswith', `${text}b`],
      ['istartswith', `${text}b`],
      ['endswith', `a${text}`],
      ['iendswith', `a${text}`],
    ] as const) {
      expect([lookup, matches({ [`name__${lookup}`]: text }, {}, { name: inside })]).toEqual([lookup, true]);
      expect([lookup, matches({ [`name__${lookup}`]: text }, {}, { name: 'aXb' })]).toEqual([lookup, false]);
    }
  });

  test.each<[object, string, boolean]>([
    [{ name__startswith: 'NAPALM_' }, 'NAPALMX', false],
    [{ name__startswith: 'NAPALM_' }, 'napalm_x', false],
    [{ name__istartswith: 'NAPALM_' }, 'napalm_x', true],
    [{ name__istartswith: 'NAPALM_' }, 'napalmx', false],
    [{ name__endswith: '_One' }, 'NAPALM_one', false],
    [{ name__contains: 'palm' }, 'NAPALM', false],
    [{ name__startswith: '' }, '', true],
    [{ name__exact: '' }, 'x', false],
    [{ name__startswith: 'abc' }, 'ab', false],
    // Case: the full upper case, then the lower one. No normalisation.
    [{ name__iexact: 'strasse' }, 'Straße', true],
    [{ name__icontains: 'SS' }, 'Straße', true],
    [{ name__istartswith: 'k' }, '\u212aelvin', true],
    [{ name__startswith: 'K' }, '\u212aelvin', false],
    [{ name__iexact: 'istanbul' }, 'İstanbul', false],
    [{ name__iexact: 'i\u0307stanbul' }, 'İstanbul', true],
    [{ name__iexact: 'ısparta' }, 'ISPARTA', true],
    [{ name__exact: 'caf\u00e9' }, 'cafe\u0301', false],
    [{ name__startswith: 'cafe' }, 'cafe\u0301', true],
    [{ name__endswith: '😀' }, 'a😀', true],
    [{ name__contains: '😁' }, '😀', false],
    [{ name__in: ['a', 'b'] }, 'b', true],
    [{ name__in: ['a', 'b'] }, 'B', false],
    // Order is by code point, where UTF-16 units would put the astral one first.
    [{ name__gt: '\uff5e' }, '😀', true],
    [{ name__lt: '\uff5e' }, '😀', false],
    [{ name__gte: 'b' }, 'b', true],
    [{ name__gt: 'b' }, 'b', false],
    [{ name__lte: 'b' }, 'B', true],
    [{ name__range: ['a', 'c'] }, 'b', true],
    [{ name__range: ['a', 'c'] }, 'c', true],
    [{ name__range: ['a', 'c'] }, 'cc', false],
    [{ name__range: ['c', 'a'] }, 'b', false],
    [{ name__regex: '^NAP.*_' }, 'NAPALM_', true],
    [{ name__regex: '^nap' }, 'NAPALM_', false],
    [{ name__iregex: '^nap' }, 'NAPALM_', true],
    [{ name__regex: '^a$' }, 'a\n', false],
    [{ name__regex: '^.$' }, '😀', true],
    [{ name__iregex: 'k' }, '\u212a', true],
    [{ name__iregex: 'ss' }, 'ß', false],
    // Half a character matches what its own text is.
    [{ name__endswith: '\u{10000}' }, 'a\udc00', false],
  ])('%j of %j: %s', (constraint, name, expected) => {
    expect(matches(constraint, {}, { name })).toBe(expected);
  });

  test('agrees with the list of code points that it is', () => {
    const texts = ['', 'a', 'ab', '😀', 'a😀', '😀a', '\ud7ff', '\ue000', '\uffff', '\u{10ffff}', 'é', 'z'];
    const points = (text: string) => Array.from(text, (one) => one.codePointAt(0) ?? 0);
    const less = (a: number[], b: number[]): boolean => {
      const at = a.findIndex((point, i) => point !== b[i]);
      return at < 0 ? a.length < b.length : b[at] !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
    };
    for (const value of texts) {
      for (const name of texts) {
        expect(matches({ name__lt: value }, {}, { name })).toBe(less(points(name), points(value)));
        expect(matches({ name__gte: value }, {}, { name })).toBe(!less(points(name), points(value)));
      }
    }
  });
});

describe('a lookup on a member of JSON', () => {
  const missing = {};
  test.each<[object, unknown, boolean]>([
    // A leaf meets its own type alone.
    [{ parameters__x: '1' }, { x: 1 }, false],
    [{ parameters__x: 1 }, { x: '1' }, false],
    [{ parameters__x: 1 }, { x: 1 }, true],
    [{ parameters__x: 1 }, { x: true }, false],
    [{ parameters__x: true }, { x: 'true' }, false],
    [{ parameters__x: true }, { x: 1 }, false],
    [{ parameters__x: true }, { x: true }, true],
    [{ parameters__x: 0 }, { x: false }, false],
    [{ parameters__x: -0 }, { x: 0 }, true],
    [{ parameters__x: '' }, { x: null }, false],
    [{ parameters__x__in: ['a', 1] }, { x: 1 }, true],
    [{ parameters__x__in: ['a', 1] }, { x: '1' }, false],
    [{ parameters__x__gt: 9 }, { x: 10 }, true],
    [{ parameters__x__gt: 9 }, { x: '10' }, false],
    [{ parameters__x__gt: '9' }, { x: '10' }, false],
    [{ parameters__x__lt: 9 }, { x: false }, false],
    [{ parameters__x__lt: 9 }, { x: null }, false],
    [{ parameters__x__range: [1, 2] }, { x: 1.5 }, true],
    [{ parameters__x__contains: '1' }, { x: 1 }, false],
    [{ parameters__x__startswith: 'tr' }, { x: true }, false],
    [{ parameters__x__regex: '' }, { x: 5 }, false],
    // Arrays and objects meet no scalar.
    [{ parameters__x__contains: 'a' }, { x: ['a'] }, false],
    [{ parameters__x__startswith: '[' }, { x: ['a'] }, false],
    [{ parameters__x: 'a' }, { x: ['a'] }, false],
    [{ parameters__x__icontains: 'a' }, { x: { a: 'a' } }, false],
    [{ parameters__x__regex: '.' }, { x: { a: 'a' } }, false],
    [{ parameters__x__0: 'a' }, { x: ['a'] }, false],
    [{ parameters__x__length: 1 }, { x: ['a'] }, false],
    [{ parameters__x__length: 1 }, { x: 'a' }, false],
    // What is missing meets nothing but isnull; JSON's null is there.
    [{ parameters__x: 'a' }, missing, false],
    [{ parameters__x: null }, missing, false],
    [{ parameters__x: null }, { x: null }, true],
    [{ parameters__x: null }, { x: 0 }, false],
    [{ parameters__x__isnull: true }, missing, true],
    [{ parameters__x__isnull: true }, { x: null }, false],
    [{ parameters__x__isnull: false }, { x: null }, true],
    [{ parameters__x__isnull: false }, { x: [] }, true],
    [{ parameters__x__y__isnull: true }, { x: 'text' }, true],
    [{ parameters__x__y__isnull: false }, { x: { y: 1 } }, true],
    [{ parameters__x__startswith: '' }, missing, false],
    [{ parameters__x__lte: '' }, missing, false],
    // Keys are names of own members, exact.
    [{ 'parameters__path"; x': 'a' }, { 'path"; x': 'a' }, true],
    [{ 'parameters__a.b': 'a' }, { 'a.b': 'a' }, true],
    [{ 'parameters__a.b': 'a' }, { a: { b: 'a' } }, false],
    [{ parameters__a__b: 'a' }, { a__b: 'a' }, false],
    [{ parameters__a__b: 'a' }, { a: { b: 'a' } }, true],
    [{ parameters__$: 'a' }, { $: 'a' }, true],
    [{ 'parameters__$.x': 'a' }, { x: 'a' }, false],
    [{ parameters__Path: 'a' }, { path: 'a' }, false],
    [{ parameters__constructor__isnull: true }, {}, true],
    [{ parameters__toString__isnull: false }, {}, false],
    [{ parameters__contains__exact: 'a' }, { contains: 'a' }, true],
    [{ parameters__in__startswith: 'a' }, { in: 'ab' }, true],
    [{ parameters__é: 'a' }, { 'e\u0301': 'a' }, false],
    [{ parameters__path__startswith: '/opt/secrets/' }, { path: '/opt/secrets/../x' }, true],
  ])('%j of %j: %s', (constraint, parameters, expected) => {
    expect(matches(constraint, parameters)).toBe(expected);
  });

  test('sees __proto__ as the member that it is in JSON', () => {
    const hostile = JSON.parse('{"__proto__": {"x": "a"}}') as object;
    const parsed = JSON.parse('{"parameters____proto____x": "a"}') as object;
    expect(() => matches(parsed, hostile)).toThrow('member');
    expect(matches({ parameters__x: 'a' }, hostile)).toBe(false);
  });
});

test.each<[object, object, boolean]>([
  [{ number: 7 }, {}, true],
  [{ number__gt: 6.5 }, {}, true],
  [{ number__in: [1, 7] }, {}, true],
  [{ id: '0B0D7C51-6F7B-4A11-9D3E-0A1B2C3D4E5F' }, {}, true],
  [{ id__in: ['0b0d7c51-6f7b-4a11-9d3e-0a1b2c3d4e50'] }, {}, false],
  [{ created: '2026-01-31T13:00:00+01:00' }, {}, true],
  [{ created__gt: '2026-01-31T12:30:00+01:00' }, {}, true],
  [{ created__lte: '2026-01-31T11:59:59.999Z' }, {}, false],
  [{ description__isnull: false }, {}, true],
  [{ description__isnull: true }, { description: null }, true],
  [{ description: null }, { description: null }, true],
  [{ description: null }, {}, false],
  [{ description: '' }, { description: null }, false],
  [{ description__startswith: '' }, { description: null }, false],
  [{ created__lt: '2030-01-01T00:00:00Z' }, { created: null }, false],
  [{ name: 'NAPALM_One', provider: 'text-file' }, {}, true],
  [{ name: 'NAPALM_One', provider: 'other' }, {}, false],
])('%j of a row with %j: %s', (constraint, fields, expected) => {
  expect(matches(constraint, {}, fields)).toBe(expected);
});

test('a list is satisfied by one of its members', () => {
  expect(matches([{ name: 'x' }, { provider: 'text-file', number: 7 }])).toBe(true);
  expect(matches([{ name: 'x' }, { provider: 'text-file', number: 8 }])).toBe(false);
});

test('$user is a value, whatever the user is called', () => {
  const parsed = parseConstraints({ name: '$user', description__in: ['x', '$user'] }, secretType, types);
  if ('faults' in parsed || !parsed.constraint) throw new Error('no constraint');
  const predicate = compilePredicate(parsed.constraint, secretType, types);
  for (const name of ['ann', '$user', '{"x":1}', '%', '.*', "' OR 1=1"]) {
    const mine = { ...row, parameters: {}, name, description: name };
    expect(predicate.matches(mine, matchContext({ id: undefined, name }))).toBe(true);
    expect(predicate.matches(mine, matchContext({ id: undefined, name: `${name}x` }))).toBe(false);
  }
});
