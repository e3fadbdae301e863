import { numbers, on, refused, type Behaviour, type Behaviours, type Version } from './behaviour';

const { admin, read, unnamed, login, snmp, r1, r2 } = numbers;
const type = { 'Content-Type': 'text/csv' };

const change = (it: string, body: unknown, answer: Pick<Behaviour, 'status' | 'is' | 'holds'>): Behaviour => ({
  it,
  method: 'PATCH',
  path: 'secrets/',
  body,
  ...answer,
});
const whole = (version: Version, id: number, role: number, name: string) => ({
  id,
  ...on(version, r1),
  role,
  name,
  plaintext: `of ${name}`,
});
const noList = (
  version: Version,
  kind: string,
  method: 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Behaviour => ({
  it: `takes ${kind} for no list of ${path}`,
  method,
  path,
  ...(body !== undefined && { body }),
  ...(version === '2.9'
    ? { status: 405, is: { detail: `Method "${method}" not allowed.` }, headed: { allow: 'GET, POST, HEAD, OPTIONS' } }
    : { status: 400, is: { non_field_errors: [`Expected a list of items but got type "${kind}".`] } }),
});
const file = (it: string, path: string, raw: string, answer: Omit<Behaviour, 'it' | 'path'>): Behaviour => ({
  it,
  method: 'POST',
  path,
  key: true,
  raw,
  headers: type,
  ...answer,
});
const columns = { '2.9': 'device,role,name,plaintext', '2.11': 'role,name,plaintext,device,virtual_machine' };
const line = (version: Version, device: string, role: string, name: string, value: string) =>
  version === '2.9' ? `${device},${role},${name},${value}` : `${role},${name},${value},${device},`;

/** How many rows are changed at once, and how files come in and go out. */
export const lists: Behaviours = (version) => [
  change(
    'answers in its order',
    [
      { id: read, name: 'read' },
      { id: admin, name: 'admin' },
    ],
    {
      status: 200,
      holds: [{ id: admin }, { id: read }],
    },
  ),
  change('passes over rows that are not there', [{ id: 999, name: 'x' }], { status: 200, is: [] }),
  change('wants to know each row', [{ name: 'x' }, 'x', { id: 'abc' }, { id: null }, { id: admin }], {
    status: 400,
    is: [
      { id: ['This field is required.'] },
      { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] },
      { id: ['A valid integer is required.'] },
      { id: ['This field may not be null.'] },
      {},
    ],
  }),
  change(
    'changes all or none',
    [
      { id: admin, name: 'moved' },
      { id: read, name: null },
    ],
    {
      status: 400,
      is: { name: ['This field may not be null.'] },
    },
  ),
  change('seals nothing without a session key', [{ id: admin, plaintext: 'y' }], {
    status: 400,
    is: ['A session key must be provided when creating or updating secrets.'],
  }),
  {
    it: 'replaces a list',
    method: 'PUT',
    path: 'secrets/',
    key: true,
    body: [whole(version, read, snmp, 'read'), whole(version, admin, login, 'admin')],
    status: 200,
    holds: [
      { id: admin, plaintext: 'of admin' },
      { id: read, plaintext: 'of read' },
    ],
  },
  {
    it: 'moves a secret to another object of the same type by its number alone',
    method: 'PATCH',
    path: `secrets/${unnamed}/`,
    body: { assigned_object_id: r1 },
    status: 200,
    after: { path: `secrets/?id=${unnamed}&device=r1`, holds: { count: 1 } },
  },
  {
    it: 'moves it back',
    method: 'PATCH',
    path: `secrets/${unnamed}/`,
    body: on(version, r2),
    status: 200,
    after: { path: `secrets/?id=${unnamed}&device=r2`, holds: { count: 1 } },
  },
  noList(version, 'dict', 'PATCH', 'secrets/', { name: 'x' }),
  noList(version, 'dict', 'DELETE', 'secrets/'),
  noList(version, 'str', 'PATCH', 'secret-roles/', 'x'),
  { it: 'deletes nothing of an empty list', method: 'DELETE', path: 'secrets/', body: [], status: 204 },
  { it: 'deletes what is gone already', method: 'DELETE', path: 'secret-roles/', body: [{ id: 999 }], status: 204 },
  {
    it: 'changes roles, and shows them by their names',
    method: 'PATCH',
    path: 'secret-roles/',
    body: [
      { id: snmp, description: 'of devices' },
      { id: login, description: '' },
    ],
    status: 200,
    holds: [{ slug: 'login' }, { slug: 'snmp', description: 'of devices' }],
  },
  refused(
    'deletes no role that is in use, nor those beside it',
    {
      method: 'DELETE',
      path: 'secret-roles/',
      body: [{ id: snmp }],
      holds: { detail: expect.stringMatching(/^Unable to delete object\. \d+ dependent objects were found: /) },
      after: { path: `secret-roles/${snmp}/`, holds: { slug: 'snmp' } },
    },
    409,
  ),
  file(
    'makes roles of a file',
    'secret-roles/',
    `name,slug,description\nFile ${version},file-${version.replace('.', '')},"a, b"\n`,
    {
      status: 201,
      holds: [{ description: 'a, b' }],
    },
  ),
  file(
    'makes secrets of a file, values to the byte',
    'secrets/',
    `${columns[version]}\n${line(version, 'r2', 'Login', `file ${version}`, '"=1\n "')}\n`,
    { status: 201, holds: [{ name: `file ${version}`, plaintext: '=1\n ' }] },
  ),
  file(
    'tells what is wrong with a file by line and column',
    'secrets/',
    `${columns[version]}\n${line(version, 'r2', 'Login', 'good', 'x')}\n${line(version, 'r9', 'Nope', 'bad', '')}\n`,
    {
      status: 400,
      is: {
        non_field_errors: [
          "Line 3, column device: Related object not found using the provided attributes: {'object_type': 'dcim.device', 'name': 'r9'}",
          "Line 3, column role: Related object not found using the provided attributes: {'name': 'Nope'}",
          'Line 3, column plaintext: This field is required.',
        ],
      },
      after: { path: 'secrets/?name=good', holds: { count: 0 } },
    },
  ),
  file('knows no other columns', 'secrets/', 'device,role,name,plaintext,slug\n', {
    status: 400,
    is: { non_field_errors: ['Unexpected column header "slug" found.'] },
  }),
  {
    it: 'writes files without values',
    path: 'secrets/?format=csv&name=admin',
    key: true,
    headers: { Accept: `text/csv, application/json; version=${version}` },
    status: 200,
    is:
      version === '2.9'
        ? 'device,role,name,plaintext\r\nr1,Login,admin,\r\n'
        : 'assigned_object_type,assigned_object_id,role,name,plaintext\r\ndcim.device,1,Login,admin,\r\n',
  },
];
