import type { Host } from '../../host/src/compose';
import { baseAddress } from '../../host/src/http/listening';
import { startHeldBackend } from '../support/held-backend';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const opened: Host[] = [];
const logged: string[] = [];
beforeEach(() => {
  logged.splice(0);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => logged.push(String(text)) > 0);
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const host of opened.splice(0)) await host.close();
});
afterAll(removeTemporaryFolders);

/** A host with a listener for its operator. */
async function start(settings: Readonly<Record<string, unknown>> = {}) {
  const operations = await baseAddress('http', '127.0.0.1', 0);
  const metrics_port = Number(new URL(operations).port);
  const host = await openLocalHost({ metrics_port, log_level: 'info', ...settings });
  opened.push(host);
  const url = await host.listen();
  const scrape = async () => (await fetch(`${operations}/metrics`)).text();
  return { host, url, operations, rest: restClient(url, adminToken), scrape };
}

/** The lines of the log, once those of this turn are written. */
async function lines(): Promise<Record<string, unknown>[]> {
  await new Promise(setImmediate);
  return logged
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
const requests = async () => (await lines()).filter(({ message }) => message === 'Request');
const seriesOf = (text: string) => text.split('\n').filter((line) => line.startsWith('latchkey_')).length;

describe('metrics', () => {
  test('tell of requests, reads, commits, memory, plugins and the process, and of nothing that a client chose', async () => {
    process.env['OPERATIONS_CANARY'] = 'canary-value';
    const { rest, operations, scrape } = await start();
    const parameters = { variable: 'OPERATIONS_CANARY' };
    const body = { name: 'canary-secret', provider: 'environment-variable', parameters };
    const secret = await create(rest, 'extras/secrets', body);
    for (let n = 0; n < 3; n += 1) await rest('GET', `/api/extras/secrets/${secret.id}/check/`);
    await rest('GET', '/api/extras/secrets/canary-name/?canary=1', { token: 'canary-token-0123456789' });

    const answer = await fetch(`${operations}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    for (const line of [
      'latchkey_http_requests_total{method="GET",route="/api/extras/secrets/:id/check/",status="200"} 3',
      'latchkey_reads_total{action="check",provider="environment-variable",outcome="ok"} 3',
      'latchkey_record_commit_entries_sum 3',
      'latchkey_fetches_total{way="made"} 3',
      'latchkey_plugin_state{plugin="environment-variable",status="loaded"} 1',
      'latchkey_ready 1',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^latchkey_definition_lookups_total\{from="memory"\} [1-9]/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_mean_seconds /m);
    expect(text).not.toMatch(/canary/i);
    expect(text).not.toContain(secret.id);
    expect(await scrape()).toContain('latchkey_ready 1');
  });

  test('a thousand addresses that are not there make no new series', async () => {
    const { rest, scrape } = await start();
    const ask = (n: number) => rest('GET', `/api/nowhere/${n}/`);
    await ask(0);
    const before = seriesOf(await scrape());
    for (let n = 0; n < 20; n += 1) await Promise.all(Array.from({ length: 50 }, (_, m) => ask(50 * n + m)));
    const text = await scrape();
    expect(seriesOf(text)).toBe(before);
    expect(text).toContain('latchkey_http_requests_total{method="GET",route="none",status="404"} 1001');
  });

  test('are on no other listener, and the listener answers nothing else', async () => {
    const { url, operations, rest } = await start();
    expect((await rest('GET', '/metrics')).status).toBe(404);
    for (const path of ['/', '/api/', '/api/extras/secrets/', '/metrics/', '/__proto__', '/constructor'])
      expect((await fetch(operations + path)).status).toBe(404);
    expect((await fetch(`${operations}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${operations}/metrics?x=1`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('are nowhere without the setting', async () => {
    const { operations } = await start({ metrics_port: undefined });
    await expect(fetch(`${operations}/metrics`)).rejects.toThrow('fetch failed');
  });
});

describe('the log', () => {
  test('has a line for each request, with the id of the answer, of the record and of the change', async () => {
    process.env['OPERATIONS_CANARY'] = 'canary-value';
    const { rest } = await start({ trusted_proxies: ['127.0.0.1'] });
    const headers = { 'X-Request-Id': 'chosen-1', 'X-Forwarded-For': '192.0.2.7' };
    const parameters = { variable: 'OPERATIONS_CANARY' };
    const body = { name: 'S', provider: 'environment-variable', parameters };
    const made = await rest('POST', '/api/extras/secrets/', { headers, body });
    const check = await rest('GET', `/api/extras/secrets/${made.body.id}/check/`);
    const id = String(check.headers.get('x-request-id'));
    const [first, second] = await requests();
    expect(first).toMatchObject({ request: 'chosen-1', method: 'POST', route: '/api/extras/secrets/', status: 201 });
    expect(first).toMatchObject({ address: '192.0.2.7', duration_ms: expect.any(Number), user: expect.any(String) });
    expect(second).toMatchObject({ request: id, route: '/api/extras/secrets/:id/check/', address: '127.0.0.1' });
    const entries = (await rest('GET', '/api/audit/entries/')).body.results;
    expect(entries).toMatchObject([{ request_id: id, address: '127.0.0.1' }]);
    const changes = (await rest('GET', '/api/extras/object-changes/')).body.results;
    expect(changes).toContainEqual(expect.objectContaining({ request_id: 'chosen-1' }));
  });

  test('holds no token, no value and nothing of paths, queries, headers and bodies', async () => {
    const { rest, url } = await start({ log_level: 'debug' });
    const canary = 'canary-4f1c-0123456789-abcdef';
    const token = `${canary}-token`;
    const basic = Buffer.from(`${canary}:${canary}`).toString('base64');
    await rest('GET', `/api/extras/secrets/${canary}/?name=${canary}&${canary}=1`);
    await rest('GET', `/${canary}/?${canary}`, { token });
    await rest('GET', '/api/extras/secrets/', { token, headers: { 'X-Other': canary, Cookie: `a=${canary}` } });
    await rest('POST', '/api/users/tokens/', { token: null, headers: { Authorization: `Basic ${basic}` }, body: {} });
    await rest('POST', '/api/extras/secrets/', { raw: `{"name": "${canary}", oops` });
    await rest('POST', '/api/extras/secrets/', { body: { name: canary, provider: canary, parameters: { a: canary } } });
    await rest('GET', '/api/extras/secrets/', { headers: { 'X-Request-Id': `${canary} two words` } });
    await fetch(`${url}/%E0%A4%A?${canary}`);
    expect((await requests()).length).toBe(8);
    expect(logged.join('')).not.toMatch(new RegExp(`canary|${basic}|${adminToken}`));
  });

  test('tells who asked by id, and nobody where nobody signed in', async () => {
    const { rest } = await start();
    const [{ id }] = (await rest('GET', '/api/users/users/?username=admin')).body.results;
    await rest('GET', '/api/extras/secrets/', { token: 'not-a-token-of-this-host' });
    await rest('GET', '/nowhere/');
    const [known, wrong, astray] = await requests();
    expect(known?.['user']).toBe(id);
    expect(wrong).toMatchObject({ status: 403 });
    expect(wrong).not.toHaveProperty('user');
    expect(astray).toMatchObject({ status: 404 });
    expect(astray).not.toHaveProperty('route');
  });

  test('at warn has no requests', async () => {
    const { rest } = await start({ log_level: 'warn' });
    await rest('GET', '/api/extras/secrets/');
    expect(await requests()).toEqual([]);
  });
});

describe('readiness', () => {
  test('of a host with a failed plugin is 503; which one it is, the operator alone is told', async () => {
    const { rest, operations } = await start({
      plugins: {
        enabled: ['@latchkey/provider-environment-variable', '@latchkey/provider-text-file'],
        allow_failure: ['text-file'],
        config: { 'text-file': { roots: 'not/absolute' } },
      },
    });
    expect(await rest('GET', '/readyz', { token: null })).toMatchObject({
      status: 503,
      text: '{"status":"not ready"}',
    });
    const told = await fetch(`${operations}/readyz`);
    expect([told.status, await told.json()]).toEqual([
      503,
      {
        status: 'not ready',
        checks: { database: true, records: true, plugins: false },
        faults: ['plugins: failed: text-file'],
      },
    ]);
    expect(await lines()).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'Not ready', faults: 'plugins: failed: text-file' }),
    );
  });
});

test('a hundred clients that check one secret at once cost the backend one request, and make a hundred records', async () => {
  const backend = await startHeldBackend('canary-value');
  try {
    const { rest, scrape } = await start({
      plugins: { enabled: ['@latchkey/provider-hashicorp-vault'] },
      stores: { 'hashicorp-vault': { default: { url: backend.url, token: 'any' } } },
    });
    const parameters = { path: 'app', key: 'password', mount_point: 'secret', kv_version: 'v2' };
    const { id } = await create(rest, 'extras/secrets', { name: 'S', provider: 'hashicorp-vault', parameters });
    const check = () => rest('GET', `/api/extras/secrets/${id}/check/`);
    const joined = async () => Number(/^latchkey_fetches_total\{way="shared"\} (\d+)/m.exec(await scrape())?.[1]);
    const all = Array.from({ length: 100 }, check);
    await backend.asked();
    while ((await joined()) < 99);
    backend.release();
    expect((await Promise.all(all)).map(({ body }) => body.result)).toEqual(Array(100).fill(true));
    expect(backend.count()).toBe(1);
    expect((await rest('GET', '/api/audit/entries/?outcome=ok&limit=1')).body.count).toBe(100);
    expect((await check()).body.result).toBe(true);
    expect(backend.count()).toBe(2);
  } finally {
    await backend.stop();
  }
});
