import { readFileSync } from 'node:fs';
import { runCommand } from '../support/command';
import { startHost, type HostProcess } from '../support/host-process';
import { removeTemporaryFolders } from '../support/temporary-folder';
import { valuesOnPage, writeMovedNetbox } from './netbox-docs-page/moved-netbox';
import { commandsOnPage, hasCurl, shellTo } from './netbox-docs-page/shell';

jest.setTimeout(120_000);

const commands = commandsOnPage();
const [unlock = '', bare = '', opened = '', list = '', create = ''] = commands;
const keyOnPage = 'dyEnxlc9lnGzaOAV1dV/xqYPV63njIbdZYOgnAlGPHk=';
const sessionHeader = `-H "X-Session-Key: ${keyOnPage}"`;

let host: HostProcess;
let privateKey: string;
let run: ReturnType<typeof shellTo>;
let sessionKey: string;

/** A command with what its reader fills in: the file of the key, and the session key instead of that of the page. */
const filled = (command: string): string =>
  command.replace('<filename>', privateKey).replace(keyOnPage, () => sessionKey);

/** The same command without a part of it; it must have had that. */
function without(command: string, part: string): string {
  if (!command.includes(part)) throw new Error(`the page has no ${part}`);
  return command.replace(part, '');
}

// The lines name a host, a device and secrets. A NetBox that has those moves in, and its page goes on to hold.
(hasCurl() ? describe : describe.skip)('NetBox’s page “Working with Secrets”', () => {
  beforeAll(async () => {
    host = await startHost();
    const moved = writeMovedNetbox();
    ({ privateKey } = moved);
    const parameters = ['import', 'netbox', moved.dump, '--user', 'admin', '--private-key', privateKey];
    const { code, stderr } = await runCommand(parameters, { LATCHKEY_DATA_DIR: host.dataDir });
    if (code !== 0) throw new Error(stderr);
    run = shellTo(host.url, { TOKEN: host.token, PRIVATE_KEY: readFileSync(privateKey, 'utf8') });
    ({ session_key: sessionKey } = (await run(filled(unlock))).body as { session_key: string });
  });
  afterAll(async () => {
    await host?.stop();
    removeTemporaryFolders();
  });

  test('has five commands', () => {
    expect(commands.map((command) => command.split('"')[0]?.replaceAll(/\s+/g, ' '))).toEqual([
      'curl -X POST http://netbox/api/secrets/get-session-key/ \\ -H ',
      'curl http://netbox/api/secrets/secrets/2587/ \\ -H ',
      'curl http://netbox/api/secrets/secrets/2587/ \\ -H ',
      'curl http://netbox/api/secrets/secrets/?limit=3 \\ -H ',
      'curl -X POST http://netbox/api/secrets/secrets/ \\ -H ',
    ]);
  });

  test('gets a session key with the private key in a file', async () => {
    const session_key = expect.stringMatching(/^[\w+/]{43}=$/);
    expect(await run(filled(unlock))).toEqual({ status: 200, body: { session_key } });
  });

  test('gets one with the private key in a variable', async () => {
    const command = unlock.replace('"private_key@<filename>"', '"private_key=$PRIVATE_KEY"');
    expect(command).not.toContain('<filename>');
    const { status, body } = await run(command);
    expect([status, Object.keys(body)]).toEqual([200, ['session_key']]);
  });

  test('gets the same key again where it is to be preserved', async () => {
    const preserving = filled(unlock).replace('get-session-key/', 'get-session-key/?preserve_key=true');
    const first = await run(preserving);
    expect(await run(preserving)).toEqual(first);
  });

  test('answers nobody without a token', async () => {
    const { status } = await run(without(filled(unlock), '-H "Authorization: Token $TOKEN" \\\n'));
    expect([401, 403]).toContain(status);
  });

  test('returns a secret without its plaintext to who has no session key', async () => {
    const { status, body } = await run(bare);
    expect([status, body]).toEqual([
      200,
      {
        id: 2587,
        url: expect.stringMatching(/\/api\/secrets\/secrets\/2587\/$/),
        device: {
          id: 1827,
          url: expect.stringMatching(/\/api\/dcim\/devices\/1827\/$/),
          name: 'MyTestDevice',
          display_name: 'MyTestDevice',
        },
        role: {
          id: 1,
          url: expect.stringMatching(/\/api\/secrets\/secret-roles\/1\/$/),
          name: 'Login Credentials',
          slug: 'login-creds',
        },
        name: 'admin',
        plaintext: null,
        hash: expect.stringMatching(/^pbkdf2_sha256\$1000\$\w+\$[\w+/]{43}=$/),
        tags: [],
        custom_fields: expect.any(Object),
        created: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        last_updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ]);
  });

  test('decrypts it with the session key, and changes nothing else of it', async () => {
    const closed = await run(bare);
    expect(await run(filled(opened))).toEqual({ status: 200, body: { ...closed.body, plaintext: 'foobar' } });
  });

  test('decrypts several in a list', async () => {
    const { status, body } = await run(filled(list));
    const results = body['results'] as { id: number; plaintext: string }[];
    expect([status, results.map(({ id, plaintext }) => [id, plaintext])]).toEqual([200, [...valuesOnPage]]);
    expect(Object.keys(body)).toEqual(['count', 'next', 'previous', 'results']);
  });

  test('creates a secret, whose plaintext is in the answer and in later ones', async () => {
    const { status, body } = await run(filled(create));
    const device = expect.objectContaining({ id: 1827 });
    expect([status, body]).toMatchObject([201, { device, role: { id: 1 }, name: 'backup', plaintext: 'Drowssap1' }]);
    const { body: next } = await run(
      filled(list)
        .replace('limit=3', 'limit=3&name=backup')
        .replace(/(http\S+)/, '"$1"'),
    );
    expect(next).toMatchObject({ count: 1, results: [{ id: body['id'], plaintext: 'Drowssap1' }] });
  });

  test.each([
    ['creates', () => create.replace('"backup"', '"other"')],
    ['modifies', () => create.replace('-X POST', '-X PATCH').replace('secrets/secrets/', 'secrets/secrets/2588/')],
  ])('%s nothing without a session key', async (_, command) => {
    const { status, body } = await run(filled(without(command(), `${sessionHeader} \\\n`)));
    const needed = ['A session key must be provided when creating or updating secrets.'];
    expect([status, body]).toEqual([400, needed]);
    const { body: now } = await run(filled(opened).replace('2587', '2588'));
    expect(now['plaintext']).toBe(valuesOnPage.get(2588));
  });

  test('modifies a secret with the session key', async () => {
    const patch = create.replace('-X POST', '-X PATCH').replace('secrets/secrets/', 'secrets/secrets/2589/');
    const data = patch.replace(/--data .*$/, `--data '{"plaintext": "changed"}'`);
    expect((await run(filled(data))).status).toBe(200);
    const { body } = await run(filled(opened).replace('2587', '2589'));
    expect(body).toMatchObject({ name: 'secret 2589', plaintext: 'changed' });
  });

  test('refuses JSON that does not say that it is', async () => {
    const forgotten = without(create, '-H "Content-Type: application/json" \\\n').replace('"backup"', '"forgotten"');
    const { status } = await run(filled(forgotten));
    expect([400, 415]).toContain(status);
  });

  test('shows the same secret in the shape of 2.11 where the host is set to that', async () => {
    await host.stop();
    host = await startHost({ dataDir: host.dataDir, env: { LATCHKEY_NETBOX_VERSION: '2.11' } });
    run = shellTo(host.url, { TOKEN: host.token });
    const { status, body } = await run(filled(opened));
    const assigned_object = expect.objectContaining({ id: 1827, name: 'MyTestDevice' });
    expect([status, body]).toMatchObject([
      200,
      { id: 2587, display: 'admin', assigned_object_type: 'dcim.device', assigned_object, plaintext: 'foobar' },
    ]);
    expect(body).not.toHaveProperty('device');
  });
});
