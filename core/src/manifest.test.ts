import { configShape, parseManifest } from './manifest';
import { parameter, parametersSchema } from './parameters';

const latchkey = { id: 'some-backend', core: '^0.1.0' };
const parse = (change: object) =>
  parseManifest({ name: 'some', version: '1.2.3', latchkey: { ...latchkey, ...change } });

test('a manifest names its package, its version and what it requires', () => {
  const manifest = parse({ requires: ['other'], isolation: { tier: 'trusted' } });
  expect(manifest).toEqual({
    package: 'some',
    version: '1.2.3',
    requires: ['other'],
    isolation: { tier: 'trusted' },
    ...latchkey,
  });
  expect(parse({}).requires).toEqual([]);
});

test.each([
  [{ id: undefined }, 'id must be kebab-case.'],
  [{ id: 'Some' }, 'id must be kebab-case.'],
  [{ id: '-some' }, 'id must be kebab-case.'],
  [{ core: undefined }, 'core must be a version range.'],
  [{ core: '' }, 'core must be a version range.'],
  [{ core: 1 }, 'core must be a version range.'],
  [{ entry: '/etc/passwd' }, 'entry must be a path inside the package, such as ./index.js.'],
  [{ entry: './../other/index.js' }, 'entry must be a path inside the package, such as ./index.js.'],
  [{ kind: 'other' }, 'kind must be provider or plugin.'],
  [{ requires: 'other' }, 'requires must be a list of plugin ids.'],
  [{ requires: ['Other'] }, 'requires must be a list of plugin ids.'],
  [{ config: [] }, 'config must be a JSON Schema, or the path of one.'],
  [{ config: '../schema.json' }, 'config must be a JSON Schema, or the path of one.'],
  [{ apiVersion: 1 }, /^some: unknown key "apiVersion"; known: id, core, entry, /],
])('%j is refused: %s', (change, message) => {
  const fault = typeof message === 'string' ? `some: ${message}` : message;
  expect(() => parse(change)).toThrow(fault);
  expect(() => parse(change)).toThrow(expect.objectContaining({ code: 'plugin-manifest' }));
});

test.each([undefined, null, [], 'text', {}, { name: 'some' }, { name: 'some', version: '1.0.0', latchkey: [] }])(
  'a package.json that is %j is refused',
  (json) => {
    expect(() => parseManifest(json, 'some')).toThrow(/^some: it has no /);
  },
);

test('a schema that parameters emit gives these parameters back', () => {
  const shape = {
    name: parameter.text('A name'),
    color: parameter.choice('A color', ['red', 'blue'], { default: 'red' }),
    size: parameter.integer('A size', { required: false, example: 3 }),
    loud: parameter.flag('Whether loud'),
    password: parameter.text('A password', { sensitive: true }),
  };
  const schema: unknown = JSON.parse(JSON.stringify(parametersSchema(shape)));
  expect(configShape('some', schema)).toEqual({ ...shape, size: { ...shape.size, example: undefined } });
});

test.each([
  [undefined, 'not a JSON Schema with properties.'],
  [{ type: 'object' }, 'not a JSON Schema with properties.'],
  [{ properties: {}, oneOf: [] }, 'the keyword "oneOf" is not supported.'],
  [{ properties: { size: { type: 'integer', minimum: 1 } } }, '"size" has an unsupported keyword "minimum".'],
  [{ properties: { size: { type: 'number' } } }, '"size" has an unsupported type.'],
  [{ properties: { size: { type: 'constructor' } } }, '"size" has an unsupported type.'],
  [{ properties: { size: true } }, '"size" has an unsupported type.'],
])('the schema %j is refused: %s', (schema, fault) => {
  expect(() => configShape('some', schema)).toThrow(`some: config: ${fault}`);
});
