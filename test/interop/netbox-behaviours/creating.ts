import { hash, numbers, on, refused, secret, type Behaviour, type Behaviours, type Version } from './behaviour';

const required = ['This field is required.'];
const notNull = ['This field may not be null.'];
const integer = ['A valid integer is required.'];
const notFound = (text: string) => [`Related object not found using the provided ${text}`];
const unrecognized = (value: string) => [
  `Related objects must be referenced by numeric ID or by dictionary of attributes. Received an unrecognized value: ${value}`,
];

const wrong =
  (version: Version) =>
  (it: string, more: object, is: unknown): Behaviour =>
    refused(it, { method: 'POST', path: 'secrets/', key: true, body: secret(version, 'wrong', more), is });

const ofObjects: readonly (readonly [string, object, unknown])[] = [
  ['no type', { assigned_object_type: null }, { assigned_object_type: notNull }],
  ['an empty type', { assigned_object_type: '' }, { assigned_object_type: notNull }],
  [
    'a type of one word',
    { assigned_object_type: 'device' },
    { assigned_object_type: ["Invalid value. Specify a content type as '<app_label>.<model_name>'."] },
  ],
  [
    'a type that has no secrets',
    { assigned_object_type: 'dcim.site' },
    { assigned_object_type: ['Invalid content type: dcim.site'] },
  ],
  ['a word for a number', { assigned_object_id: 'abc' }, { assigned_object_id: integer }],
  ['half a number', { assigned_object_id: 1.5 }, { assigned_object_id: integer }],
  [
    'a number below zero',
    { assigned_object_id: -1 },
    { assigned_object_id: ['Ensure this value is greater than or equal to 0.'] },
  ],
  [
    'too great a number',
    { assigned_object_id: 99_999_999_999 },
    { assigned_object_id: ['Ensure this value is less than or equal to 2147483647.'] },
  ],
];

const made = (version: Version, it: string, name: string, more: object, holds: object): Behaviour => ({
  it,
  method: 'POST',
  path: 'secrets/',
  key: true,
  body: secret(version, `${name} ${version}`, more),
  status: 201,
  holds,
});

/** How secrets are made, and what is refused. */
export const creating: Behaviours = (version) => {
  const refuses = wrong(version);
  const second = { ...on(version, numbers.r1), name: 'admin' };
  const taken =
    version === '2.9'
      ? 'Secret with this Device, Role and Name already exists.'
      : 'Secret with this Assigned object type, Assigned object id, Role and Name already exists.';
  const fieldsFault = version === '2.9' ? 'custom_fields' : '__all__';
  return [
    made(version, 'shows the value that was sent', 'shown', { plaintext: 'päß' }, { plaintext: 'päß', hash, tags: [] }),
    made(version, 'makes text of numbers', 'number', { plaintext: 12.5 }, { plaintext: '12.5' }),
    made(version, 'cuts spaces off names', '  cut', {}, { name: `cut ${version}` }),
    made(version, 'takes a number as text for a role', 'text', { role: '1' }, { role: { slug: 'login' } }),
    made(version, 'takes a role by its attributes', 'slug', { role: { slug: 'snmp' } }, { role: { id: numbers.snmp } }),
    made(version, 'takes tags by number and name', 'tags', { tags: [1] }, { tags: [{ slug: 'prod' }] }),
    made(version, 'passes over what it sets itself', 'own', { hash: 'x', id: 99, colour: 'red' }, { hash }),
    made(
      version,
      'answers with the custom fields of its version',
      'fields',
      { custom_fields: { tier: version === '2.9' ? 2 : 'silver' } },
      { custom_fields: version === '2.9' ? { tier: 2 } : { owner_team: null, tier: 'silver' } },
    ),
    {
      ...refused('makes nothing without a session key', {
        method: 'POST',
        path: 'secrets/',
        body: {},
        is: ['A session key must be provided when creating or updating secrets.'],
      }),
    },
    refused('tells all that is missing', {
      method: 'POST',
      path: 'secrets/',
      key: true,
      body: {},
      is: {
        ...(version === '2.9'
          ? { device: required }
          : { assigned_object_type: required, assigned_object_id: required }),
        role: required,
        plaintext: required,
      },
    }),
    refuses('makes no second secret in one place', second, { __all__: [taken] }),
    refused('tells of a list which secrets are there already', {
      method: 'POST',
      path: 'secrets/',
      key: true,
      body: [secret(version, 'another'), secret(version, 'admin', second)],
      is: [{}, { __all__: [taken] }],
    }),
    refuses(
      'takes no null',
      { name: null, plaintext: null, role: null },
      { name: notNull, plaintext: notNull, role: notNull },
    ),
    refuses('takes no blank value', { plaintext: '  ' }, { plaintext: ['This field may not be blank.'] }),
    refuses('takes no NUL', { plaintext: 'a\0b' }, { plaintext: ['Null characters are not allowed.'] }),
    refuses('takes no truth for a text', { plaintext: true }, { plaintext: ['Not a valid string.'] }),
    refuses(
      'takes no long name',
      { name: 'x'.repeat(101) },
      { name: ['Ensure this field has no more than 100 characters.'] },
    ),
    refuses('takes no role by its name alone', { role: 'login' }, { role: unrecognized('login') }),
    refuses('takes no list for a role', { role: ['x'] }, { role: unrecognized("['x']") }),
    refuses('knows no role 999', { role: 999 }, { role: notFound('numeric ID: 999') }),
    refuses('knows no role nope', { role: { slug: 'nope' } }, { role: notFound("attributes: {'slug': 'nope'}") }),
    refuses('takes any role for none', { role: {} }, { role: ['Multiple objects match the provided attributes: {}'] }),
    refuses(
      'takes no text for tags',
      { tags: 'x' },
      { tags: { non_field_errors: ['Expected a list of items but got type "str".'] } },
    ),
    refuses('takes no null for tags', { tags: null }, { tags: notNull }),
    refuses(
      'tells the tags that are not there by their places',
      { tags: [1, { slug: 'nope' }] },
      { tags: [{}, notFound("attributes: {'slug': 'nope'}")] },
    ),
    refuses('takes no null for custom fields', { custom_fields: null }, { custom_fields: notNull }),
    refuses(
      'knows no other custom fields',
      { custom_fields: { nope: 1 } },
      {
        [fieldsFault]: [
          version === '2.9'
            ? 'Invalid custom field for secrets | secret objects: nope'
            : "Unknown field name 'nope' in custom field data.",
        ],
      },
    ),
    refuses(
      'knows no other choices',
      { custom_fields: { tier: 99 } },
      {
        [fieldsFault]: [
          version === '2.9'
            ? 'Invalid choice for field tier: 99'
            : "Invalid value for custom field 'tier': Invalid choice (99). Available choices are: gold, silver",
        ],
      },
    ),
    ...(version === '2.11' ? ofObjects.map(([what, more, is]) => refuses(`takes no ${what}`, more, is)) : []),
    {
      it: 'makes a list as a whole or not at all',
      method: 'POST',
      path: 'secrets/',
      key: true,
      body: [secret(version, `whole ${version}`), secret(version, 'b', { role: null }), 'c'],
      status: 400,
      is: [{}, { role: notNull }, { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
      after: { path: `secrets/?name=whole+${version}`, holds: { count: 0 } },
    },
    {
      it: 'makes nothing of an empty list',
      method: 'POST',
      path: 'secrets/',
      key: true,
      body: [],
      status: 201,
      is: [],
    },
  ];
};
