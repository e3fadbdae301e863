import { tokenType, userType } from '../../host/src/domain/access';
import { routesOf } from '../../host/src/http/app';
import { addAccount, besideHost } from '../support/accounts';
import { startHost, type HostProcess } from '../support/host-process';
import { memoryServices } from '../support/http-host';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];
const keys = {
  reader: 'reader-token-0123456789',
  nobody: 'nobody-token-0123456789',
  expired: 'expired-token-0123456789',
  inactive: 'inactive-token-0123456789',
};
let host: HostProcess;
let secret: { id: string };
let routes: { readonly path: string; readonly access: string }[];

beforeAll(async () => {
  host = await startHost({ env: { A: 'a' } });
  const { dataDir } = host;
  await addAccount(dataDir, { key: keys.reader, token: { write_enabled: false } });
  await addAccount(dataDir, { key: keys.nobody, user: { is_superuser: false } });
  await addAccount(dataDir, { key: keys.expired, token: { expires: '2001-01-01T00:00:00.000Z' } });
  await addAccount(dataDir, { key: keys.inactive, user: { is_active: false } });
  const parameters = { variable: 'A' };
  secret = await create(host.rest, 'extras/secrets', { name: 'A', provider: 'environment-variable', parameters });
  routes = routesOf(memoryServices()).map(({ path, access }) => ({ path: path.replace(':id', secret.id), access }));
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

test('health, readiness and the files of the API’s pages need no token', async () => {
  expect(routes.filter(({ access }) => access === 'anonymous').map(({ path }) => path)).toEqual([
    '/healthz',
    '/readyz',
    '/api/docs/',
    '/api/docs/latchkey.js',
    '/api/docs/swagger-ui.css',
    '/api/docs/swagger-ui-bundle.js',
  ]);
  expect(await host.rest('GET', '/healthz', { token: null })).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await host.rest('GET', '/readyz', { token: null })).toMatchObject({
    status: 200,
    text: '{"status":"ready"}',
  });
});

test('every other address, with every method, answers 403 without a token and tells nothing', async () => {
  // Clients of NetBox read the map of addresses, and nothing else, before they sign in.
  const closed = routes.filter(({ access, path }) => access !== 'anonymous' && path !== '/api/');
  expect(closed.length).toBeGreaterThan(15);
  for (const { path } of closed) {
    for (const method of methods) {
      const { status, body, headers } = await host.rest(method, path, { token: null });
      const detail = 'Authentication credentials were not provided.';
      expect({ path, method, status, body }).toEqual({
        path,
        method,
        status: 403,
        body: method === 'HEAD' ? undefined : { detail },
      });
      expect(headers.get('www-authenticate')).toBeNull();
    }
  }
});

test('the map of addresses answers clients of Nautobot 403 without a token', async () => {
  const headers = { Accept: 'application/json; version=3.2' };
  expect((await host.rest('GET', '/api/', { token: null, headers })).status).toBe(403);
  const { status, body } = await host.rest('GET', '/api/', { token: null });
  expect([status, body.secrets]).toEqual([200, `${host.url}/api/secrets/`]);
});

test.each([
  ['Token wrong-token-0123456789', 'Invalid token'],
  [`Token ${keys.expired}`, 'Token expired'],
  [`Token ${keys.inactive}`, 'User inactive'],
  ['Token', 'Invalid token header. No credentials provided.'],
  ['Token a b', 'Invalid token header. Token string should not contain spaces.'],
  ['Basic YWRtaW46YWRtaW4=', 'Authentication credentials were not provided.'],
])('%s is refused: %s', async (header, detail) => {
  const answer = await host.rest('GET', '/api/extras/secrets/', { token: null, headers: { Authorization: header } });
  expect({ status: answer.status, body: answer.body }).toEqual({ status: 403, body: { detail } });
});

test('both forms of the header are taken', async () => {
  for (const scheme of ['Token', 'Bearer', 'token', 'BEARER']) {
    const headers = { Authorization: `${scheme} ${host.token}` };
    expect((await host.rest('GET', '/api/extras/secrets/', { token: null, headers })).status).toBe(200);
  }
});

test('a token that may only read lists, checks and explains, and changes nothing', async () => {
  const send = (method: string, path: string, body?: unknown) => host.rest(method, path, { token: keys.reader, body });
  const own = `/api/extras/secrets/${secret.id}/`;
  expect((await send('GET', '/api/extras/secrets/')).status).toBe(200);
  expect((await send('POST', `${own}check/`, {})).body).toEqual({ result: true, message: 'Passed' });
  expect((await send('POST', `${own}explain/`, {})).status).toBe(200);
  const forbidden = { status: 403, body: { detail: 'You do not have permission to perform this action.' } };
  expect(await send('POST', '/api/extras/secrets/', { name: 'B' })).toMatchObject(forbidden);
  expect(await send('PATCH', own, { description: 'changed' })).toMatchObject(forbidden);
  expect(await send('PUT', own, {})).toMatchObject(forbidden);
  expect(await send('DELETE', own)).toMatchObject(forbidden);
  expect((await host.rest('GET', own)).body.description).toBe('');
});

test('who is no administrator may do nothing, and cannot tell what is there from what is not', async () => {
  const absent = '00000000-0000-4000-8000-000000000000';
  for (const id of [secret.id, absent]) {
    for (const [method, path, body] of [
      ['GET', `/api/extras/secrets/${id}/`],
      ['PATCH', `/api/extras/secrets/${id}/`, {}],
      ['DELETE', `/api/extras/secrets/${id}/`],
      ['GET', `/api/extras/secrets/${id}/check/`],
      ['POST', `/api/extras/secrets/${id}/explain/`, {}],
      ['POST', `/api/extras/secrets-groups/${id}/check/`, { access_type: 'SSH', secret_type: 'key' }],
    ] as const) {
      const answer = await host.rest(method, path, { token: keys.nobody, body });
      expect({ method, path, status: answer.status, body: answer.body }).toEqual({
        method,
        path,
        status: 403,
        body: { detail: 'You do not have permission to perform this action.' },
      });
    }
  }
  for (const list of ['extras/secrets', 'inventory/objects', 'audit/entries'])
    expect((await host.rest('GET', `/api/${list}/`, { token: keys.nobody })).status).toBe(403);
});

describe('a change by another process acts on the next request', () => {
  const status = async (token: string) => (await host.rest('GET', '/api/extras/secrets/', { token })).status;

  test('a token that is taken away', async () => {
    const key = 'short-lived-token-0123456789';
    const { token } = await addAccount(host.dataDir, { key });
    expect(await status(key)).toBe(200);
    await besideHost(host.dataDir, (it) => it.run((tx) => tx.remove(tokenType, token.id)));
    expect(await status(key)).toBe(403);
  });

  test('a user who is no longer an administrator, or no longer active', async () => {
    const key = 'falling-token-0123456789';
    const { user } = await addAccount(host.dataDir, { key });
    expect(await status(key)).toBe(200);
    const change = (values: object) =>
      besideHost(host.dataDir, (it) => it.run((tx) => tx.update(userType, user.id, values)));
    await change({ is_superuser: false });
    expect(await host.rest('GET', `/api/extras/secrets/${secret.id}/check/`, { token: key })).toMatchObject({
      status: 403,
    });
    await change({ is_superuser: true, is_active: false });
    expect(await host.rest('GET', '/api/extras/secrets/', { token: key })).toMatchObject({
      status: 403,
      body: { detail: 'User inactive' },
    });
  });
});

test('no token and no password stands in the database', async () => {
  const rows = await besideHost(host.dataDir, async (it) => {
    const query = { scope: { kind: 'all' }, limit: 100, offset: 0 } as const;
    return [...(await it.rows.list(tokenType, query)).rows, ...(await it.rows.list(userType, query)).rows];
  });
  const text = JSON.stringify(rows);
  for (const key of [host.token, ...Object.values(keys)]) expect(text).not.toContain(key);
  expect(text).toMatch(/"key_hash":"[0-9a-f]{64}"/);
});
