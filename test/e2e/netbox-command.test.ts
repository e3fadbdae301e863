import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readPrivateKey } from '../../plugins/netbox-secrets/src/crypto/private-key';
import { runCommand, type CommandEnd } from '../support/command';
import { startHost, type HostProcess } from '../support/host-process';
import { restClient, type Rest } from '../support/rest-client';
import { tapSocket, type SocketTap } from '../support/socket-tap';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(240_000);

const fixtures = join(__dirname, '../../plugins/netbox-secrets/src/crypto/fixtures');
const passphrase = 'correct horse';
const janeToken = 'jane-token-0123456789-of-the-tests';
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jane = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' = 'pkcs8', protection = {}) =>
  key.export({ type, format: 'pem', ...protection }).toString();
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
/** What no body may hold: the secret number of a key, in base64 and in hexadecimal, is in every form of it. */
const partsOf = (key: KeyObject): readonly string[] => {
  const { d = '', p = '' } = key.export({ format: 'jwk' });
  return [d, p].flatMap((text) => {
    const bytes = Buffer.from(text, 'base64url');
    return [bytes.toString('base64').slice(8, 60), bytes.toString('hex').slice(8, 60), text.slice(8, 60)];
  });
};

let host: HostProcess;
let tap: SocketTap;
let folder: string;
let adminKey: KeyObject;
let asJane: Rest;
let sheet: string;
const files: Record<string, string> = {};
const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return (files[name] = file);
};

const run = (...parameters: string[]): Promise<CommandEnd> =>
  runCommand(parameters, { LATCHKEY_DATA_DIR: tap.dataDir });
const netbox = (...parameters: string[]) => run('netbox', ...parameters, '--output', 'json');
const jsonOf = ({ code, stdout, stderr }: CommandEnd) => {
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
};
const byAdmin = (file = files['pkcs8.pem'] ?? '') => ['--user', 'admin', '--private-key', file];

async function made(path: string, body: unknown, rest = host.rest) {
  const answer = await rest('POST', path, { body });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}

beforeAll(async () => {
  host = await startHost({ env: { LATCHKEY_LOG_LEVEL: 'debug' } });
  tap = await tapSocket(host.dataDir);
  folder = temporaryFolder();
  asJane = restClient(host.url, janeToken);
  const openSsh = readFileSync(join(fixtures, 'openssh.pem'), 'utf8');
  adminKey = await readPrivateKey(openSsh);
  const locked = { cipher: 'aes-256-cbc', passphrase };
  written('passphrase', `${passphrase}\n`);
  written('wrong-passphrase', 'wrong horse\n');
  written('openssh.pem', openSsh);
  written('openssh-locked.pem', readFileSync(join(fixtures, 'openssh-passphrase.pem'), 'utf8'));
  written('pkcs1.pem', pem(adminKey, 'pkcs1'));
  written('pkcs8.pem', pem(adminKey));
  written('pkcs1-locked.pem', pem(adminKey, 'pkcs1', locked));
  written('pkcs8-locked.pem', pem(adminKey, 'pkcs8', locked));
  written('public.pem', spki(createPublicKey(adminKey)));
  written('other.pem', pem(other.privateKey));
  written('jane.pem', pem(jane.privateKey));
  written('token', `${host.token}\n`);
  const { id } = await made('/api/users/users/', { username: 'jane' });
  await made('/api/users/tokens/', { user: { id }, key: janeToken });
  const store = await made('/api/plugins/secrets/user-keys/', { public_key: spki(createPublicKey(adminKey)) });
  sheet = String(store.recovery_sheet);
  written('sheet.txt', sheet);
});

afterAll(async () => {
  await tap?.close();
  await host?.stop();
  removeTemporaryFolders();
});

const secretNumbers = () => [...partsOf(adminKey), ...partsOf(jane.privateKey), ...partsOf(other.privateKey)];
const sheetLines = () =>
  sheet
    .split('\n')
    .filter((line) => /^\d\d /.test(line))
    .map((line) => line.slice(3));

/** Nothing of a private key, of a sheet or of a passphrase went over the socket, and something did. */
function nothingLeft(): void {
  const sent = tap.sent();
  expect(sent).toContain('/netbox-secrets/');
  expect(sent).not.toContain('PRIVATE KEY');
  for (const part of [...secretNumbers(), ...sheetLines(), passphrase]) expect(sent).not.toContain(part);
}

test('help says what the commands are for, what each takes, and shows lines that work', async () => {
  const family = await run('netbox', '--help');
  expect([family.code, family.stdout]).toEqual([0, expect.stringContaining('The encrypted store: its keys')]);
  const names = ['status', 'unlock', 'activate', 'rotate', 'drill', 'recover', 'recovery-key'];
  for (const name of names) expect(family.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  const { code, stdout } = await run('netbox', 'rotate', '--help');
  expect(code).toBe(0);
  for (const text of ['--user', '--private-key', '--passphrase-file', 'PKCS#1, PKCS#8 or', 'read by the command alone'])
    expect(stdout).toContain(text);
  expect(stdout).toContain('latchkey netbox rotate --user admin --private-key admin.pem');
});

test('status counts secrets and keys', async () => {
  expect(jsonOf(await netbox('status'))).toEqual({
    secrets: 0,
    user_keys: { active: 1, waiting: 0 },
    recovery_key: true,
    refused: [],
    rotating: false,
    keyVersion: 1,
    total: 0,
    done: 0,
  });
});

test.each([
  ['pkcs1.pem', false],
  ['pkcs8.pem', false],
  ['openssh.pem', false],
  ['pkcs1-locked.pem', true],
  ['pkcs8-locked.pem', true],
  ['openssh-locked.pem', true],
])('a private key in %s opens the store, and stays with the command', async (name, isLocked) => {
  const phrase = isLocked ? ['--passphrase-file', files['passphrase'] ?? ''] : [];
  tap.sent();
  const opened = jsonOf(await netbox('unlock', '--private-key', files[name] ?? '', ...phrase, '--name', name));
  const sent = tap.sent();
  expect(sent).toContain('/api/secrets/unlock/');
  expect(sent).not.toContain('PRIVATE KEY');
  for (const part of [...partsOf(adminKey), passphrase]) expect(sent).not.toContain(part);
  const headers = { 'X-Session-Key': String(opened['session_key']) };
  expect((await host.rest('GET', '/api/secrets/secrets/', { headers })).status).toBe(200);
});

const refused = (text: string) => expect.stringContaining(text);

test.each([
  ['a key of somebody else', () => byAdmin(files['other.pem']), 6, 'does not open with this private key'],
  ['a passphrase that is missing', () => byAdmin(files['pkcs8-locked.pem']), 6, 'is protected'],
  [
    'a wrong passphrase',
    () => [...byAdmin(files['openssh-locked.pem']), '--passphrase-file', files['wrong-passphrase'] ?? ''],
    6,
    'the passphrase does not open it',
  ],
  ['a public key', () => byAdmin(files['public.pem']), 6, '--private-key: Invalid private key.'],
  [
    'a user without a key',
    () => ['--user', 'jane', '--private-key', files['pkcs8.pem'] ?? ''],
    6,
    'it has no user key',
  ],
  ['a file that is not there', () => byAdmin('/nowhere/admin.pem'), 2, '/nowhere/admin.pem cannot be read (ENOENT)'],
  ['no private key', () => ['--user', 'admin'], 2, '--private-key is missing.'],
  ['no user', () => ['--private-key', files['pkcs8.pem'] ?? ''], 2, '--user is missing.'],
  ['an unknown option', () => ['--key', 'x'], 2, "unknown option '--key'"],
])('%s is refused with a remedy', async (_, parameters, code, text) => {
  const end = await netbox('rotate', ...parameters());
  expect(end).toEqual({ code, stdout: '', stderr: refused(text) });
  expect(end.stderr.trim().split('\n')).toHaveLength(2);
});

test('activate lets the key of a named user in, once; before that it opens nothing', async () => {
  await made('/api/plugins/secrets/user-keys/', { public_key: spki(jane.publicKey) }, asJane);
  const byJane = ['--user', 'jane', '--private-key', files['jane.pem'] ?? ''];
  expect(await netbox('activate', 'jane', ...byJane)).toMatchObject({ code: 6, stderr: refused('is not active') });
  tap.sent();
  expect(jsonOf(await netbox('activate', 'jane', ...byAdmin()))).toEqual({ activated: 1 });
  nothingLeft();
  expect(await netbox('activate', 'jane', ...byAdmin())).toMatchObject({ code: 6, stderr: refused('active already') });
  expect(await netbox('activate', 'nobody', ...byAdmin())).toMatchObject({ code: 6, stderr: refused('holder:') });
  // Now jane opens the store for others, too.
  expect(await netbox('activate', 'jane', ...byJane)).toMatchObject({ code: 6, stderr: refused('active already') });
});

async function fill(count: number): Promise<Readonly<Record<string, string>>> {
  const opened = jsonOf(await netbox('unlock', '--private-key', files['pkcs8.pem'] ?? ''));
  const headers = { 'X-Session-Key': String(opened['session_key']) };
  const role = await made('/api/secrets/secret-roles/', { name: 'Login', slug: 'login' });
  const device = await made('/api/dcim/devices/', { name: 'r1' }).catch(() => undefined);
  const items = Array.from({ length: count }, (_, i) => ({
    role: role.id,
    name: `n${i}`,
    plaintext: `value of n${i}`,
    ...(device && { device: device.id }),
  }));
  const answer = await host.rest('POST', '/api/secrets/secrets/', { body: items, headers });
  if (answer.status !== 201) throw new Error(answer.text);
  return headers;
}

async function valuesBy(keyFile: string, rest: Rest, tokenFile: string): Promise<readonly string[]> {
  const opened = jsonOf(await netbox('unlock', '--url', host.url, '--token-file', tokenFile, '--private-key', keyFile));
  const headers = { 'X-Session-Key': String(opened['session_key']) };
  const { body } = await rest('GET', '/api/secrets/secrets/?limit=250', { headers });
  return body.results.map(({ plaintext }: { readonly plaintext: string }) => plaintext);
}

test('rotate seals everything anew, tells how far it is, and ends sessions of before', async () => {
  const secrets = 150;
  const headers = await fill(secrets);
  tap.sent();
  const { code, stdout, stderr } = await netbox('rotate', ...byAdmin());
  expect(code).toBe(0);
  // The key version also says that none of the refused ones above had begun.
  const whole = { rotating: false, keyVersion: 2, total: secrets, done: secrets, refused: [] };
  expect(JSON.parse(stdout)).toEqual(whole);
  expect(stderr).toMatch(/^\d+ of 150 values are sealed anew$/m);
  nothingLeft();
  expect((await host.rest('GET', '/api/secrets/secrets/', { headers })).status).toBe(400);
  const values = await valuesBy(files['pkcs8.pem'] ?? '', host.rest, files['token'] ?? '');
  expect(values.toSorted()).toEqual(Array.from({ length: secrets }, (_, i) => `value of n${i}`).toSorted());
});

test('drill tells a good sheet from a mistyped one, and changes nothing; neither leaves the command', async () => {
  tap.sent();
  expect(jsonOf(await netbox('drill', files['sheet.txt'] ?? ''))).toEqual({ opens: 1 });
  nothingLeft();
  const [line = ''] = sheetLines();
  const typed = sheet.replace(
    line,
    line.replace(/^./, (letter) => (letter === '7' ? '8' : '7')),
  );
  expect(await netbox('drill', written('mistyped.txt', typed))).toMatchObject({
    code: 6,
    stderr: refused('Line 1 of the recovery sheet is mistyped'),
  });
  expect(await netbox('drill', '/nowhere/sheet.txt')).toMatchObject({
    code: 2,
    stderr: refused('<sheet> /nowhere/sheet.txt cannot be read'),
  });
  expect(await netbox('drill', files['other.pem'] ?? '')).toMatchObject({ code: 6 });
});

test('recover lets a new key in with the sheet alone; recovery-key makes another sheet, which takes its place', async () => {
  const lost = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // A new key waits: with the old one the way to the master key is gone.
  await made('/api/plugins/secrets/user-keys/', { public_key: spki(lost.publicKey) }, asJane);
  written('new.pem', pem(lost.privateKey));
  expect(await netbox('recover', files['sheet.txt'] ?? '')).toMatchObject({ code: 6, stderr: refused('user:') });
  tap.sent();
  const recovered = jsonOf(await netbox('recover', files['sheet.txt'] ?? '', '--user', 'jane'));
  expect(recovered).toEqual({ user_key: expect.any(String), active: true });
  nothingLeft();

  tap.sent();
  const byNew = ['--user', 'jane', '--private-key', files['new.pem'] ?? ''];
  const { recovery_sheet: second, opens } = jsonOf(await netbox('recovery-key', ...byNew));
  nothingLeft();
  expect(opens).toBe(1);
  expect(await netbox('drill', files['sheet.txt'] ?? '')).toMatchObject({ code: 6 });
  expect((await netbox('drill', written('second.txt', String(second)))).code).toBe(0);
});

describe('unlock over HTTP', () => {
  let proxy: Server;
  let proxyUrl: string;
  const bodies: string[] = [];
  beforeAll(async () => {
    proxy = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      bodies.push(`${request.method} ${request.url} ${body}`);
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const answer = await fetch(host.url + String(request.url), {
        method: request.method ?? 'GET',
        headers: { authorization, 'content-type': type },
        ...(body !== '' && { body }),
      });
      response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
      response.end(await answer.text());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => proxy.close(resolve)));

  const unlock = (...more: string[]) =>
    netbox('unlock', '--url', proxyUrl, '--private-key', files['pkcs8.pem'] ?? '', ...more);
  const withToken = () => ['--token-file', files['token'] ?? ''];

  test('the body holds what was inside the wrap, and nothing of the private key', async () => {
    const { session_key: key } = jsonOf(await unlock(...withToken(), '--name', 'laptop', '--preserve'));
    expect(bodies).toEqual([
      expect.stringMatching(/^GET \/api\/secrets\/unlock\/ $/),
      expect.stringMatching(/^POST \/api\/secrets\/unlock\/ \{"challenge":".+","masters":\[\{"key":"[\w+/=]{44}"\}\]/),
    ]);
    for (const part of [...partsOf(adminKey), 'PRIVATE KEY']) expect(bodies.join('\n')).not.toContain(part);
    const { body } = await host.rest('GET', '/api/plugins/secrets/session-keys/');
    expect(body.results.map(({ name }: { readonly name: string }) => name)).toContain('laptop');
    // The same session once more, where it is asked for, and another one where not.
    expect(jsonOf(await unlock(...withToken(), '--name', 'laptop', '--preserve'))['session_key']).toBe(key);
    expect(jsonOf(await unlock(...withToken()))['session_key']).not.toBe(key);
  });

  test.each([
    ['a wrong token', () => ['--token-file', written('no-token', 'x'.repeat(40))], 4, 'answered 403: Invalid token'],
    ['no token', () => [], 2, '--token-file is missing.'],
    ['no address', () => [...withToken(), '--url', 'secrets.example.com'], 2, 'is no address of a host'],
    ['a host that is not there', () => [...withToken(), '--url', 'http://127.0.0.1:1'], 7, 'does not answer'],
  ])('%s is told with its exit code', async (_, more, code, text) => {
    const end = await unlock(...more());
    expect(end).toEqual({ code, stdout: '', stderr: refused(text) });
    expect(end.stderr).not.toContain(host.token);
  });
});

test('nothing of all this is in the log of the host', async () => {
  const log = host.stdout() + host.stderr();
  expect(log).toContain('A new recovery key took the place of the one before');
  for (const part of [...secretNumbers(), ...sheetLines(), passphrase, 'PRIVATE KEY']) expect(log).not.toContain(part);
});
