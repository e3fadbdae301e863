import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findCanary, makeCanary } from '../support/canaries';
import { startHost, type HostProcess } from '../support/host-process';
import { create } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

const run = promisify(execFile);
const canaries = {
  payload: makeCanary(),
  answer: makeCanary(),
  key: 'canary-of-the-key-7Jq2xv0',
  authorization: 'Bearer canary-of-the-token-9Kw4',
};
let receiver: Server;
let host: HostProcess;
let hook: { id: string };

beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(500, { 'x-odd': 'canary-of-a-header' }).end(canaries.answer);
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const config = { webhooks: { allow: '127.0.0.1', allow_insecure: true, attempts: 1 } };
  host = await startHost({ config: { plugins: { config } }, env: { LATCHKEY_LOG_LEVEL: 'debug' } });
  hook = await create(host.rest, 'extras/webhooks', {
    name: 'all',
    content_types: ['extras.tag'],
    type_create: true,
    payload_url: `http://127.0.0.1:${port}/`,
    secret: canaries.key,
    authorization: canaries.authorization,
  });
  const description = canaries.payload;
  await create(host.rest, 'extras/tags', { name: 'told', content_types: ['extras.secret'], description });
  for (let i = 0; i < 400 && !host.stdout().concat(host.stderr()).includes('dead letter'); i += 1) await pause(50);
});
afterAll(async () => {
  await host?.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  removeTemporaryFolders();
});

test('the log tells of a dead letter by its ids, and has nothing of what was sent or answered', () => {
  const log = host.stdout() + host.stderr();
  expect(log).toContain('A webhook delivery is a dead letter');
  expect(log).toContain(hook.id);
  for (const value of Object.values(canaries)) expect(findCanary({ log }, value)).toEqual([]);
  expect(log).not.toContain('canary-of-a-header');
});

test('REST, its lists, CSV and GraphQL show neither credentials nor what would be sent', async () => {
  const query = '{ webhooks { id name } webhook_deliveries { id state last_status } }';
  const shown = await Promise.all([
    host.rest('GET', '/api/extras/webhooks/'),
    host.rest('GET', '/api/extras/webhooks/?format=csv'),
    host.rest('GET', '/api/webhooks/deliveries/'),
    host.rest('GET', '/api/webhooks/deliveries/?format=csv'),
    host.rest('GET', '/api/extras/object-changes/?changed_object_type=webhooks.webhook'),
    host.rest('POST', '/api/graphql/', { body: { query } }),
  ]);
  expect(shown.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(shown.at(-1)?.body.data).toMatchObject({ webhooks: [{ id: hook.id }], webhook_deliveries: [{}] });
  for (const { text } of shown)
    for (const value of Object.values(canaries)) expect(findCanary({ text }, value)).toEqual([]);
  for (const name of ['secret', 'authorization', 'payload']) {
    const asked = { query: `{ webhooks { ${name} } webhook_deliveries { ${name} } }` };
    expect((await host.rest('POST', '/api/graphql/', { body: asked })).body.data).toBeUndefined();
    expect((await host.rest('GET', `/api/extras/webhooks/?${name}=x`)).status).toBe(400);
    expect((await host.rest('GET', `/api/webhooks/deliveries/?${name}=x`)).status).toBe(400);
  }
});

test('the data folder has what would be sent, which the change log has as well, and no credential', () => {
  const files = readdirSync(host.dataDir, { withFileTypes: true }).filter((one) => one.isFile());
  const bytes = Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(host.dataDir, name))]));
  expect(Object.keys(bytes).length).toBeGreaterThan(1);
  for (const value of [canaries.key, canaries.authorization, canaries.answer])
    expect(findCanary(bytes, value)).toEqual([]);
});

test('the OpenAPI document with webhooks is valid, and has the credentials as what is only written', async () => {
  const { body, text } = await host.rest('GET', '/api/openapi.json');
  const file = join(temporaryFolder(), 'openapi.json');
  writeFileSync(file, text);
  const validator = require.resolve('@seriousme/openapi-schema-validator/bin/validate-api-cli.js');
  const { stdout } = await run(process.execPath, [validator, file]).catch((error: { stdout: string }) => error);
  expect(JSON.parse(stdout)).toEqual({ valid: true });
  const { properties } = body.components.schemas.NewWebhook;
  expect([properties.secret.writeOnly, properties.authorization.writeOnly]).toEqual([true, true]);
  expect(Object.keys(body.components.schemas.Webhook.properties)).not.toContain('secret');
  expect(Object.keys(body.paths)).toContain('/api/webhooks/deliveries/{id}/retry/');
});
