import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';
import type { TestRequest } from '../../../../test/support/http-host';

const secrets = '/api/extras/secrets/';

let host: AccessHost;
let id: string;
const send = (path: string, request: TestRequest = {}) => host.anywhere(path, request);
const make = async (path: string, body: object) => (await send(path, { method: 'POST', body })).body;
beforeEach(async () => {
  host = await openAccessHost();
  id = (await make(secrets, { name: 'one', provider: 'p', parameters: { path: '/a' } })).id;
});
afterEach(() => host.close());

const row = () => `${secrets}${id}/`;
const tagAt = async (path: string): Promise<string> => (await send(path)).headers.get('ETag') ?? '';
const patch = (description: string, ifMatch?: string) =>
  send(row(), {
    method: 'PATCH',
    body: { description },
    ...(ifMatch !== undefined && { headers: { 'If-Match': ifMatch } }),
  });
const moved = { status: 412, body: { detail: expect.stringContaining('has changed') } };

describe('the ETag of a row', () => {
  it('stays while the row is shown alike, and goes with a change of it', async () => {
    const first = await tagAt(row());
    expect(first).toMatch(/^"[\w-]+\.[\w-]+"$/);
    expect(await tagAt(`${secrets}one/`)).toBe(first);
    await patch('changed');
    expect(await tagAt(row())).not.toBe(first);
  });

  it('is another for another way of showing the row, in JSON or as CSV', async () => {
    const ways = ['', '?depth=1&include=relationships', '?format=csv'];
    const tags = await Promise.all(
      ways.map(async (way) => (await send(row() + way, { headers: { Accept: '*/*' } })).headers.get('ETag')),
    );
    expect(new Set(tags).size).toBe(3);
  });

  it('changes with what a shown row refers to', async () => {
    const group = (await make('/api/extras/secrets-groups/', { name: 'g' })).id;
    const slot = { secrets_group: group, secret: id, access_type: 'SSH', secret_type: 'key' };
    const path = `/api/extras/secrets-groups-associations/${(await make('/api/extras/secrets-groups-associations/', slot)).id}/`;
    const before = await tagAt(path);
    await send(row(), { method: 'PATCH', body: { name: 'renamed' } });
    expect(await tagAt(path)).not.toBe(before);
  });

  it('is with every row, and tells that a password has changed, too', async () => {
    const user = (await make('/api/users/users/', { username: 'u', password: 'first' })).id;
    const path = `/api/users/users/${user}/`;
    const before = await tagAt(path);
    expect(before).not.toBe('');
    await send(path, { method: 'PATCH', body: { password: 'second' } });
    expect(await tagAt(path)).not.toBe(before);
  });

  it('is told by POST and PATCH, and not by PUT, which keeps other than what was sent', async () => {
    const made = await send(secrets, {
      method: 'POST',
      body: { name: 'two', provider: 'p', parameters: { path: '/b' } },
    });
    const tag = made.headers.get('ETag') ?? '';
    const change = (method: string, ifMatch: string) =>
      send(`${secrets}two/`, {
        method,
        body: { name: 'two', provider: 'p', description: method },
        headers: { 'If-Match': ifMatch },
      });
    const patched = await change('PATCH', tag);
    expect(patched.status).toBe(200);
    const put = await change('PUT', patched.headers.get('ETag') ?? '');
    expect([put.status, put.headers.get('ETag')]).toEqual([200, null]);
  });
});

describe('If-None-Match', () => {
  it.each([
    ['the tag', (tag: string) => tag],
    ['the tag, called weak', (tag: string) => `W/${tag}`],
    ['one of several', (tag: string) => `"other", ${tag}`],
    ['a star', () => '*'],
  ])('with %s answers 304 without a body', async (_, header) => {
    const tag = await tagAt(row());
    for (const method of ['GET', 'HEAD']) {
      const answer = await send(row(), { method, headers: { 'If-None-Match': header(tag) } });
      expect([answer.status, answer.text, answer.headers.get('ETag')]).toEqual([304, '', tag]);
    }
  });

  it('with an older tag shows the row', async () => {
    const tag = await tagAt(row());
    await patch('changed');
    expect(await send(row(), { headers: { 'If-None-Match': tag } })).toMatchObject({ status: 200 });
  });

  it('keeps a star from changing what is there', async () => {
    const answer = await send(row(), { method: 'PATCH', body: {}, headers: { 'If-None-Match': '*' } });
    expect(answer).toMatchObject(moved);
  });
});

describe('If-Match', () => {
  it.each(['PATCH', 'PUT', 'DELETE'])('lets %s do nothing to a row that has changed since', async (method) => {
    const tag = await tagAt(row());
    await patch('by another');
    const body = { name: 'one', provider: 'p', description: 'mine' };
    expect(await send(row(), { method, body, headers: { 'If-Match': tag } })).toMatchObject(moved);
    expect((await send(row())).body.description).toBe('by another');
  });

  it('takes the tag of any way of showing the row, and a star', async () => {
    expect((await patch('a', await tagAt(`${row()}?depth=2`))).status).toBe(200);
    expect((await patch('b', `"other", ${await tagAt(row())}`)).status).toBe(200);
    expect((await patch('c', '*')).status).toBe(200);
    expect((await send(row(), { method: 'DELETE', headers: { 'If-Match': await tagAt(row()) } })).status).toBe(204);
  });

  it.each(['', 'nothing', 'W/"weak"', '"other"'])('refuses %j', async (header) => {
    expect(await patch('a', header)).toMatchObject(moved);
  });

  it('compares as strongly as it must: a tag that is called weak is none', async () => {
    expect(await patch('a', `W/${await tagAt(row())}`)).toMatchObject(moved);
  });

  it('tells nothing of a row out of reach', async () => {
    const token = 'b'.repeat(40);
    const user = (await make('/api/users/users/', { username: 'u' })).id;
    await make('/api/users/tokens/', { user, key: token });
    const permission = { object_types: ['extras.secret'], actions: ['view', 'change'], users: [user] };
    await make('/api/users/permissions/', { ...permission, name: 'mine', constraints: { name: 'mine' } });
    const answer = await send(row(), { method: 'PATCH', token, body: {}, headers: { 'If-Match': '"other"' } });
    expect(answer.status).toBe(404);
  });

  it('is refused at a list, which has no tag', async () => {
    const change = [{ id, description: 'd' }];
    for (const [method, body] of [
      ['PATCH', change],
      ['DELETE', [{ id }]],
    ] as const)
      expect(await send(secrets, { method, body, headers: { 'If-Match': '"tag"' } })).toMatchObject(moved);
    expect(await send(secrets, { method: 'PATCH', body: change, headers: { 'If-Match': '*' } })).toMatchObject({
      status: 200,
    });
  });

  it('lets exactly one of those win who start from one state at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const tag = await tagAt(row());
      const writers = Array.from({ length: 8 }, (_, index) => patch(`${round} by ${index}`, tag));
      const statuses = (await Promise.all(writers)).map(({ status }) => status).toSorted();
      expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 412)]);
    }
  });
});
