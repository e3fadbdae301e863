import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSource } from '../../host/src/persistence/source';
import { isFourPartHash } from '../../plugins/netbox-secrets/src/crypto/four-part-hash';
import { legacyHash } from '../../plugins/netbox-secrets/src/crypto/legacy';
import { findCanary, makeCanary } from '../support/canaries';
import { pairs } from '../support/encrypted-store';
import { letIn, newPair, newUser, openNetboxHost, type NetboxHost } from '../support/netbox-host';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { everythingKept, testPlace } from '../support/test-database';

jest.setTimeout(120_000);

let world: NetboxHost;
let receiver: Server;
let dataDir: string;
let sessionKey: string;
let device: number;
const came: string[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      came.push(Buffer.concat(chunks).toString());
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  dataDir = temporaryFolder();
  world = await openNetboxHost({
    plugins: ['@latchkey/plugin-webhooks'],
    others: { webhooks: { allow: '127.0.0.0/8', allow_insecure: true } },
    host: { data_dir: dataDir },
  });
  const { rest } = world;
  await rest('POST', '/api/plugins/secrets/user-keys/', { body: { public_key: pairs.first.public } });
  const objectType = { object_type: 'dcim.device', name: 'r1' };
  device = (await rest('POST', '/api/inventory/objects/', { body: objectType })).body.number as number;
  for (const name of ['login', 'web']) await rest('POST', '/api/secrets/secret-roles/', { body: { name, slug: name } });
  sessionKey = await world.unlock();
});
afterAll(async () => {
  await world?.host.close();
  await new Promise((resolve) => receiver.close(resolve));
  removeTemporaryFolders();
});

const asked = (method: string, path: string, body?: unknown, headers = { 'X-Session-Key': sessionKey }) =>
  world.rest(method, `/api/secrets/${path}`, { body, headers });
async function stored(name: string, plaintext: string, role = 'login') {
  const { body, text } = await asked('POST', 'secrets/', { device, role: { slug: role }, name, plaintext });
  if (body?.id === undefined) throw new Error(text);
  return body as { readonly id: number; readonly hash: string };
}
async function behindTheBack(...statements: string[]): Promise<Record<string, unknown>[]> {
  const { file = '' } = testPlace(dataDir) as { readonly file?: string };
  const source = await openSource({ file, busyTimeout: 20_000 });
  let found: Record<string, unknown>[] = [];
  for (const statement of statements) found = (await source.query(statement)) as typeof found;
  await source.destroy();
  return found;
}
const reveals = async (): Promise<number> =>
  (await world.rest('GET', '/api/audit/entries/?action=reveal&limit=1')).body.count as number;

test('webhooks, the change log and everything that is kept hold no value, no hash, no ciphertext and no signature', async () => {
  const { port } = receiver.address() as AddressInfo;
  const hook = (name: string, ...types: string[]) =>
    world.rest('POST', '/api/extras/webhooks/', {
      body: {
        name,
        content_types: types,
        type_create: true,
        type_update: true,
        type_delete: true,
        payload_url: `http://127.0.0.1:${port}/`,
      },
    });
  // NetBox tells webhooks of a secret with its plaintext; here they are told of none.
  const refused = await hook('all', 'secrets.secret', 'secrets.secretrole', 'secrets.userkey');
  expect([refused.status, refused.body.content_types]).toEqual([400, Array(3).fill(expect.stringMatching('Invalid'))]);
  expect((await hook('tags', 'extras.tag', 'inventory.object')).status).toBe(201);
  const [first, second] = [makeCanary(), makeCanary()];
  const { id, hash } = await stored('told', first);
  expect((await asked('PATCH', `secrets/${id}/`, { plaintext: second, name: 'told again' })).status).toBe(200);
  const listed = await asked('GET', `secrets/${id}/`);
  expect(listed.body.plaintext).toBe(second);
  await asked('DELETE', `secrets/${id}/`);
  await world.rest('POST', '/api/extras/tags/', { body: { name: 'last', content_types: ['secrets.secret'] } });
  for (let i = 0; i < 400 && came.length < 1; i += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(came.map((text) => (JSON.parse(text) as { model: string }).model)).toEqual(['tag']);

  const changes = await world.rest('GET', '/api/extras/object-changes/?changed_object_type=secrets.secret');
  expect(changes.body.count).toBe(3);
  const sinks = { webhooks: came.join('\n'), changes: changes.text, kept: everythingKept(dataDir) };
  for (const value of [first, second]) expect(findCanary(sinks, value)).toEqual([]);
  for (const text of [sinks.webhooks, sinks.changes])
    for (const word of [hash, listed.body.hash, 'ciphertext', '"placement_mac":', 'plaintext', sessionKey])
      expect(text).not.toContain(word);
});

test('a private key that is pasted as the public one is refused, and kept nowhere', async () => {
  const { token } = await newUser(world.rest, 'paster');
  const { privateKey } = newPair();
  const answer = await world.rest('POST', '/api/plugins/secrets/user-keys/', {
    token,
    body: { public_key: privateKey },
  });
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('private key')]);
  const line = privateKey.split('\n')[3] ?? '';
  expect(line).toHaveLength(64);
  expect(answer.text + everythingKept(dataDir).toString('latin1')).not.toContain(line);
});

test('who has the hash, or the database, cannot try guesses, nor tell the length of a short value', async () => {
  const { hash } = await stored('community', 'public');
  await stored('longer', 'a community that nobody guesses');
  const guess = Buffer.from('public');
  expect(isFourPartHash(guess, legacyHash(guess))).toBe(true);
  expect(hash).toMatch(/^pbkdf2_sha256\$1000\$/);
  const rows = await behindTheBack('SELECT hash, length(ciphertext) AS size FROM netbox_secret_values');
  const texts = [hash, ...rows.map((row) => String(row.hash))];
  expect(texts.filter((text) => isFourPartHash(guess, text))).toEqual([]);
  expect(new Set(rows.map(({ size }) => size)).size).toBe(1);
});

test('a row that somebody makes of another, where its value may be seen, shows nothing', async () => {
  const { id } = await stored('of others', 'hunter2');
  const { token } = await newUser(world.rest, 'web');
  const { publicKey, privateKey } = newPair();
  await letIn(world.rest, token, publicKey);
  const user = (await world.rest('GET', '/api/users/users/?username=web')).body.results[0].id as string;
  await world.rest('POST', '/api/users/permissions/', {
    body: {
      name: 'web',
      object_types: ['secrets.secret'],
      actions: ['view', 'reveal'],
      constraints: { role__slug: 'web' },
      users: [user],
    },
  });
  const mine = await stored('mine', 'mine', 'web');
  const [web] = await behindTheBack(
    `SELECT role_id AS role, placement_mac FROM netbox_secrets WHERE number = ${mine.id}`,
  );
  await behindTheBack(
    `UPDATE netbox_secrets SET role_id = '${String(web?.role)}', placement_mac = '${String(web?.placement_mac)}' WHERE number = ${id}`,
  );
  const headers = { 'X-Session-Key': await world.unlock(token, privateKey) };
  const { body } = await world.rest('GET', '/api/secrets/secrets/', { token, headers });
  const shown = (body.results as { name: string; plaintext: unknown; plaintext_error?: string }[]).map(
    ({ name, plaintext, plaintext_error: fault }) => [name, plaintext, fault],
  );
  expect(shown).toEqual([
    ['mine', 'mine', undefined],
    ['of others', null, 'integrity'],
  ]);
});

test('a filter that is mistyped opens nothing', async () => {
  const before = await reveals();
  const typed = await asked('GET', 'secrets/?rolle=login');
  expect([typed.status, typed.body]).toEqual([400, { rolle: [expect.any(String)] }]);
  expect(await reveals()).toBe(before);
  const right = await asked('GET', 'secrets/?role=web');
  expect(right.body.results).toHaveLength(right.body.count);
  expect(await reveals()).toBe(before + (right.body.count as number));
});

test('of a user who is deleted nothing is left that opens the store', async () => {
  const { id, token } = await newUser(world.rest, 'leaver');
  const { publicKey, privateKey } = newPair();
  await letIn(world.rest, token, publicKey);
  const hers = await world.unlock(token, privateKey);
  const [key] = await behindTheBack(`SELECT id FROM netbox_user_keys WHERE user_id = '${id}'`);
  const left = async () => {
    const [counts] = await behindTheBack(
      `SELECT (SELECT count(*) FROM netbox_user_keys WHERE user_id = '${id}') AS "keys",
        (SELECT count(*) FROM netbox_wraps WHERE user_key_id = '${String(key?.id)}') AS wraps,
        (SELECT count(*) FROM netbox_high_water WHERE id = '${String(key?.id)}') AS marks,
        (SELECT count(*) FROM netbox_session_keys WHERE user_id = '${id}') AS sessions`,
    );
    return counts;
  };
  expect(await left()).toEqual({ keys: 1, wraps: 1, marks: 1, sessions: 1 });
  expect((await world.rest('DELETE', `/api/users/users/${id}/`)).status).toBe(204);
  expect(await left()).toEqual({ keys: 0, wraps: 0, marks: 0, sessions: 0 });
  const headers = { 'X-Session-Key': hers };
  expect((await world.rest('GET', '/api/secrets/secrets/', { token, headers })).status).toBe(403);
  expect((await world.rest('GET', '/api/secrets/secrets/', { headers })).status).toBe(400);
});
