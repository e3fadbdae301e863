import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';
import { guarded, unguarded } from './csv-cells';

const secrets = '/api/extras/secrets/';

let host: AccessHost;
beforeEach(async () => {
  host = await openAccessHost();
});
afterEach(() => host.close());

const csv = { 'Content-Type': 'text/csv' };
const bring = (path: string, raw: string | Uint8Array, token?: string) =>
  host.anywhere(path, { method: 'POST', raw, headers: csv, ...(token !== undefined && { token }) });
const make = async (path: string, body: object) => {
  const answer = await host.anywhere(path, { method: 'POST', body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
};
const list = async (path: string) => (await host.anywhere(`${path}?exclude_m2m=false`)).body.results;
const exported = async (path: string) => (await host.anywhere(path, { headers: { Accept: 'text/csv' } })).text;
const names = async () => (await list(secrets)).map(({ name }: { name: string }) => name);
const faults = async (raw: string) => {
  const { status, body } = await bring(secrets, raw);
  expect([status, Object.keys(body)]).toEqual([400, ['non_field_errors']]);
  expect(await names()).toEqual([]);
  return body.non_field_errors;
};

it('makes a row of each line, in its order', async () => {
  const answer = await bring(
    secrets,
    '\uFEFFname,provider,parameters\r\nb,p,"{""path"": ""/b""}"\r\n\r\na,p,"{""path"": 1}"',
  );
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject([
    { name: 'b', provider: 'p', parameters: { path: '/b' }, slug: 'b', description: '' },
    { name: 'a', parameters: { path: 1 } },
  ]);
});

// Texts that a spreadsheet would calculate, that hold what CSV is made of, and that were guarded by somebody already.
const odd = ['=1+1', '+1', '-1', '@x', "'=1", "''@", "'", "it's", 'a "b", c', 'one\ntwo', '＝x', 'plain', 'ünï'];

it('brings back exactly what was exported', async () => {
  for (const name of ['red, or not', '=blue', '"q"'])
    await make('/api/extras/tags/', { name, content_types: ['extras.secret'] });
  const marked = ['red, or not', '=blue', '"q"'];
  for (const [index, text] of odd.entries())
    await make(secrets, {
      name: `${text} ${index}`,
      description: text,
      provider: 'p',
      parameters: { path: text, more: [1, null, { '=': true }] },
      tags: index % 2 === 0 ? marked : [],
    });
  await make('/api/extras/secrets-groups/', { name: '=group' });
  const slots = '/api/extras/secrets-groups-associations/';
  await make(slots, { secrets_group: '=group', secret: '=1+1 0', access_type: 'HTTP(S)', secret_type: 'key' });
  const objects = '/api/inventory/objects/';
  await make(objects, { object_type: 'dcim.device', name: '-d', attributes: { a: ['x'] }, secrets_group: '=group' });
  const users = '/api/users/users/';
  await make(users, { username: '@u', first_name: '=f', is_active: false });
  const permissions = '/api/users/permissions/';
  await make(permissions, {
    name: 'p',
    object_types: ['extras.secret', 'extras.tag'],
    actions: ['view', 'use'],
    constraints: { name: 'a' },
    users: ['@u'],
  });

  const order = [secrets, '/api/extras/secrets-groups/', slots, objects, permissions];
  // Numbers and times are the host's own.
  const masked = (text: string) =>
    text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T').replace(/(dcim-device_d_\w+),\d+/, '$1,N');
  const stable = (rows: readonly Record<string, unknown>[]) =>
    rows.map(({ number: _number, created: _created, last_updated: _updated, secrets: _secrets, ...row }) => row);
  const before = await Promise.all(order.map(async (path) => [path, await exported(path), await list(path)] as const));
  for (const [path, , rows] of before.toReversed())
    expect(await host.anywhere(path, { method: 'DELETE', body: rows })).toMatchObject({ status: 204 });
  for (const [path, text, rows] of before) {
    expect(await bring(path, text)).toMatchObject({ status: 201 });
    expect(stable(await list(path))).toEqual(stable(rows));
    expect(masked(await exported(path))).toBe(masked(text));
  }
});

it('guards what a spreadsheet would calculate, and nothing else', async () => {
  for (const text of odd) expect(unguarded(guarded(text))).toBe(text);
  expect(odd.filter((text) => guarded(text) !== text)).toEqual(['=1+1', '+1', '-1', '@x', "'=1", "''@", '＝x']);
  await make(secrets, { name: '=cmd()', provider: 'p', parameters: { path: '/' } });
  expect((await exported(secrets)).split('\r\n')[1]).toMatch(/^'=cmd\(\),'=cmd\(\),/);
});

it('takes the name of what a row refers to in the columns of Nautobot, too', async () => {
  await make('/api/extras/secrets-groups/', { name: 'g' });
  await make(secrets, { name: 's', provider: 'p', parameters: { path: '/' } });
  const head = 'secrets_group__name,secret__name,access_type,secret_type';
  const answer = await bring('/api/extras/secrets-groups-associations/', `${head}\r\ng,s,SSH,key\r\n`);
  expect(answer).toMatchObject({ status: 201, body: [{ display: 'g: SSH key: s' }] });
});

describe('what is wrong', () => {
  it('is told by line and column, and nothing is stored', async () => {
    const lines = ['name,provider,parameters,color', 'a,p,"{""path"": ""/""}",', '"b\n",,{},', 'c,p,"{""x"": 1}",red'];
    expect(await faults(lines.join('\n'))).toEqual([
      'Line 3, column provider: This field is required.',
      'Line 5, column color: Unknown field.',
    ]);
    expect(await faults('name,provider,parameters\na,p,nothing')).toEqual([
      'Line 2, column parameters: Value must be valid JSON.',
    ]);
  });

  it('is told of the row where it is of no column', async () => {
    await make('/api/extras/secrets-groups/', { name: 'g' });
    await make(secrets, { name: 's', provider: 'p', parameters: { path: '/' } });
    const slots = '/api/extras/secrets-groups-associations/';
    const twice = 'secrets_group,secret,access_type,secret_type\ng,s,SSH,key\ng,s,SSH,key';
    const { body } = await bring(slots, twice);
    const set = 'The fields secrets_group, access_type, secret_type must make a unique set.';
    expect(body).toEqual({ non_field_errors: [`Line 3: ${set}`] });
  });

  it.each([
    ['', 'The file is empty: its first line holds the names of the columns.'],
    ['name,provider,name\n', 'Line 1: two columns have the name "name".'],
    ['name,provider\na,b,c', 'Line 2 has 3 cells, and there are 2 columns.'],
    ['name,provider\n"a,b', 'Line 2 cannot be read as CSV.'],
  ])('may be the file: %j', async (raw, message) => {
    expect(await faults(raw)).toEqual([message]);
  });

  it('may be too much to be looked at, which is told before anything of it is', async () => {
    const columns = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`).join(',');
    expect(await faults(`${columns(1001)}\n`)).toEqual(['Line 1: there are at most 1000 columns.']);
    expect(await faults(`name,provider,parameters\n${'a,p,no JSON\n'.repeat(101)}`)).toEqual([
      'Send at most 100 rows at a time.',
    ]);
  });

  it('may be too many lines, a name that reaches a prototype, or bytes that are no text', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `s${index},p,"{""path"": ""/""}"`).join('\n');
    expect(await faults(`name,provider,parameters\n${many}`)).toEqual(['Send at most 100 rows at a time.']);
    expect(await bring(secrets, '__proto__,name\nx,a')).toMatchObject({ status: 400 });
    expect(await bring(secrets, new Uint8Array([0x6e, 0xff]))).toMatchObject({ status: 400 });
    expect(await names()).toEqual([]);
  });
});

it('is for new rows, and for who may add them', async () => {
  const put = await host.anywhere(secrets, { method: 'PUT', raw: 'id,name\n', headers: csv });
  expect(put.status).toBe(415);
  expect((await bring('/api/extras/object-changes/', 'action\ncreate')).status).toBe(405);
  const token = 'b'.repeat(40);
  const user = (await make('/api/users/users/', { username: 'u' })).id;
  await make('/api/users/tokens/', { user, key: token });
  expect((await bring(secrets, 'name\na', token)).status).toBe(403);
  // Nothing of a file is read for who may add nothing.
  expect((await bring(secrets, 'name,name\n"', token)).status).toBe(403);
  expect((await bring('/api/users/tokens/', `key\n${'k'.repeat(40)}`)).body).toEqual({
    non_field_errors: ['Line 2, column key: Give a key for one token at a time.'],
  });
});

it('OPTIONS says where CSV is read', async () => {
  const parses = async (path: string) => (await host.anywhere(path, { method: 'OPTIONS' })).body.parses;
  expect(await parses(secrets)).toEqual(['application/json', 'text/csv']);
  expect(await parses('/api/extras/object-changes/')).toEqual(['application/json']);
});
