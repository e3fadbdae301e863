import { request as rawRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { SecretProviderError } from '@latchkey/core';
import type { LogFields } from '@latchkey/core';
import { HttpHost, memoryServices, tokens } from '../../../test/support/http-host';
import type { Principal } from '../domain/access';
import { hostError } from '../errors';
import { routesOf } from './app';
import type { HttpServices } from './services';

const secrets = '/api/extras/secrets/';
const canary = 'canary-7f3a-value';

let host: HttpHost;
const start = async (replaced: Partial<HttpServices> = {}) => {
  await host?.stop();
  host = await HttpHost.start(memoryServices(replaced));
};
beforeEach(() => start());
afterEach(() => host.stop());

describe('every answer', () => {
  const protectedAnswers: [string, string, number][] = [
    ['GET', '/healthz', 200],
    ['GET', secrets, 200],
    ['OPTIONS', secrets, 200],
    ['GET', '/api/extras/secrets', 301],
    ['POST', secrets, 400],
    ['GET', `${secrets}none/`, 404],
    ['GET', '/nowhere', 404],
    ['GET', '/%E0%A4%A/', 404],
    ['GET', `${secrets}%E0%A4%A/`, 400],
  ];

  it.each(protectedAnswers)('%s %s is not kept and not sniffed', async (method, path, status) => {
    const { headers, ...answer } = await host.request(path, { method });
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': expect.any(String),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    for (const name of ['etag', 'x-powered-by', 'www-authenticate', 'strict-transport-security'])
      expect(headers.get(name)).toBeNull();
  });

  it('tells browsers to stay with https where the public address is', async () => {
    await start({ publicUrl: 'https://latchkey.example' });
    expect((await host.request('/healthz')).headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('repeats the request id that the client gave, when it is a plain word', async () => {
    const idOf = async (id: string) =>
      (await host.request('/healthz', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
    expect(await idOf('abc-1.2')).toBe('abc-1.2');
    expect(await idOf('a b')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('a'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has addresses made of the public one, whatever Host says', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const { port } = host.server.address() as AddressInfo;
      const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Authorization: `Token ${admin}` };
      rawRequest({ port, path: '/api/extras/', headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => (body += String(chunk))).on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });
    const map = JSON.parse(text) as Record<string, string>;
    expect(map).toMatchObject({ secrets: `http://latchkey.example${secrets}` });
    for (const [name, url] of Object.entries(map)) expect(url).toBe(`http://latchkey.example/api/extras/${name}/`);
  });
});

const admin = 'admin-token-of-the-tests';

describe('authentication', () => {
  it('is needed by every route but health and the files of the API’s pages', async () => {
    const routes = routesOf(host.services);
    expect(routes.length).toBeGreaterThan(15);
    const open: string[] = [];
    const details = new Set<unknown>();
    for (const route of routes)
      for (const method of Object.keys(route.methods)) {
        const path = route.path.replaceAll(':id', '00000000-0000-4000-8000-000000000000');
        const { status, body } = await host.request(path, { method, token: '' });
        if (status !== 403) open.push(`${method} ${path}`);
        else details.add(body.detail);
      }
    const pages = (path: string) => path.startsWith('GET /api/docs/');
    expect(open.filter((path) => !pages(path))).toEqual(['GET /healthz', 'GET /readyz']);
    expect([...details]).toEqual(['Authentication credentials were not provided.']);
  });

  const invalid = 'Invalid token header.';
  it.each([
    [`Token ${admin}`, undefined],
    [`Bearer ${admin}`, undefined],
    [`token ${admin}`, undefined],
    [`TOKEN   ${admin}`, undefined],
    ['', 'Authentication credentials were not provided.'],
    [admin, 'Authentication credentials were not provided.'],
    [`Basic ${admin}`, 'Authentication credentials were not provided.'],
    ['Token', `${invalid} No credentials provided.`],
    ['Token ', `${invalid} No credentials provided.`],
    [`Token ${admin} x`, `${invalid} Token string should not contain spaces.`],
    ['Token é', `${invalid} Token string should not contain invalid characters.`],
    [`Token ${admin.toUpperCase()}`, 'Invalid token'],
    ['Token expired-token-of-the-tests', 'Token expired'],
    ['Token inactive-token-of-the-tests', 'User inactive'],
  ])('reads "%s"', async (Authorization, detail) => {
    const { status, body } = await host.request('/api/', { token: '', headers: { Authorization } });
    expect([status, body.detail]).toEqual([detail ? 403 : 200, detail]);
  });

  it('is by header alone', async () => {
    expect(await host.request(`${secrets}?token=${admin}`, { token: '' })).toMatchObject({ status: 403 });
  });

  it('is not asked for on the server of the owner', async () => {
    await start({ localActing: () => Promise.resolve(tokens[admin] as Principal) });
    expect(await host.request(secrets, { token: '' })).toMatchObject({ status: 200 });
  });
});

describe('a path', () => {
  it.each(['GET', 'PATCH'])('without its last slash is sent on, for %s', async (method) => {
    const answer = await host.request('/api/extras/secrets/abc?x=1', { method, token: '' });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/api/extras/secrets/abc/?x=1']);
  });

  it.each(['/api/nowhere', '//evil.example/api', '/API/', '/api/extras/secrets/a/b/', '/api//', '/healthz/'])(
    '%s is nowhere',
    async (path) => {
      expect(await host.request(path)).toMatchObject({ status: 404, body: { detail: 'Not found.' } });
    },
  );

  it('has only its methods', async () => {
    const answer = await host.request(`${secrets}x/`, { method: 'POST', body: {} });
    expect(answer).toMatchObject({ status: 405, body: { detail: 'Method "POST" not allowed.' } });
    expect(answer.headers.get('allow')).toBe('GET, PUT, PATCH, DELETE, HEAD, OPTIONS');
    expect(await host.request(secrets, { method: 'PROPFIND' })).toMatchObject({ status: 405 });
  });

  it('answers HEAD as GET without the body', async () => {
    const answer = await host.request('/api/', { method: 'HEAD' });
    expect([answer.status, answer.text, Number(answer.headers.get('content-length')) > 0]).toEqual([200, '', true]);
  });

  it('is answered in JSON only', async () => {
    const accept = (Accept: string) => host.request('/api/', { headers: { Accept } });
    expect(await accept('application/xml')).toMatchObject({
      status: 406,
      body: { detail: 'Could not satisfy the request Accept header.' },
    });
    expect(await accept('text/html, application/*;q=0.8')).toMatchObject({ status: 200 });
  });
});

describe('a body', () => {
  const post = (raw: string | Uint8Array, headers: Record<string, string> = {}) =>
    host.request(secrets, { method: 'POST', raw, headers });
  const nest = (depth: number) => `{"parameters":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

  it.each([
    ['{"name": ', 'JSON parse error'],
    [`{"name": "${canary}", }`, 'JSON parse error'],
    [Uint8Array.of(0x22, 0xff, 0x22), 'JSON parse error'],
    ['{"__proto__":{"admin":true}}', 'The name "__proto__" is not allowed.'],
    ['{"\\u005f_proto__":{"admin":true}}', 'The name "__proto__" is not allowed.'],
    ['{"parameters":{"a":[{"constructor":{}}]}}', 'The name "constructor" is not allowed.'],
    ['{"parameters":{"prototype":1}}', 'The name "prototype" is not allowed.'],
    [nest(33), 'The body is nested deeper than 32 levels.'],
    ['['.repeat(100_000), 'JSON parse error'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'The body is nested deeper than 32 levels.'],
    [`{${Array.from({ length: 1001 }, (_, i) => `"k${i}":1`).join()}}`, 'The body has more than 1000 names.'],
    [JSON.stringify({ name: 'x'.repeat(65_537) }), 'A text is longer than 65536 characters.'],
  ])('is refused: %.60s', async (raw, detail) => {
    const { status, body, text } = await post(raw);
    expect([status, String(body.detail).startsWith(detail)]).toEqual([400, true]);
    expect(text).not.toContain(canary);
  });

  it.each([
    [nest(32), 'parameters'],
    [`{${Array.from({ length: 999 }, (_, i) => `"k${i}":1`).join()},"name":[]}`, 'name'],
    [JSON.stringify({ name: 'x'.repeat(65_536) }), 'name'],
  ])('at the limit is looked at: %.40s', async (raw, field) => {
    const { status, body } = await post(raw);
    expect([status, body.detail]).toEqual([400, undefined]);
    expect(body).toHaveProperty(field);
  });

  it.each([{ 'Content-Length': '' }, { 'Transfer-Encoding': 'chunked' }])(
    'above 256 KiB is 413 (%j)',
    async (headers) => {
      const large = ' '.repeat(256 * 1024 + 1);
      const answer = await sendRaw(large, 'Transfer-Encoding' in headers);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('Connection: close');
    },
  );

  it('of exactly 256 KiB is read', async () => {
    expect((await post('{}'.padEnd(256 * 1024))).body).toHaveProperty('name');
  });

  const detailOf = async (headers: Record<string, string>, raw = 'name=x') => {
    const { status, body } = await post(raw, headers);
    return [status, body.detail];
  };
  it('is JSON in UTF-8, not packed', async () => {
    const unsupported = (type: string) => [415, `Unsupported media type "${type}" in request.`];
    expect(await detailOf({ 'Content-Type': 'text/plain' })).toEqual(unsupported('text/plain'));
    const form = 'application/x-www-form-urlencoded';
    expect(await detailOf({ 'Content-Type': form })).toEqual(unsupported(form));
    expect(await detailOf({ 'Content-Type': 'application/json; charset=latin1' })).toEqual(
      unsupported('application/json'),
    );
    expect(await detailOf({ 'Content-Encoding': 'gzip' })).toEqual(unsupported('application/json'));
    for (const type of ['application/json; charset=UTF-8', 'application/json;', 'application/json; charset=utf-8; '])
      expect(await detailOf({ 'Content-Type': type }, '{}')).toEqual([400, undefined]);
  });

  it('that is empty counts as {}', async () => {
    expect((await host.request(secrets, { method: 'POST' })).body).toHaveProperty('name', ['This field is required.']);
    expect((await post('')).body).toHaveProperty('name', ['This field is required.']);
  });

  it.each([
    ['null', 'No data provided'],
    ['"text"', 'Invalid data. Expected a dictionary, but got str.'],
  ])('that is %s is no object', async (raw, message) => {
    expect(await post(raw)).toMatchObject({ status: 400, body: { non_field_errors: [message] } });
  });

  it('is not read before the sender is known', async () => {
    const answer = await host.request(secrets, { method: 'POST', raw: '{"name": ', token: '' });
    expect(answer).toMatchObject({ status: 403 });
  });

  function sendRaw(body: string, chunked: boolean): Promise<string> {
    const { port } = host.server.address() as AddressInfo;
    const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
    const head = `POST ${secrets} HTTP/1.1\r\nHost: x\r\nAuthorization: Token ${admin}\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;
    const wire = chunked ? `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : head + body;
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(wire));
      socket.on('data', (chunk) => (answer += String(chunk)));
      socket.on('error', () => resolve(answer)).on('close', () => resolve(answer));
    });
  }
});

describe('a failure', () => {
  const logged: { message: string; fields: LogFields | undefined }[] = [];
  const note = (message: string, fields?: LogFields) => void logged.push({ message, fields });
  const failing = (thrown: unknown) => {
    const ready = async () => {
      throw thrown;
    };
    return start({ logger: { debug: note, info: note, warn: note, error: note }, ready });
  };
  beforeEach(() => logged.splice(0));

  it('that is not known is 500, told by class and code alone', async () => {
    const error = Object.assign(new TypeError(`Invalid URL: ${canary}`), {
      code: 'ERR_INVALID_URL',
      input: canary,
      body: canary,
      cause: new Error(canary),
    });
    await failing(error);
    const answer = await host.request('/readyz', { headers: { 'X-Request-Id': 'r1' } });
    expect(answer).toMatchObject({ status: 500, body: { detail: 'A server error occurred.', request_id: 'r1' } });
    expect(logged).toEqual([
      {
        message: 'A request failed',
        fields: { request: 'r1', class: 'TypeError', code: 'ERR_INVALID_URL', message: undefined },
      },
    ]);
    expect(answer.text + JSON.stringify(logged)).not.toContain(canary);
  });

  it.each([[canary], [null], [Object.assign(new Error('x'), { name: `${canary} x`, code: `${canary} x` })]])(
    'whatever was thrown',
    async (error) => {
      await failing(error);
      const answer = await host.request('/readyz');
      expect(answer.status).toBe(500);
      expect(answer.text + JSON.stringify(logged)).not.toContain(canary);
    },
  );

  it('of the records is 503 and says so', async () => {
    await failing(hostError('access-record'));
    expect(await host.request('/readyz')).toMatchObject({
      status: 503,
      body: { detail: 'The read could not be recorded, so no value is returned.' },
    });
    expect(logged[0]?.fields).toMatchObject({ code: 'access-record' });
  });

  it('of a provider is its own text', async () => {
    await failing(new SecretProviderError({ secret: 's', provider: 'P', detail: 'd', code: 'unavailable' }));
    expect(await host.request('/readyz')).toMatchObject({
      status: 422,
      body: { detail: 'SecretProviderError: Secret "s" (provider "P"): d' },
    });
  });
});

describe('the server', () => {
  it('has its limits set', () => {
    const { headersTimeout, requestTimeout, maxHeadersCount, maxConnections } = host.server;
    expect({ headersTimeout, requestTimeout, maxHeadersCount, maxConnections }).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      maxHeadersCount: 100,
      maxConnections: 2_000,
    });
  });

  it('gives messages the prototypes of the app, so that Express changes none', async () => {
    const seen: boolean[] = [];
    host.server.prependListener('request', (request, response) => {
      const app = host.server.listeners('request').at(-1) as unknown as { request: object; response: object };
      seen.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
    });
    await host.request('/healthz');
    expect(seen).toEqual([true, true]);
  });

  it('answers what is no HTTP with a bare 400', async () => {
    const answer = await new Promise<string>((resolve) => {
      const { port } = host.server.address() as AddressInfo;
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(`${canary}\r\n\r\n`));
      socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).not.toContain(canary);
  });
});

describe('the small routes', () => {
  it('tell life, readiness, version, areas and providers', async () => {
    const provider = { slug: 's', name: 'S', parameters: { type: 'object' }, package: 'p', version: '1.0.0' };
    await start({
      ready: () => Promise.resolve({ ready: false, checks: { database: false } }),
      providers: () => [provider],
    });
    const bodyOf = async (path: string) => (await host.request(path)).body;
    expect(await host.request('/healthz', { token: '' })).toMatchObject({ status: 200, body: { status: 'ok' } });
    // Which part it is that does not work is told to the operator alone.
    expect(await host.request('/readyz', { token: '' })).toMatchObject({ status: 503, text: '{"status":"not ready"}' });
    expect(await bodyOf('/api/status/')).toEqual({ 'latchkey-version': '0.0.0' });
    expect(Object.keys(await bodyOf('/api/'))).toEqual(
      'audit dcim extras inventory providers status users virtualization'.split(' '),
    );
    expect(await bodyOf('/api/providers/')).toEqual({ count: 1, next: null, previous: null, results: [provider] });
  });
});
