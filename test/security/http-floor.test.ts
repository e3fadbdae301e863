import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { startHost, type HostProcess } from '../support/host-process';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const secrets = '/api/extras/secrets/';
const body = { name: 'Good', provider: 'environment-variable', parameters: { variable: 'A' } };
const canary = 'canary-3f9a1c';
let host: HostProcess;
let id: string;

beforeAll(async () => {
  host = await startHost({ env: { A: 'a' } });
  ({ id } = await create(host.rest, 'extras/secrets', body));
  for (let n = 0; n < 3; n += 1) await create(host.rest, 'extras/secrets-groups', { name: `Group ${n}` });
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

/** Sends what fetch would not: any header, any body. */
async function plain(method: string, path: string, headers: OutgoingHttpHeaders = {}, sent?: string | Buffer) {
  const { hostname, port } = new URL(host.url);
  const sentHeaders = { Authorization: `Token ${host.token}`, ...headers };
  const outgoing = request({ hostname, port, path, method, headers: sentHeaders });
  outgoing.on('error', () => undefined);
  outgoing.end(sent);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode, headers: answer.headers, text };
}

const post = (raw: string, headers: Record<string, string> = {}) => host.rest('POST', secrets, { raw, headers });

describe('the headers', () => {
  test.each([
    ['an answer', 'GET', secrets],
    ['a refusal', 'GET', `${secrets}absent/`],
    ['an address that is none', 'GET', '/nothing/'],
    ['a redirect', 'GET', '/api/extras/secrets'],
    ['a method that is none', 'DELETE', '/api/'],
    ['health', 'GET', '/healthz'],
  ])('of %s keep it out of caches, frames and other types', async (_what, method, path) => {
    const { headers } = await host.rest(method, path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-request-id')).toMatch(/^[\w.-]+$/);
    for (const absent of ['x-powered-by', 'server', 'etag', 'access-control-allow-origin', 'set-cookie'])
      expect(headers.get(absent)).toBeNull();
  });
});

describe('a body', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const wide = JSON.stringify({
    ...body,
    parameters: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, 1])),
  });

  test.each([
    ['too deep', deep(40), 400],
    ['much too deep', deep(50_000), 413],
    ['deep enough to break a recursion', '['.repeat(100_000), 400],
    ['too wide', wide, 400],
    ['too large', JSON.stringify({ ...body, description: 'x'.repeat(300_000) }), 413],
    ['with too long a text', JSON.stringify({ ...body, description: 'x'.repeat(70_000) }), 400],
    ['a list', JSON.stringify([body]), 400],
    ['a text', '"a"', 400],
    ['null', 'null', 400],
    ['cut off', `{"name":"${canary}"`, 400],
    ['not JSON', `${canary}`, 400],
    ['with a trailing comma', `{"name":"${canary}",}`, 400],
  ])('that is %s is refused', async (_what, raw, status) => {
    const answer = await post(raw);
    expect(answer.status).toBe(status);
    expect(answer.text.length).toBeLessThan(500);
    expect(answer.text).not.toContain(canary);
  });

  test.each(['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])(
    'with the name %s is refused',
    async (name) => {
      for (const raw of [
        `{"${name}":{"isSuperuser":true}}`,
        `{"name":"x","provider":"environment-variable","parameters":{"${name}":{"variable":"A"}}}`,
      ]) {
        const { status, body: answer } = await post(raw);
        expect({ status, answer }).toEqual({
          status: 400,
          answer: { detail: expect.stringMatching(/^The name "\w+" is not allowed\.$/) },
        });
      }
    },
  );

  test('that is not UTF-8 is refused', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect((await plain('POST', secrets, headers, bytes)).status).toBe(400);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'text/json',
    'application/jsonp',
  ])('of the type %s is refused', async (type) => {
    const { status, body: answer } = await post(JSON.stringify(body), { 'Content-Type': type });
    expect(status).toBe(415);
    expect(answer.detail).toMatch(/^Unsupported media type "/);
  });

  test('that is compressed is refused, so that none grows', async () => {
    expect((await post(JSON.stringify(body), { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });

  test('with a field that is unknown is refused by its name', async () => {
    for (const [method, path, sent] of [
      ['POST', secrets, { ...body, name: 'Other', is_superuser: true }],
      ['PATCH', `${secrets}${id}/`, { is_superuser: true }],
      ['PUT', `${secrets}${id}/`, { ...body, is_superuser: true }],
      ['POST', `${secrets}${id}/check/`, { is_superuser: true }],
      ['POST', `${secrets}${id}/explain/`, { is_superuser: true }],
    ] as const) {
      const { status, body: answer } = await host.rest(method, path, { body: sent });
      expect({ path, status, answer }).toEqual({ path, status: 400, answer: { is_superuser: ['Unknown field.'] } });
    }
  });

  test('that repeats what was read is taken by PUT', async () => {
    const { body: row } = await host.rest('GET', `${secrets}${id}/`);
    const { status, body: answer } = await host.rest('PUT', `${secrets}${id}/`, { body: row });
    expect(status).toBe(200);
    expect(answer).toEqual({ ...row, last_updated: expect.any(String), computed_fields: {}, relationships: {} });
  });

  test('cannot set what Latchkey alone sets', async () => {
    const sent = { created: '2001-01-01T00:00:00Z', number: 999_999, url: 'https://evil.example/' };
    const { status, body: answer } = await host.rest('PATCH', `/api/extras/secrets/${id}/`, {
      body: { created: sent.created, url: sent.url },
    });
    expect(status).toBe(200);
    expect(answer.created).not.toContain('2001');
    expect(answer.url).toBe(`${host.url}${secrets}${id}/`);
  });
});

describe('an address', () => {
  test.each([
    ['a filter that is unknown', `${secrets}?nme=Good`],
    ['an operator in a filter', `${secrets}?name[$ne]=x`],
    ['a prototype in a filter', `${secrets}?__proto__[admin]=1`],
    ['a filter of a detail', `${secrets}ID/?x=1`],
    ['a NUL in a filter', `${secrets}?name=a%00b`],
    ['a NUL in a search', `${secrets}?q=%00`],
    ['an escape that is none', `${secrets}%E0%A4%A/`],
  ])('with %s is refused', async (_what, path) => {
    expect((await host.rest('GET', path.replace('ID', id))).status).toBe(400);
  });

  test.each(['/api/../api/', '/API/', '/api//extras/', '//evil.example/', '/.env', '/api/extras/secrets/../../'])(
    '%s leads nowhere',
    async (path) => {
      const { status, headers } = await plain('GET', path);
      expect(status).toBe(404);
      expect(headers.location).toBeUndefined();
    },
  );

  test.each([
    ["' OR 1=1 --", 0],
    ['%', 0],
    ['_', 0],
    ['\\', 0],
    ['goo', 1],
  ])('searching for %j finds %d', async (q, count) => {
    const { status, body: answer } = await host.rest('GET', `${secrets}?q=${encodeURIComponent(q)}`);
    expect({ status, count: answer.count }).toEqual({ status: 200, count });
  });
});

describe('the Host header', () => {
  test.each(['evil.example', 'evil.example:1', ''])('%j never appears in a link', async (name) => {
    const forwarded = { Host: name, 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' };
    const list = await plain('GET', '/api/extras/secrets-groups/?limit=1&offset=1', forwarded);
    expect(list.status).toBe(200);
    expect(list.text).not.toContain('evil');
    const { next, previous, results } = JSON.parse(list.text);
    for (const link of [next, previous, results[0].url]) expect(link).toMatch(new RegExp(`^${host.url}/api/extras/`));
    expect(JSON.stringify((await plain('GET', '/api/', forwarded)).text)).not.toContain('evil');
    const { status, headers } = await plain('GET', '/api/extras/secrets?a=b', forwarded);
    expect({ status, location: headers.location }).toEqual({ status: 301, location: '/api/extras/secrets/?a=b' });
  });
});

describe('a method', () => {
  test.each([
    ['X-HTTP-Method-Override', ''],
    ['X-Method-Override', ''],
    ['X-HTTP-Method', ''],
    ['', '?_method=DELETE'],
  ])('cannot be another than it is (%s%s)', async (header, query) => {
    const headers = header === '' ? {} : { [header]: 'DELETE' };
    await host.rest('POST', `${secrets}${id}/check/${query}`, { headers, body: {} });
    const { status } = await host.rest('POST', `${secrets}${id}/${query}`, { headers, body: {} });
    expect(status).toBe(405);
    expect((await host.rest('GET', `${secrets}${id}/`)).status).toBe(200);
  });

  test('that an address has not is answered 405, with those that it has', async () => {
    const list = 'GET, HEAD, OPTIONS';
    const entries = '/api/audit/entries/';
    for (const [method, path, allow] of [
      ['PATCH', entries, list],
      ['DELETE', entries, list],
      ['POST', `${secrets}${id}/`, 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS'],
      ['GET', `${secrets}${id}/explain/`, 'POST, OPTIONS'],
      ['DELETE', `${secrets}${id}/check/`, 'GET, POST, HEAD, OPTIONS'],
      ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const { status, headers, body: answer } = await host.rest(method, path);
      const detail = `Method "${method}" not allowed.`;
      expect({ path, status, allow: headers.get('allow'), answer }).toEqual({
        path,
        status: 405,
        allow,
        answer: { detail },
      });
    }
    expect((await plain('TRACE', secrets)).status).toBe(405);
  });

  test('HEAD has the headers of GET and no body', async () => {
    const [head, get] = [await plain('HEAD', secrets), await plain('GET', secrets)];
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
  });

  test('OPTIONS describes the fields, with their lengths and choices', async () => {
    const { status, headers, body: answer } = await host.rest('OPTIONS', secrets);
    expect(status).toBe(200);
    expect(headers.get('allow')).toBe('GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS');
    expect(answer).toMatchObject({
      name: 'Secrets',
      renders: ['application/json', 'text/csv'],
      actions: { POST: { name: { type: 'string', required: true, max_length: 255 } } },
    });
    expect(JSON.stringify(answer)).not.toMatch(/key_hash|password/);
  });

  test('another type than JSON and CSV cannot be asked for', async () => {
    expect((await host.rest('GET', secrets, { headers: { Accept: 'text/html' } })).status).toBe(406);
  });
});

describe('what is no HTTP', () => {
  const send = async (text: string): Promise<string> => {
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.end(text);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };

  test.each([
    ['a line that is none', `${canary}\r\n\r\n`, '400'],
    ['two lengths', 'POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', '400'],
    [
      'a length and chunks',
      'POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['headers without end', `GET /api/ HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
  ])('%s is refused and not quoted', async (_what, text, status) => {
    const answer = await send(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toContain(canary);
  });

  test('the host answers as before, and its log quotes nothing of all this', async () => {
    expect((await host.rest('GET', '/readyz')).status).toBe(200);
    expect(host.stdout() + host.stderr()).not.toContain(canary);
  });
});
