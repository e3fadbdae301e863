import { itemPath, leafPath, leavesOf } from './json-leaves';

const leaf = (keys: string[], kind: string, more: object = {}) => ({
  path: leafPath(keys),
  kind,
  text: null,
  folded: null,
  number: null,
  ...more,
});

test('every member of an object is a leaf of its type; those of arrays are none', () => {
  const json = { a: 'Straße', n: 1.5, yes: true, no: false, nil: null, list: ['x', { y: 1 }], in: { ner: 'K' } };
  expect(leavesOf(json)).toEqual([
    leaf(['a'], 'text', { text: 'Straße', folded: 'strasse' }),
    leaf(['n'], 'number', { number: 1.5 }),
    leaf(['yes'], 'true'),
    leaf(['no'], 'false'),
    leaf(['nil'], 'null'),
    leaf(['list'], 'other'),
    leaf(['in'], 'other'),
    leaf(['in', 'ner'], 'text', { text: 'K', folded: 'k' }),
  ]);
});

test('two ways never have one path', () => {
  const ways = [['a', 'b'], ['a.b'], ['a","b'], ['a__b'], ['["a","b"]'], ['a', '', 'b'], ['a', 'b', ''], ['a\\"', 'b']];
  expect(new Set(ways.map(leafPath)).size).toBe(ways.length);
});

test('members of any name are leaves, and what the stored text cannot say is none', () => {
  const json: unknown = JSON.parse('{"__proto__": {"constructor": 1}, "": "empty"}');
  expect(leavesOf(json).map(({ path }) => path)).toEqual(['["__proto__"]', '["__proto__","constructor"]', '[""]']);
  expect(leavesOf({ never: undefined, much: Infinity })).toEqual([leaf(['much'], 'null')]);
});

test('there are leaves as deep as a constraint leads', () => {
  const deep = (depth: number): unknown => (depth === 0 ? 'end' : { a: deep(depth - 1) });
  expect(leavesOf(deep(8)).at(-1)).toMatchObject({ kind: 'text', text: 'end' });
  expect(leavesOf(deep(9)).at(-1)).toMatchObject({ kind: 'other' });
  expect(leavesOf(null)).toEqual([]);
});

test('the texts of lists by name are leaves where that is asked for, each once', () => {
  const json = { list: ['x', 'x', 1, 'y'], in: { ner: ['z'] } };
  const items = leavesOf(json, true).filter(({ kind }) => kind === 'item');
  expect(items.map(({ path }) => path)).toEqual([itemPath(['list'], 'x'), itemPath(['list'], 'y')]);
  expect(itemPath(['list'], 'x')).not.toBe(leafPath(['list', 'x']));
});
