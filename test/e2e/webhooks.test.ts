import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHost, type Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { restClient, type Rest } from '../support/rest-client';
import { removeTemporaryFolders } from '../support/temporary-folder';
import { makeCanary, findCanary } from '../support/canaries';

jest.setTimeout(60_000);

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const janesToken = 'token-of-jane-who-looks-after-hooks';
const came: Received[] = [];
const answers = { status: 200 };
let receiver: Server;
let host: Host;
let rest: Rest;
let dataDir: string;
let target: string;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      came.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answers.status).end('an answer that nobody keeps');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const plugins = {
    enabled: ['@latchkey/provider-environment-variable', '@latchkey/plugin-webhooks'],
    config: { webhooks: { allow: '127.0.0.0/8', allow_insecure: true, attempts: 2, retry_after: 1 } },
  };
  const config = localConfig({ plugins });
  ({ dataDir } = config);
  host = await createHost(config);
  rest = restClient(await host.listen(), adminToken);
});
afterAll(async () => {
  await host?.close();
  await new Promise((resolve) => receiver.close(resolve));
  removeTemporaryFolders();
});

async function until<T>(find: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let i = 0; i < 400; i += 1) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It did not come.');
}
const arrival = (path: string, index = 0) => until(() => came.filter((one) => one.path === path)[index]);
const hook = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
  rest('POST', '/api/extras/webhooks/', {
    body: {
      name,
      content_types: ['extras.tag'],
      type_create: true,
      type_update: true,
      type_delete: true,
      payload_url: `${target}/${name}`,
      ...more,
    },
  });
const tag = async (name: string): Promise<string> =>
  (await rest('POST', '/api/extras/tags/', { body: { name, content_types: ['extras.secret'] } })).body.id;

test('a receiver is told of what was made, changed and deleted, in order, with signatures that it can check', async () => {
  const key = 'the key of the signatures';
  const made = await hook('signed', { secret: key, additional_headers: 'X-Source: latchkey' });
  expect(made.status).toBe(201);
  const id = await tag('first');
  await rest('PATCH', `/api/extras/tags/${id}/`, { body: { name: 'second' } });
  await rest('DELETE', `/api/extras/tags/${id}/`);
  await arrival('/signed', 2);
  const received = came.filter(({ path }) => path === '/signed');
  const bodies = received.map(({ body }) => JSON.parse(body));
  expect(bodies.map(({ event }) => event)).toEqual(['created', 'updated', 'deleted']);
  expect(bodies[1]).toMatchObject({
    model: 'tag',
    username: 'admin',
    data: { id, object_type: 'extras.tag', name: 'second', url: `/api/extras/tags/${id}/` },
    snapshots: { differences: { removed: { name: 'first' }, added: { name: 'second' } } },
  });
  const [log] = (await rest('GET', `/api/extras/object-changes/?changed_object_id=${id}&action=update`)).body.results;
  expect(bodies[1].request_id).toBe(log.request_id);
  const sha512 = (text: string) => createHmac('sha512', Buffer.from(key)).update(Buffer.from(text)).digest('hex');
  for (const { headers, body } of received) {
    expect(headers['x-hook-signature']).toBe(sha512(body));
    const [time, delivery] = [headers['x-latchkey-timestamp'], headers['x-latchkey-delivery']];
    expect(headers['x-latchkey-signature']).toBe(`v1=${sha512(`${time}.${delivery}.${body}`)}`);
    expect(Math.abs(Date.now() / 1000 - Number(time))).toBeLessThan(60);
    expect([headers['content-type'], headers['x-source']]).toEqual(['application/json', 'latchkey']);
  }
  expect(new Set(received.map(({ headers }) => headers['x-latchkey-delivery'])).size).toBe(3);
});

test('the credentials of a webhook are sealed: in no answer, no log of changes and not in the data folder', async () => {
  const [key, authorization] = ['key-w1th-a-canary-0aq7', 'Bearer canary-t0ken-8zx2'];
  const made = await hook('sealed', { secret: key, authorization, content_types: ['extras.secret'] });
  const address = `/api/extras/webhooks/${made.body.id}/`;
  const changed = await rest('PATCH', address, { body: { secret: `${key}-2` } });
  expect([made.status, changed.status]).toEqual([201, 200]);
  const environment = { provider: 'environment-variable', parameters: { variable: 'X' } };
  await rest('POST', '/api/extras/secrets/', { body: { name: 'told', ...environment } });
  const { headers, body } = await arrival('/sealed');
  expect(headers.authorization).toBe(authorization);
  expect(headers['x-hook-signature']).toBe(createHmac('sha512', `${key}-2`).update(body).digest('hex'));
  const log = await rest('GET', `/api/extras/object-changes/?changed_object_id=${made.body.id}`);
  expect(log.body.results[0].secrets_changed).toEqual(['secret']);
  const shown = [made, changed, log, await rest('GET', address), await rest('GET', `${address}?format=csv`)];
  const files = readdirSync(dataDir, { withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(dataDir, one.name), 'latin1'));
  for (const text of [...shown.map((one) => one.text), ...files])
    for (const value of [key, authorization]) expect(text.includes(value)).toBe(false);
  // Null takes a credential away; a text without characters is no key.
  expect((await rest('PATCH', address, { body: { secret: '' } })).status).toBe(400);
  expect((await rest('PATCH', address, { body: { secret: null, authorization: null } })).status).toBe(200);
  await rest('POST', '/api/extras/secrets/', { body: { name: 'told again', ...environment } });
  const unsigned = await arrival('/sealed', 1);
  expect(unsigned.headers).not.toHaveProperty('x-hook-signature');
  expect(unsigned.headers).not.toHaveProperty('authorization');
});

test('no secret-bearing field of any type reaches a receiver', async () => {
  const types = ['users.user', 'webhooks.webhook', 'extras.secret', 'users.objectpermission'];
  expect((await hook('everything', { content_types: types })).body).toMatchObject({ content_types: types });
  const [password, key] = [makeCanary(), 'canary-of-a-key-5hq1'];
  const user = await rest('POST', '/api/users/users/', { body: { username: 'carl', password } });
  expect(user.status).toBe(201);
  const more = await hook('more', { secret: key, authorization: key });
  await rest('PATCH', `/api/users/users/${user.body.id}/`, { body: { password: `${password}2` } });
  await rest('DELETE', `/api/extras/webhooks/${more.body.id}/`);
  await arrival('/everything', 4);
  const bodies = came.filter(({ path }) => path === '/everything').map(({ body }) => body);
  expect(bodies.map((body) => JSON.parse(body).event)).toEqual(['created', 'created', 'created', 'updated', 'deleted']);
  const told = bodies.join('\n');
  for (const value of [password, key]) expect(findCanary({ told }, value)).toEqual([]);
  for (const name of ['password', 'key_hash', 'secret', 'authorization', 'argon2'])
    expect(told).not.toContain(`"${name}"`);
});

test('what does not arrive is tried again, ends as a dead letter, and is sent once more where somebody asks', async () => {
  const made = await hook('failing', { type_update: false, type_delete: false });
  answers.status = 503;
  const id = await tag('lost');
  const list = `/api/webhooks/deliveries/?webhook=${made.body.id}`;
  const dead = await until(async () => (await rest('GET', `${list}&state=dead`)).body.results[0]);
  expect(dead).toMatchObject({
    action: 'create',
    changed_object_id: id,
    attempts: 2,
    state: { value: 'dead', label: 'Dead letter' },
    last_status: 503,
    last_failure: 'status',
  });
  expect(dead).not.toHaveProperty('payload');
  const tries = came.filter(({ path }) => path === '/failing');
  expect(new Set(tries.map(({ headers }) => headers['x-latchkey-delivery']))).toEqual(new Set([dead.id]));
  answers.status = 204;
  const again = await rest('POST', `/api/webhooks/deliveries/${dead.id}/retry/`);
  expect([again.status, again.body]).toEqual([202, { id: dead.id, state: 'pending' }]);
  expect((await arrival('/failing', tries.length)).body).toBe(tries[0]?.body);
  await until(async () => ((await rest('GET', list)).body.count === 0 ? true : undefined));
});

test('a webhook is refused where its target, its headers or its types will not do', async () => {
  const faults = async (more: object) => (await hook('wrong', { ...more })).body;
  expect(await faults({ payload_url: 'https://169.254.169.254/' })).toEqual({
    payload_url: ['This address is not public, and the operator does not allow it.'],
  });
  expect(await faults({ additional_headers: 'X-A: 1\r\nHost: other' })).toEqual({
    additional_headers: ['The header host is not yours to set.'],
  });
  expect(await faults({ authorization: 'a\r\nX-B: c' })).toEqual({
    authorization: ['It must be plain ASCII, on one line.'],
  });
  expect(await faults({ content_types: ['users.token', 'webhooks.delivery', 'nothing'] })).toEqual({
    content_types: [
      'Invalid content type: users.token',
      'Invalid content type: webhooks.delivery',
      "Invalid value. Specify a content type as '<app_label>.<model_name>'.",
    ],
  });
  expect(await faults({ type_create: false, type_update: false, type_delete: false })).toHaveProperty('__all__');
  expect(await faults({ http_method: 'GET' })).toHaveProperty('http_method');
});

test('who changes the address of a webhook gets neither its credential nor what waits for it', async () => {
  const key = 'k'.repeat(40);
  await rest('POST', '/api/users/users/', { body: { username: 'joe' } });
  await rest('POST', '/api/users/tokens/', { body: { user: { username: 'joe' }, key } });
  const object_types = ['webhooks.webhook', 'extras.secretsgroup'];
  const permission = { name: 'hooks and groups', object_types, actions: ['view', 'change'] };
  await rest('POST', '/api/users/permissions/', { body: { ...permission, users: [{ username: 'joe' }] } });
  answers.status = 500;
  const path = `/api/extras/webhooks/${(await hook('theirs', { authorization: 'Bearer theirs' })).body.id}/`;
  const change = async (body: object, token?: string) => {
    const { status, body: faults } = await rest('PATCH', path, { body, ...(token !== undefined && { token }) });
    return status === 200 ? status : faults;
  };
  const moved = { payload_url: `${target}/joe` };
  const again = { authorization: ['Give it again, or null: it was given for another payload_url.'] };
  const hidden = { payload_url: ['Deliveries of rows that you may not view wait for the address before.'] };

  await tag('waits');
  expect(await change({ content_types: ['extras.secretsgroup'] }, key)).toBe(200);
  expect(await change(moved, key)).toEqual({ ...again, ...hidden });
  expect(await change({ ...moved, authorization: 'Bearer joe' }, key)).toEqual(hidden);
  expect(await change(moved)).toEqual(again);
  expect(await change({ ...moved, authorization: 'Bearer theirs' })).toBe(200);
  expect(await change({ payload_url: `${target}/theirs`, authorization: null })).toBe(200);
  expect(await change(moved)).toBe(200);
  await rest('DELETE', path);
});

test('who may make webhooks tells nobody of what they may not view themselves, and sees deliveries by permission', async () => {
  await rest('POST', '/api/users/users/', { body: { username: 'jane' } });
  await rest('POST', '/api/users/tokens/', { body: { user: { username: 'jane' }, key: janesToken } });
  const may = (name: string, object_types: string[], actions: string[], constraints: unknown = null) =>
    rest('POST', '/api/users/permissions/', {
      body: { name, object_types, actions, constraints, users: [{ username: 'jane' }] },
    });
  await may('hooks', ['webhooks.webhook'], ['view', 'add', 'change']);
  await may('some tags', ['extras.tag'], ['view'], { name__startswith: 'a' });
  const body = { name: 'janes', content_types: ['extras.tag'], type_create: true, payload_url: `${target}/janes` };
  const make = () => rest('POST', '/api/extras/webhooks/', { token: janesToken, body });
  const refused = await make();
  expect([refused.status, refused.body]).toEqual([
    400,
    { content_types: ['A webhook tells of every tag, and you may not view them all.'] },
  ]);
  const other = await hook('others');
  const stolen = { token: janesToken, body: { payload_url: `${target}/janes` } };
  expect((await rest('PATCH', `/api/extras/webhooks/${other.body.id}/`, stolen)).status).toBe(400);
  await may('all tags', ['extras.tag'], ['view']);
  expect((await make()).status).toBe(201);

  answers.status = 500;
  await tag('never');
  const list = `/api/webhooks/deliveries/?webhook=${other.body.id}`;
  const { id } = await until(async () => (await rest('GET', list)).body.results[0]);
  const retry = (token: string) => rest('POST', `/api/webhooks/deliveries/${id}/retry/`, { token });
  expect((await rest('GET', list, { token: janesToken })).status).toBe(403);
  expect((await retry(janesToken)).status).toBe(403);
  await may('her deliveries', ['webhooks.delivery'], ['view', 'change'], { webhook__name: 'janes' });
  expect((await rest('GET', list, { token: janesToken })).body.count).toBe(0);
  expect((await retry(janesToken)).status).toBe(404);
  expect((await rest('PATCH', `/api/webhooks/deliveries/${id}/`, { body: { state: 'dead' } })).status).toBe(405);
  expect((await rest('DELETE', `/api/webhooks/deliveries/${id}/`)).status).toBe(204);
});
