import { createHost, type Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { restClient, type Rest, type RestAnswer } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

type Row = RestAnswer['body'];

let host: Host;
let rest: Rest;
beforeAll(async () => {
  host = await createHost(localConfig());
  rest = restClient(await host.listen(), adminToken);
});
afterAll(async () => {
  await host.close();
  removeTemporaryFolders();
});

const secrets = ['extras.secret'];
const field = (key: string, type: string, more: object = {}) =>
  create(rest, 'extras/custom-fields', { label: key, key, type, content_types: secrets, ...more });
const choice = (custom_field: Row, value: string, more: object = {}) =>
  create(rest, 'extras/custom-field-choices', { custom_field: custom_field.id, value, ...more });
const secret = (name: string, custom_fields?: object) =>
  create(rest, 'extras/secrets', {
    name,
    provider: 'environment-variable',
    parameters: { variable: 'A' },
    ...(custom_fields && { custom_fields }),
  });
const patch = async ({ id }: Row, custom_fields: object) => {
  const { status, body } = await rest('PATCH', `/api/extras/secrets/${id}/`, { body: { custom_fields } });
  return [status, status === 200 ? body.custom_fields : body];
};
const valuesOf = async ({ id }: Row) => (await rest('GET', `/api/extras/secrets/${id}/`)).body.custom_fields;
const remove = ({ url }: Row) => rest('DELETE', new URL(url).pathname);
const names = async (query: string) => {
  const { status, body } = await rest('GET', `/api/extras/secrets/?${query}`);
  return status === 200 ? (body.results as Row[]).map(({ name }) => name as string) : body;
};
const lastChange = async ({ id }: Row) =>
  (await rest('GET', `/api/extras/object-changes/?changed_object_id=${id}&sort=-time&limit=1`)).body.results[0];

/** Takes every field and every secret away, so that each test begins with none. */
async function clear(): Promise<void> {
  for (const address of ['extras/secrets', 'extras/secrets-groups', 'extras/custom-fields'])
    for (const row of (await rest('GET', `/api/${address}/?limit=0`)).body.results as Row[])
      expect([address, (await remove(row)).status]).toEqual([address, 204]);
}
afterEach(clear);

describe('a custom field', () => {
  test('is told in full, with a key that is made of its label', async () => {
    const made = await create(rest, 'extras/custom-fields', {
      label: 'Owner  team-1',
      type: 'text',
      content_types: ['extras.secret', 'extras.secretsgroup'],
    });
    expect(made).toMatchObject({
      object_type: 'extras.customfield',
      display: 'Owner  team-1',
      natural_slug: `owner-team-1_${made.id.slice(0, 4)}`,
      content_types: ['extras.secret', 'extras.secretsgroup'],
      type: { value: 'text', label: 'Text' },
      filter_logic: { value: 'loose', label: 'Loose' },
      key: 'owner_team_1',
      grouping: '',
      description: '',
      required: false,
      default: null,
      weight: 100,
      validation_minimum: null,
      validation_maximum: null,
      validation_regex: '',
      advanced_ui: false,
      scope_filter: {},
      notes_url: `${made.url}notes/`,
    });
    expect((await rest('GET', '/api/extras/custom-fields/owner_team_1/')).body.id).toBe(made.id);
    const again = await rest('PUT', new URL(made.url).pathname, { body: made });
    expect([again.status, again.body.type]).toEqual([200, made.type]);
    const options = await rest('OPTIONS', '/api/extras/custom-fields/');
    expect(options.body.actions.POST.filter_logic.choices).toContainEqual({ value: 'exact', display: 'Exact' });
  });

  test.each([
    [{ content_types: secrets }, { type: ['This field is required.'], label: ['This field is required.'] }],
    [{ type: 'colour' }, { type: ['"colour" is not a valid choice.'] }],
    [{ content_types: ['users.token'] }, { content_types: ['Invalid content type: users.token'] }],
    [{ key: '1st' }, { key: [expect.stringContaining('not Python/GraphQL safe')] }],
    [{ key: 'a-b' }, { key: [expect.stringContaining('not Python/GraphQL safe')] }],
    [{ key: 'a__n' }, { key: [expect.stringContaining('two underscores')] }],
    [{ key: 'constructor' }, { key: ['This key cannot be used.'] }],
    [
      { type: 'date', validation_minimum: 1 },
      { validation_minimum: ['A minimum value may not be set for fields of this type'] },
    ],
    [
      { type: 'boolean', validation_maximum: 1 },
      { validation_maximum: ['A maximum value may not be set for fields of this type'] },
    ],
    [{ validation_maximum: 2 ** 31 }, { validation_maximum: [expect.stringContaining('less than or equal to')] }],
    [{ weight: -1 }, { weight: ['Ensure this value is greater than or equal to 0.'] }],
    [
      { type: 'integer', validation_regex: 'a' },
      { validation_regex: ['Regular expression validation is not supported for fields of this type'] },
    ],
    [{ validation_regex: '(a' }, { validation_regex: [expect.stringContaining('Not a regular expression of RE2')] }],
    [{ validation_regex: '(?=a)' }, { validation_regex: [expect.stringContaining('Not a regular expression of RE2')] }],
    [{ type: 'integer', default: 'x' }, { default: ['Invalid default value "x": Value must be an integer.'] }],
    [
      { type: 'select', default: 'high' },
      { default: ['Invalid default value "high": Invalid choice (high). Available choices are: '] },
    ],
    [{ scope_filter: { name: 'x' } }, { scope_filter: [expect.any(String)] }],
  ])('is refused as %j', async (given, faults) => {
    const whole = 'content_types' in given && !('type' in given) && given.content_types === secrets;
    const body = whole ? given : { label: 'One', key: 'one', type: 'text', content_types: secrets, ...given };
    const answer = await rest('POST', '/api/extras/custom-fields/', { body });
    expect([answer.status, answer.body]).toEqual([400, faults]);
  });

  test('is found by the types that it is for, as tags are', async () => {
    await field('a', 'text');
    await field('b', 'text', { content_types: ['extras.secret', 'extras.tag'] });
    await field('c', 'text', { content_types: ['extras.tag'] });
    const keys = async (query: string) =>
      ((await rest('GET', `/api/extras/custom-fields/?${query}`)).body.results as Row[]).map(({ key }) => key);
    expect(await keys('content_types=extras.secret')).toEqual(['a', 'b']);
    expect(await keys('content_types=extras.tag&limit=1&offset=1')).toEqual(['c']);
    expect(await keys('content_types=extras.secret&content_types=extras.tag')).toEqual(['a', 'b', 'c']);
    expect(await keys('content_types__n=extras.tag&q=a')).toEqual(['a']);
    expect(await keys('content_types=extras')).toEqual([]);
    await create(rest, 'extras/tags', { name: 'red', content_types: secrets });
    const tags = await rest('GET', '/api/extras/tags/?content_types=extras.secret');
    expect((tags.body.results as Row[]).map(({ name }) => name)).toEqual(['red']);
  });

  test('keeps its key and its type for life', async () => {
    const { id } = await field('one', 'text');
    const change = async (body: object) => (await rest('PATCH', `/api/extras/custom-fields/${id}/`, { body })).body;
    expect(await change({ key: 'two' })).toEqual({ key: ['Key cannot be changed once created'] });
    expect(await change({ type: 'integer' })).toEqual({ type: ['Type cannot be changed once created'] });
    const twice = await rest('POST', '/api/extras/custom-fields/', {
      body: { label: 'x', key: 'one', type: 'text', content_types: secrets },
    });
    expect(twice.body).toEqual({ key: ['custom field with this key already exists.'] });
  });

  test('is shown in the order of weight and label, with null where a row has no value', async () => {
    const before = await secret('before');
    await field('last', 'text', { weight: 200 });
    await field('b', 'text', { label: 'B' });
    await field('a', 'text', { label: 'C' });
    await field('elsewhere', 'text', { content_types: ['extras.secretsgroup'] });
    expect(Object.entries(await valuesOf(before))).toEqual([
      ['b', null],
      ['a', null],
      ['last', null],
    ]);
    const group = await create(rest, 'extras/secrets-groups', { name: 'g', custom_fields: { elsewhere: 'x' } });
    expect(group.custom_fields).toEqual({ elsewhere: 'x' });
    const deep = await rest('GET', `/api/extras/secrets/?name=before&depth=1`);
    expect(deep.body.results[0].custom_fields).toEqual({ a: null, b: null, last: null });
  });
});

describe('a value', () => {
  test('is kept, merged into what was there, and told in the change log', async () => {
    await field('owner', 'text');
    await field('days', 'integer');
    const made = await secret('s', { owner: 'net', days: 30 });
    expect(made.custom_fields).toEqual({ owner: 'net', days: 30 });
    expect(await patch(made, { days: 60 })).toEqual([200, { owner: 'net', days: 60 }]);
    expect((await lastChange(made)).difference).toEqual({
      removed: { custom_fields: { owner: 'net', days: 30 } },
      added: { custom_fields: { owner: 'net', days: 60 } },
    });
    expect(await patch(made, { owner: null })).toEqual([200, { owner: null, days: 60 }]);
    const whole = (await rest('GET', new URL(made.url).pathname)).body;
    const put = await rest('PUT', new URL(made.url).pathname, { body: whole });
    expect([put.status, put.body.custom_fields]).toEqual([200, { owner: null, days: 60 }]);
    const { custom_fields: _left, ...rest_ } = whole;
    const kept = await rest('PUT', new URL(made.url).pathname, { body: rest_ });
    expect(kept.body.custom_fields).toEqual({ owner: null, days: 60 });
  });

  const wrong = (key: string, message: string) => ({
    __all__: [`Invalid value for custom field '${key}': ${message}`],
  });
  const types: readonly (readonly [
    type: string,
    rules: object,
    good: readonly (readonly [given: unknown, kept: unknown])[],
    bad: readonly (readonly [given: unknown, message: string])[],
  ])[] = [
    [
      'text',
      { validation_minimum: 2, validation_maximum: 3, validation_regex: '^a' },
      [
        ['ab', 'ab'],
        ['a😀b', 'a😀b'],
        ['', ''],
      ],
      [
        [1, 'Value must be a string'],
        ['a', 'Value must be at least 2 characters in length'],
        ['abcd', 'Value must not exceed 3 characters in length'],
        ['ba', "Value must match regex '^a'"],
      ],
    ],
    ['markdown', {}, [['# x\n', '# x\n']], [[{}, 'Value must be a string']]],
    [
      'url',
      {},
      [
        ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
        ['ssh://git@example.org/x', 'ssh://git@example.org/x'],
      ],
      [
        ['javascript:alert(1)', 'Enter a valid URL.'],
        ['example', 'Enter a valid URL.'],
        [true, 'Value must be a string'],
      ],
    ],
    [
      'integer',
      { validation_minimum: 1, validation_maximum: 365 },
      [
        [1, 1],
        ['365', 365],
        ['', null],
      ],
      [
        ['many', 'Value must be an integer.'],
        [1.5, 'Value must be an integer.'],
        [1e20, 'Value must be an integer.'],
        [true, 'Value must be an integer.'],
        [0, 'Value must be at least 1'],
        [900, 'Value must not exceed 365'],
      ],
    ],
    [
      'boolean',
      {},
      [
        [true, true],
        ['no', false],
        [1, true],
      ],
      [
        ['maybe', 'Value must be true or false.'],
        [{}, 'Value must be true or false.'],
      ],
    ],
    [
      'date',
      {},
      [['2026-02-28', '2026-02-28']],
      [
        ['2026-02-30', 'Date values must be in the format YYYY-MM-DD.'],
        ['28.2.2026', 'Date values must be in the format YYYY-MM-DD.'],
        [20260228, 'Date values must be in the format YYYY-MM-DD.'],
      ],
    ],
    [
      'datetime',
      {},
      [
        ['2026-02-28T12:00:00+01:00', '2026-02-28T11:00:00.000Z'],
        ['2026-02-28 12:00Z', '2026-02-28T12:00:00.000Z'],
      ],
      [
        ['2026-02-30T12:00:00Z', 'Datetime values must be in the format YYYY-MM-DDThh:mm[:ss][+HH:MM|Z].'],
        ['2026-02-28T25:00:00Z', 'Datetime values must be in the format YYYY-MM-DDThh:mm[:ss][+HH:MM|Z].'],
        ['2026-02-28T12:00:00', 'Datetime values must be in the format YYYY-MM-DDThh:mm[:ss][+HH:MM|Z].'],
      ],
    ],
    [
      'json',
      { validation_maximum: 20 },
      [
        [{ a: [1, null] }, { a: [1, null] }],
        ['text', 'text'],
        [0, 0],
        [false, false],
      ],
      [['x'.repeat(20), 'Value must not exceed 20 characters in length']],
    ],
  ];
  test.each(types)('of type %s is read, or refused', async (type, rules, good, bad) => {
    await field('it', type, rules);
    const made = await secret('s');
    for (const [given, kept] of good) expect(await patch(made, { it: given })).toEqual([200, { it: kept }]);
    const [, last] = good.at(-1) ?? [];
    for (const [given, message] of bad) expect(await patch(made, { it: given })).toEqual([400, wrong('it', message)]);
    expect(await valuesOf(made)).toEqual({ it: last });
    expect(await patch(made, { it: null })).toEqual([200, { it: null }]);
  });

  test('of a selection is one of its choices, in the order of their weights', async () => {
    const one = await field('one', 'select', { validation_regex: '^[a-z]' });
    const many = await field('many', 'multi-select');
    for (const value of ['low', 'high']) await choice(one, value, { weight: value === 'low' ? 200 : 100 });
    // By its key, as by its id.
    for (const value of ['x', 'y', 'z']) await choice({ id: many.key }, value);
    const made = await secret('s', { one: 'high', many: ['y', 'x', 'y'] });
    expect(made.custom_fields).toEqual({ one: 'high', many: ['y', 'x'] });
    expect(await patch(made, { many: 'x,z' })).toEqual([200, { one: 'high', many: ['x', 'z'] }]);
    expect(await patch(made, { many: [] })).toEqual([200, { one: 'high', many: [] }]);
    expect(await patch(made, { one: 'mid' })).toEqual([
      400,
      wrong('one', 'Invalid choice (mid). Available choices are: high, low'),
    ]);
    expect(await patch(made, { one: ['high'] })).toEqual([
      400,
      wrong('one', "Invalid choice (['high']). Available choices are: high, low"),
    ]);
    expect(await patch(made, { many: ['x', 'q'] })).toEqual([
      400,
      wrong('many', "Invalid choice(s) (['x', 'q']). Available choices are: x, y, z"),
    ]);
    const unfit = await rest('POST', '/api/extras/custom-field-choices/', {
      body: { custom_field: one.id, value: 'H' },
    });
    expect(unfit.body).toEqual({ __all__: ['Value must match regex ^[a-z] got H.'] });
  });

  test('is said to be wrong once for each, and of a key that there is not', async () => {
    await field('a', 'integer');
    await field('b', 'boolean');
    const made = await secret('s', { a: 1 });
    expect(await patch(made, { a: 'x', b: 'x', nothing: 1 })).toEqual([
      400,
      {
        __all__: [
          "Unknown field name 'nothing' in custom field data.",
          "Invalid value for custom field 'a': Value must be an integer.",
          "Invalid value for custom field 'b': Value must be true or false.",
        ],
      },
    ]);
    for (const body of [[], 'x', 1]) {
      const answer = await rest('PATCH', `/api/extras/secrets/${made.id}/`, { body: { custom_fields: body } });
      expect([answer.status, answer.body]).toEqual([400, { custom_fields: [expect.stringContaining('dictionary')] }]);
    }
    for (const raw of ['{"custom_fields": {"__proto__": {"a": 5}}}', '{"custom_fields": {"constructor": 1}}'])
      expect((await rest('PATCH', `/api/extras/secrets/${made.id}/`, { raw })).status).toBe(400);
    expect(await valuesOf(made)).toEqual({ a: 1, b: null });
  });

  test('is bounded, together with the others of its row', async () => {
    await field('a', 'text');
    await field('b', 'markdown');
    const made = await secret('s', { a: 'x'.repeat(40_000) });
    expect(await patch(made, { b: 'x'.repeat(40_000) })).toEqual([
      400,
      { __all__: ['The custom fields of a row hold at most 65536 characters of JSON together.'] },
    ]);
    expect((await patch(made, { a: null, b: 'x'.repeat(40_000) }))[0]).toBe(200);
  });

  test('is required, or has a default, for rows that are saved from then on', async () => {
    const before = await secret('before');
    await field('tier', 'text', { default: 'gold' });
    expect(await valuesOf(before)).toEqual({ tier: null });
    expect((await secret('after')).custom_fields).toEqual({ tier: 'gold' });
    expect((await secret('given', { tier: null })).custom_fields).toEqual({ tier: null });
    const must = await field('must', 'text', { required: true });
    const bare = await rest('POST', '/api/extras/secrets/', {
      body: { name: 'bare', provider: 'environment-variable', parameters: { variable: 'A' } },
    });
    expect([bare.status, bare.body]).toEqual([400, { __all__: ["Missing required custom field 'must'."] }]);
    expect(await patch(before, { must: '' })).toEqual([400, wrong('must', 'Required field cannot be empty.')]);
    expect(await patch(before, { must: 'x' })).toEqual([200, { tier: 'gold', must: 'x' }]);
    expect((await remove(must)).status).toBe(204);
    expect(await valuesOf(before)).toEqual({ tier: 'gold' });
  });
});

describe('what a change of a field takes along', () => {
  test('the values go with the field, each told in the change log, and a new field of that key has none', async () => {
    const old = await field('owner', 'text');
    const made = await secret('s', { owner: 'net' });
    expect((await remove(old)).status).toBe(204);
    expect(await valuesOf(made)).toEqual({});
    expect((await lastChange(made)).difference).toMatchObject({
      removed: { custom_fields: { owner: 'net' } },
      added: { custom_fields: {} },
    });
    await field('owner', 'integer');
    expect(await valuesOf(made)).toEqual({ owner: null });
    expect(await names('cf_owner__isnull=true')).toEqual(['s']);
  });

  test('the values of a type go when the field is no longer for it', async () => {
    const both = await field('owner', 'text', { content_types: ['extras.secret', 'extras.secretsgroup'] });
    const made = await secret('s', { owner: 'net' });
    const group = await create(rest, 'extras/secrets-groups', { name: 'g', custom_fields: { owner: 'net' } });
    const path = new URL(both.url).pathname;
    expect((await rest('PATCH', path, { body: { content_types: ['extras.secretsgroup'] } })).status).toBe(200);
    expect(await valuesOf(made)).toEqual({});
    expect((await rest('GET', new URL(group.url).pathname)).body.custom_fields).toEqual({ owner: 'net' });
    expect((await rest('PATCH', path, { body: { content_types: secrets } })).status).toBe(200);
    expect(await valuesOf(made)).toEqual({ owner: null });
  });

  test('a choice that is in use stays, and takes its new name to the rows that have it', async () => {
    const one = await field('one', 'select');
    const many = await field('many', 'multi-select');
    const [high, x] = [await choice(one, 'high'), await choice(many, 'x')];
    await choice(many, 'y');
    const made = await secret('s', { one: 'high', many: ['y', 'x'] });
    for (const used of [high, x]) {
      const answer = await remove(used);
      expect([answer.status, answer.body.detail]).toEqual([
        409,
        'Cannot delete this choice because it is in active use.',
      ]);
    }
    for (const [row, value] of [
      [high, 'highest'],
      [x, 'xx'],
    ] as const)
      expect((await rest('PATCH', new URL(row.url).pathname, { body: { value } })).status).toBe(200);
    expect(await valuesOf(made)).toEqual({ one: 'highest', many: ['y', 'xx'] });
    expect(await names('cf_many=xx')).toEqual(['s']);
    expect(await names('cf_many=x')).toEqual([]);
    expect(await patch(made, { one: null, many: ['y'] })).toEqual([200, { one: null, many: ['y'] }]);
    expect((await remove(high)).status).toBe(204);
    expect((await remove(x)).status).toBe(204);
  });

  test('a choice that is the default stays as it is', async () => {
    const one = await field('one', 'select');
    const high = await choice(one, 'high');
    expect((await rest('PATCH', new URL(one.url).pathname, { body: { default: 'high' } })).status).toBe(200);
    expect((await remove(high)).body.detail).toBe(
      'Cannot delete this choice because it is the default value for the field.',
    );
    const renamed = await rest('PATCH', new URL(high.url).pathname, { body: { value: 'low' } });
    expect(renamed.status).toBe(400);
    const text = await field('text', 'text');
    const stray = await rest('POST', '/api/extras/custom-field-choices/', {
      body: { custom_field: text.id, value: 'a' },
    });
    expect(stray.body).toEqual({ __all__: ['Custom field choices can only be assigned to selection fields.'] });
  });

  test('a change of many rows stores nothing where one value is wrong', async () => {
    await field('days', 'integer');
    const [a, b] = [await secret('a', { days: 1 }), await secret('b', { days: 1 })];
    const both = (...values: unknown[]) =>
      rest('PATCH', '/api/extras/secrets/', {
        body: [a, b].map(({ id }, i) => ({ id, custom_fields: { days: values[i] } })),
      });
    expect((await both(2, 'x')).status).toBe(400);
    expect(await valuesOf(a)).toEqual({ days: 1 });
    expect((await both(2, 3)).status).toBe(200);
    expect([await valuesOf(a), await valuesOf(b)]).toEqual([{ days: 2 }, { days: 3 }]);
  });
});

test('a file of rows has a column for each field, and brings back what it holds', async () => {
  const one = await field('class', 'select');
  await choice(one, 'high');
  const many = await field('zones', 'multi-select');
  for (const value of ['dmz', 'a "b"']) await choice(many, value);
  for (const type of ['text', 'url', 'integer', 'boolean', 'date', 'datetime', 'json', 'markdown'])
    await field(`a_${type}`, type);
  const values = [
    {
      class: 'high',
      zones: ['dmz', 'a "b"'],
      a_text: '=1+1, "x"',
      a_url: 'https://example.org/',
      a_integer: -5,
      a_boolean: false,
      a_date: '2026-01-31',
      a_datetime: '2026-01-31T12:00:00.000Z',
      a_json: { a: [1, '2'] },
      a_markdown: '# a\nb',
    },
    { a_json: 'null', a_boolean: true, zones: ['dmz'] },
    {},
  ];
  for (const [index, given] of values.entries()) await secret(`s ${index}`, given);
  const all = async () =>
    ((await rest('GET', '/api/extras/secrets/')).body.results as Row[]).map((row) => row.custom_fields);
  const before = await all();
  const file = (await rest('GET', '/api/extras/secrets/', { headers: { Accept: 'text/csv' } })).text;
  expect(file.split('\r\n')[0]).toMatch(/,cf_a_boolean,cf_a_date,.*,cf_class,cf_zones$/);
  for (const row of (await rest('GET', '/api/extras/secrets/')).body.results as Row[]) await remove(row);
  const bring = (raw: string) => rest('POST', '/api/extras/secrets/', { raw, headers: { 'Content-Type': 'text/csv' } });
  expect((await bring(file)).status).toBe(201);
  expect(await all()).toEqual(before);
  const wrong = await bring('name,provider,parameters,cf_a_json,cf_a_integer\r\nx,p,"{""a"": 1}",{,1\r\n');
  expect(wrong.body).toEqual({ non_field_errors: ['Line 2, column cf_a_json: Value must be valid JSON.'] });
  expect((await bring('name,provider,parameters,cf_none\r\nx,p,"{""a"": 1}",1\r\n')).body).toEqual({
    non_field_errors: ['Line 2, column cf_none: Unknown field.'],
  });
  const fields = (await rest('GET', '/api/extras/custom-fields/', { headers: { Accept: 'text/csv' } })).text;
  expect(fields).toContain(',select,loose,class,');
});

describe('a list', () => {
  test('is filtered by values of every type', async () => {
    const one = await field('class', 'select');
    const many = await field('zones', 'multi-select');
    for (const value of ['high', 'low']) await choice(one, value);
    for (const value of ['dmz', 'lan']) await choice(many, value);
    await field('owner', 'text');
    await field('code', 'text', { filter_logic: 'exact' });
    await field('days', 'integer');
    await field('ok', 'boolean');
    await field('until', 'date');
    await field('at', 'datetime');
    await field('hidden', 'text', { filter_logic: 'disabled' });
    await field('free', 'json');
    await secret('a', {
      class: 'high',
      zones: ['dmz', 'lan'],
      owner: 'Network team',
      code: 'AB',
      days: 30,
      ok: true,
      until: '2026-01-31',
      at: '2026-01-31T12:00:00Z',
      hidden: 'x',
      free: { deep: 1 },
    });
    await secret('b', { class: 'low', zones: ['lan'], owner: 'security', code: 'ABC', days: 60, ok: false });
    await secret('c');

    expect(
      Object.fromEntries(
        await Promise.all(
          [
            'cf_class=high',
            'cf_class=high&cf_class=low',
            'cf_class__n=high',
            'cf_class__ic=IG',
            'cf_zones=dmz',
            'cf_zones=dmz&cf_zones=lan',
            'cf_zones__n=dmz',
            'cf_owner=team',
            'cf_owner__ie=SECURITY',
            'cf_owner__nre=^N',
            'cf_code=AB',
            'cf_days=30&cf_days=31',
            'cf_days__gte=31',
            'cf_days__lt=31',
            'cf_days__n=30',
            'cf_days=null',
            'cf_owner=null',
            'cf_days__isnull=true',
            'cf_ok=true',
            'cf_ok=false',
            'cf_until=2026-01-31',
            'cf_until__gt=2026-01-30',
            'cf_at__lte=2026-01-31T12:00:00Z',
            'cf_free__isnull=false',
            'cf_owner=',
          ].map(async (query) => [query, (await names(query)).join('')] as const),
        ),
      ),
    ).toEqual({
      'cf_class=high': 'a',
      'cf_class=high&cf_class=low': 'ab',
      'cf_class__n=high': 'bc',
      'cf_class__ic=IG': 'a',
      'cf_zones=dmz': 'a',
      'cf_zones=dmz&cf_zones=lan': 'ab',
      'cf_zones__n=dmz': 'bc',
      'cf_owner=team': 'a',
      'cf_owner__ie=SECURITY': 'b',
      'cf_owner__nre=^N': 'bc',
      'cf_code=AB': 'a',
      'cf_days=30&cf_days=31': 'a',
      'cf_days__gte=31': 'b',
      'cf_days__lt=31': 'a',
      'cf_days__n=30': 'bc',
      'cf_days=null': 'c',
      'cf_owner=null': 'c',
      'cf_days__isnull=true': 'c',
      'cf_ok=true': 'a',
      'cf_ok=false': 'b',
      'cf_until=2026-01-31': 'a',
      'cf_until__gt=2026-01-30': 'a',
      'cf_at__lte=2026-01-31T12:00:00Z': 'a',
      'cf_free__isnull=false': 'a',
      'cf_owner=': 'abc',
    });
  });

  test('refuses what is no filter, and no value', async () => {
    await field('days', 'integer');
    await field('until', 'date');
    await field('hidden', 'text', { filter_logic: 'disabled' });
    const unknown = (name: string) => ({ [name]: ['Unknown filter field'] });
    for (const name of ['cf_nothing', 'cf_hidden', 'cf_days__ic', 'cf_', 'custom_fields'])
      expect(await names(`${name}=1`)).toEqual(unknown(name));
    expect(await names('cf_days=x')).toEqual({ cf_days: ['Enter a whole number.'] });
    expect(await names('cf_until=2026-02-30')).toEqual({ cf_until: ['Enter a valid date.'] });
    expect((await rest('GET', '/api/extras/secrets-groups/?cf_days=1')).body).toEqual(unknown('cf_days'));
    const { id } = await secret('s');
    expect((await rest('GET', `/api/extras/secrets/${id}/?cf_nothing=1`)).status).toBe(400);
    expect((await rest('GET', `/api/extras/secrets/${id}/?cf_days=1`)).status).toBe(200);
  });

  test('is as a permission says whose constraint looks at a value', async () => {
    await field('owner', 'text');
    const user = await create(rest, 'users/users', { username: 'net' });
    const key = 'token-of-net-for-these-tests';
    await create(rest, 'users/tokens', { user: user.id, key });
    await create(rest, 'users/permissions', {
      name: 'own',
      users: [user.id],
      object_types: secrets,
      actions: ['view', 'change'],
      constraints: { custom_fields__owner: 'net' },
    });
    const [own] = [
      await secret('own', { owner: 'net' }),
      await secret('other', { owner: 'sec' }),
      await secret('none'),
    ];
    const list = await rest('GET', '/api/extras/secrets/', { token: key });
    expect((list.body.results as Row[]).map(({ name }) => name)).toEqual(['own']);
    const away = await rest('PATCH', `/api/extras/secrets/${own.id}/`, {
      token: key,
      body: { custom_fields: { owner: 'sec' } },
    });
    expect(away.status).toBe(403);
    expect(await valuesOf(own)).toEqual({ owner: 'net' });
  });
});
