import { parameter, parametersSchema, validateParameters, type ParameterValues } from './parameters';
import { slots, type Slot } from './slots';

const shape = {
  path: parameter.text('A path', { slot: 'path', example: '/a' }),
  variable: parameter.text('A name', { slot: 'env-name', required: false }),
  version: parameter.choice('A version', ['v1', 'v2'], { default: 'v2' }),
  count: parameter.integer('A count', { required: false }),
  raw: parameter.flag('Raw bytes'),
};
const isTemplate = (text: string) => text.includes('{{');
const messages = (input: unknown, template?: typeof isTemplate) =>
  validateParameters(shape, input, template).faults.map(({ message }) => message);

test('gives the provider the types that were declared', () => {
  type Received = ParameterValues<typeof shape>;
  const received: Received = { path: '/a', variable: undefined, version: 'v1', count: undefined, raw: false };
  const version: 'v1' | 'v2' = received.version;
  const count: number | undefined = received.count;
  expect([version, count]).toEqual(['v1', undefined]);
});

test('types what it takes and fills in defaults', () => {
  const { values, faults } = validateParameters(shape, { path: '/a', count: '-12', raw: 'True' });
  expect(faults).toEqual([]);
  expect(values).toEqual({ path: '/a', variable: undefined, version: 'v2', count: -12, raw: true });
});

test.each([
  ['no object', 'text', ['A JSON object is required.']],
  ['a list', [], ['A JSON object is required.']],
  ['null', null, ['A JSON object is required.']],
  ['nothing', {}, ['The "path" parameter is mandatory!']],
  ['an empty mandatory text', { path: '' }, ['The "path" parameter is mandatory!']],
  [
    'an extra key',
    { path: '/a', extra: 1 },
    ['Unknown parameter "extra"; known: path, variable, version, count, raw.'],
  ],
  ['an inherited name', { path: '/a', constructor: 1 }, [expect.stringContaining('Unknown parameter "constructor"')]],
  ['a number for a text', { path: 7 }, ['The "path" parameter: Not a valid string.']],
  ['a wrong choice', { path: '/a', version: 'v3' }, ['The "version" parameter: Not one of v1, v2.']],
  ['a fraction', { path: '/a', count: 1.5 }, ['The "count" parameter: A valid integer is required.']],
  ['a word for an integer', { path: '/a', count: '0x1' }, ['The "count" parameter: A valid integer is required.']],
  ['an inherited name for a flag', { path: '/a', raw: 'constructor' }, [expect.stringContaining('valid boolean')]],
  ['a word for a flag', { path: '/a', raw: 'yes' }, ['The "raw" parameter: Must be a valid boolean.']],
  ['a relative path', { path: 'a' }, ['Path must be an absolute path, not a relative one']],
  ['a climbing path', { path: '/a/../b' }, ['Illegal character sequence in path']],
  [
    'a bad name',
    { path: '/a', variable: 'A-B' },
    [expect.stringContaining('The "variable" parameter: Must be a variable name')],
  ],
])('refuses %s', (_case, input, expected) => {
  expect(messages(input)).toEqual(expected);
});

test('of a template only what holds for every rendering is checked', () => {
  expect(
    messages({ path: '/a/{{ obj.name }}', variable: 'A-{{ obj.name }}', count: '{{ obj.n }}' }, isTemplate),
  ).toEqual([]);
  expect(messages({ path: '{{ obj.path }}' }, isTemplate)).toEqual([
    'Path must be an absolute path, not a relative one',
  ]);
  expect(messages({ path: '/{{ obj.a }}/../b' }, isTemplate)).toEqual(['Illegal character sequence in path']);
});

test('describes itself as a closed JSON Schema', () => {
  expect(parametersSchema(shape)).toMatchObject({
    type: 'object',
    required: ['path'],
    additionalProperties: false,
    properties: {
      path: { type: 'string', description: 'A path', examples: ['/a'] },
      version: { type: 'string', enum: ['v1', 'v2'], default: 'v2' },
      count: { type: 'integer' },
      raw: { type: 'boolean', default: false },
    },
  });
  expect(parametersSchema({ token: parameter.text('A token', { sensitive: true }) })).toMatchObject({
    properties: { token: { writeOnly: true } },
  });
});

const good: Record<Slot, string[]> = {
  'env-name': ['A', '_a9', 'GIT_TOKEN_X'],
  path: ['/', '/a/b.txt', '/a b/é'],
  'url-path': ['a', 'a/b', '/a/b/', 'a b', 'é'],
  'json-key': ['a', 'a.b', 'Ünï'],
};
const bad: Record<Slot, string[]> = {
  'env-name': ['', '9A', 'A-B', 'A B', 'A=B', 'Ä', 'A\n', 'A\0'],
  path: ['a', '../a', '/a/../b', '/a..b', '/a\0', '/a\n', '/\u202e', `/${'x'.repeat(4096)}`],
  'url-path': [
    '',
    '/',
    'a//b',
    'a/./b',
    'a/../b',
    'a/%2e%2e/b',
    'a%2Fb',
    'a?b',
    'a#b',
    'a\\b',
    'a;b',
    'a\r\nb',
    '%',
    '..;',
  ],
  'json-key': ['a\0', 'a\u200b', '\ud800'],
};
const rows = (table: Record<Slot, string[]>) =>
  Object.entries(table).flatMap(([slot, texts]) => texts.map((text) => [slot, text] as [Slot, string]));

test.each(rows(good))('slot %s takes %j', (slot, text) => expect(slots[slot].rendered(text)).toBeUndefined());
test.each(rows(bad))('slot %s refuses %j', (slot, text) =>
  expect(slots[slot].rendered(text)).toEqual(expect.any(String)),
);
