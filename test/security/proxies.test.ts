import type { Host } from '../../host/src/compose';
import { openLocalHost } from '../support/local-host';
import { adminToken } from '../support/host-process';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const open: Host[] = [];
afterEach(async () => {
  for (const host of open.splice(0)) await host.close();
});
afterAll(removeTemporaryFolders);

/** A host with these proxies, asked by way of 127.0.0.1. */
async function hostBehind(...trusted_proxies: string[]): Promise<{ readonly url: string; readonly rest: Rest }> {
  const host = await openLocalHost({ trusted_proxies });
  open.push(host);
  const url = await host.listen();
  return { url, rest: restClient(url, adminToken) };
}

const list = '/api/extras/secrets/';
const forwarded = (address: string) => ({ headers: { 'X-Forwarded-For': address } });

/** A token of the superuser that is good from one network alone. */
async function boundToken(rest: Rest): Promise<string> {
  const key = 'b'.repeat(40);
  await create(rest, 'users/tokens', { key, allowed_addresses: ['192.0.2.0/24'] });
  return key;
}

test('a token that is bound to a network is good for the client that a trusted proxy names', async () => {
  const { rest } = await hostBehind('127.0.0.1');
  const token = await boundToken(rest);
  const statusOf = async (address: string) => (await rest('GET', list, { token, ...forwarded(address) })).status;
  expect(await statusOf('192.0.2.7')).toBe(200);
  expect(await statusOf('::ffff:192.0.2.7')).toBe(200);
  expect(await statusOf('198.51.100.7')).toBe(403);
  // What the client wrote stands left of what the proxy did.
  expect(await statusOf('192.0.2.7, 198.51.100.7')).toBe(403);
  expect(await statusOf('192.0.2.7, unknown')).toBe(403);
  expect((await rest('GET', list, { token })).status).toBe(403);
});

test('an access record tells of the client that a trusted proxy names', async () => {
  process.env['PROXIES_VALUE'] = 'value';
  const { rest } = await hostBehind('127.0.0.1');
  const body = { name: 'S', provider: 'environment-variable', parameters: { variable: 'PROXIES_VALUE' } };
  const { id } = await create(rest, 'extras/secrets', body);
  const check = (address: string) => rest('GET', `/api/extras/secrets/${id}/check/`, forwarded(address));
  await check('2001:db8::7');
  await check('192.0.2.7, 198.51.100.7');
  const entries = (await rest('GET', '/api/audit/entries/')).body.results as { address: string }[];
  expect(entries.map(({ address }) => address)).toEqual(['2001:db8::7', '198.51.100.7']);
});

test.each([[[]], [['10.0.0.5', '2001:db8::/32']]])('nobody else can name a client; trusted: %j', async (trusted) => {
  const { rest } = await hostBehind(...trusted);
  const token = await boundToken(rest);
  const names = ['X-Forwarded-For', 'X-Real-IP', 'Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'Forwarded'];
  for (const name of names) {
    const value = name === 'Forwarded' ? 'for=192.0.2.7' : '192.0.2.7';
    expect((await rest('GET', list, { token, headers: { [name]: value } })).status).toBe(403);
  }
});

/** How many wrong keys are taken from addresses before one has to wait. */
async function triesOf(rest: Rest, addressOf: (n: number) => string): Promise<number> {
  for (let n = 0; n < 30; n += 1) {
    const token = `wrong-key-number-${n}-of-the-tests`;
    if ((await rest('GET', list, { token, ...forwarded(addressOf(n)) })).status === 429) return n;
  }
  return Infinity;
}

test('behind a trusted proxy each client has its own failures', async () => {
  const { rest } = await hostBehind('127.0.0.0/8');
  expect(await triesOf(rest, () => '198.51.100.1')).toBe(20);
  expect(await triesOf(rest, () => '198.51.100.2')).toBe(20);
  // A client cannot wash its hands by what it writes itself.
  expect(await triesOf(rest, (n) => `203.0.113.${n}, 198.51.100.3`)).toBe(20);
});

test('who is no trusted proxy does not escape the limit by naming others', async () => {
  const { rest } = await hostBehind('10.0.0.5');
  expect(await triesOf(rest, (n) => `203.0.113.${n}`)).toBe(20);
});

test('neither a proxy nor a client decides what links begin with', async () => {
  const { url, rest } = await hostBehind('127.0.0.1');
  const headers = {
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Port': '1',
    Forwarded: 'host=evil.example;proto=https',
  };
  const { body, text } = await rest('GET', '/api/extras/', { headers });
  expect(Object.values(body as Record<string, string>).every((link) => link.startsWith(`${url}/api/`))).toBe(true);
  expect(text).not.toContain('evil');
  const moved = await rest('GET', '/api/extras', { headers });
  expect(moved.headers.get('location')).toBe('/api/extras/');
});
