import { socketClient } from '../../host/src/cli/client';
import { createHost, type Host } from '../../host/src/compose';
import { socketPath } from '../../host/src/http/local-socket';
import { adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';
import { everythingKept } from '../support/test-database';

const config = localConfig({ superuser_password: 'canary-password-of-the-first' });
const basic = (name: string, password: string) => ({
  token: null,
  headers: { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
});

jest.setTimeout(60_000);

let host: Host;
let rest: Rest;
beforeEach(async () => {
  host = await createHost(config);
  rest = restClient(await host.listen(), adminToken);
});
afterEach(() => host.close());
afterAll(removeTemporaryFolders);

test('a whole host hands out tokens for a password, and takes them until they are revoked', async () => {
  const given = basic('admin', 'canary-password-of-the-first');
  const { status, body: token } = await rest('POST', '/api/users/tokens/', { ...given, body: {} });
  expect(status).toBe(201);
  const list = () => rest('GET', '/api/extras/secrets/', { token: token.key });
  expect((await list()).status).toBe(200);
  expect((await rest('DELETE', `/api/users/tokens/${token.id}/`)).status).toBe(204);
  expect([(await list()).status, (await list()).body]).toEqual([403, { detail: 'Invalid token' }]);
});

test('a user without a permission gets no token, and a wrong password nothing', async () => {
  await create(rest, 'users/users', { username: 'maria', password: 'Correct-Horse-7' });
  const ask = async (password: string) =>
    (await rest('POST', '/api/users/tokens/', { ...basic('maria', password), body: {} })).body.detail;
  expect(await ask('Correct-Horse-7')).toBe('You do not have permission to perform this action.');
  expect(await ask('wrong')).toBe('Invalid username/password.');
});

test('the owner of the data folder has the tokens of everybody, to revoke them', async () => {
  const user = await create(rest, 'users/users', { username: 'vera' });
  const token = await create(rest, 'users/tokens', { user: user.id });
  expect((await rest('GET', `/api/users/tokens/${token.id}/`)).status).toBe(404);
  const command = socketClient(socketPath(config.dataDir));
  const listed = await command.request<{ results: { id: string }[] }>('GET', `/api/users/tokens/?user=vera`);
  expect(listed.results.map(({ id }) => id)).toEqual([token.id]);
  await command.request('DELETE', `/api/users/tokens/${token.id}/`);
  expect((await rest('GET', '/api/users/users/', { token: token.key })).body).toEqual({ detail: 'Invalid token' });
});

test('what a whole host leaves on disk holds no password and no key, and tells when a token was used', async () => {
  await create(rest, 'users/users', { username: 'olga', password: 'canary-password-of-olga' });
  const generated = await create(rest, 'users/tokens', { key: 'canary-key-of-the-admin' });
  await rest('GET', '/api/users/tokens/', { token: generated.key });
  await host.close();
  const text = everythingKept(config.dataDir).toString('latin1');
  expect(text).toContain('olga');
  for (const canary of ['canary-', adminToken]) expect(text).not.toContain(canary);
  host = await createHost(config);
  rest = restClient(await host.listen(), adminToken);
  const { last_used } = (await rest('GET', `/api/users/tokens/${generated.id}/`)).body;
  expect(Date.parse(last_used)).toBeGreaterThan(Date.parse(generated.created) - 1);
});
