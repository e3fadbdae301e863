import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPlugins } from '../../host/src/config';
import { describeEmbedded } from '../support/describe-embedded';
import { startHost, type HostProcess } from '../support/host-process';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { testDatabase } from '../support/test-database';

// A command loads and, where no host runs, opens a whole host; on a busy machine a dozen of them take their time.
jest.setTimeout(120_000);

const bin = join(__dirname, '../../host/bin/latchkey.js');
const node = (script: string) => ['--', process.execPath, '-e', script];

type Variables = Readonly<Record<string, string>>;

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  /** Settles when the standard output holds the text. */
  says(text: string): Promise<void>;
  readonly ended: Promise<Said>;
}

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  removeTemporaryFolders();
});

/** Starts the command as an npm script would, in a folder of its own. */
function start(parameters: readonly string[], variables: Variables, cwd = temporaryFolder()): Started {
  const env = { PATH: process.env.PATH, HOME: cwd, ...testDatabase(variables['LATCHKEY_DATA_DIR']), ...variables };
  const child = spawn(process.execPath, ['--disallow-code-generation-from-strings', bin, ...parameters], { cwd, env });
  running.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]): Said => {
    running.delete(child);
    return { code: code as number | null, ...said };
  });
  return {
    child,
    ended,
    async says(text) {
      while (!said.stdout.includes(text)) await Promise.race([once(child.stdout, 'data'), ended.then(gaveUp)]);
    },
  };
}

function gaveUp({ code, stdout, stderr }: Said): never {
  throw new Error(`ended with ${code}: ${stdout}${stderr}`);
}

/** A data folder, the folder of its secret files, and the command on both. */
function setting(dataDir = temporaryFolder()) {
  const files = temporaryFolder();
  mkdirSync(join(files, 'nyc'));
  writeFileSync(join(files, 'nyc/csr1.txt'), '  canary-of-the-file\n');
  const own: Variables = { LATCHKEY_DATA_DIR: dataDir, SSH_CSR1: 'canary-of-the-variable' };
  const latchkey = (parameters: readonly string[], variables: Variables = {}) =>
    start(parameters, { ...own, ...variables }).ended;
  const done = async (...parameters: readonly string[]): Promise<Said> => {
    const said = await latchkey(parameters);
    expect(said).toMatchObject({ code: 0 });
    return said;
  };
  const json = async (...parameters: readonly string[]) =>
    JSON.parse((await done(...parameters, '--output', 'json')).stdout);
  return { dataDir, files, own, latchkey, done, json };
}

type Setting = ReturnType<typeof setting>;

const device = 'dcim.device/csr1';
const template = 'variable=SSH_{{ obj.slug | upper }}';

/** Makes the story with the command: two secrets, a group with two slots, a device. */
async function makeStory({ done, files }: Setting): Promise<void> {
  const file = `path=${files}/{{ obj.site.slug }}/{{ obj.name }}.txt`;
  await done('secret', 'create', 'SSH password', '--provider', 'environment-variable', '--param', template);
  await done('secret', 'create', 'Enable', '--provider', 'text-file', '--param', file, '--param', 'raw=false');
  await done('group', 'create', 'Core routers');
  await done('group', 'set', 'core-routers', 'SSH', 'password', 'ssh-password');
  await done('group', 'set', 'core-routers', 'SSH', 'secret', 'Enable');
  await done('object', 'create', 'dcim.device', 'csr1', '--attribute', 'site.slug=nyc', '--group', 'Core routers');
}

const printBoth = node('console.log(process.env.SSH_PASSWORD + "|" + process.env.SSH_SECRET)');

const own = setting();

describe('with a host running', () => {
  const { latchkey, done, json, dataDir } = own;
  let host: HostProcess;

  beforeAll(async () => {
    const { SSH_CSR1 = '' } = own.own;
    host = await startHost({ dataDir, env: { SSH_CSR1 } });
    await makeStory(own);
  });
  afterAll(() => host.stop());

  test('the command speaks to it: its rows are there at once, and its environment counts', async () => {
    const { body } = await host.rest('GET', '/api/extras/secrets/?name=Enable');
    expect(body.count).toBe(1);
    const url = `${host.url}/api/extras/secrets/${body.results[0].id}/`;
    expect(await json('secret', 'show', 'Enable')).toEqual({ ...body.results[0], url });
    const ran = await start(['run', '--object', device, ...printBoth], { LATCHKEY_DATA_DIR: dataDir }).ended;
    expect(ran).toEqual({ code: 0, stdout: 'canary-of-the-variable|canary-of-the-file\n', stderr: '' });
  });

  test('lists and shows, for people and as the answer of REST', async () => {
    const { stdout } = await done('secret', 'list');
    expect(stdout).toBe(
      'name          slug          provider              description\n' +
        'Enable        enable        text-file\n' +
        'SSH password  ssh-password  environment-variable\n',
    );
    expect(await json('secret', 'show', 'enable')).toMatchObject({
      object_type: 'extras.secret',
      parameters: { raw: false },
    });
    expect(await json('group', 'show', 'core-routers')).toMatchObject({
      name: 'Core routers',
      slots: [{ secret_type: 'password' }, { secret_type: 'secret' }],
    });
    expect(await json('object', 'show', device)).toMatchObject({ number: 1, attributes: { site: { slug: 'nyc' } } });
  });

  test('checks through the object, the group and the secret, and tells by the exit code', async () => {
    expect((await done('check', 'object', device)).stdout).toMatch(
      /SSH password +yes +Passed\nSSH secret +yes +Passed\n/,
    );
    expect(await json('check', 'group', 'core-routers', 'SSH', 'password', '--object', device)).toEqual({
      result: true,
      message: 'Passed',
    });
    expect(await latchkey(['check', 'secret', 'Enable'])).toMatchObject({ code: 1, stderr: '' });
    expect(await latchkey(['check', 'group', 'core-routers', 'SSH', 'key'])).toMatchObject({ code: 1 });
  });

  test('explains each step, with what the parameters become, and fetches nothing', async () => {
    const explanation = await json('explain', 'object', device, 'SSH', 'password');
    expect(explanation).toMatchObject({ allowed: true, parameters: { variable: 'SSH_CSR1' } });
    const { stdout } = await done('explain', 'object', device);
    expect(stdout).toContain(`parameters.path  ${own.files}/nyc/csr1.txt`);
    expect(stdout).not.toContain('canary');
  });

  test('runs a command with a real variable and a real file, and prints neither', async () => {
    const ran = await latchkey(['run', '--object', device, ...printBoth]);
    expect(ran).toEqual({ code: 0, stdout: 'canary-of-the-variable|canary-of-the-file\n', stderr: '' });
    const named = node('console.log(process.env.A, process.env.SSH_PASSWORD, process.env.SSH_SECRET)');
    const group = ['run', '--group', 'core-routers', '--object', device];
    expect((await latchkey([...group, '--env', 'A=SSH/secret', ...named])).stdout).toBe(
      'canary-of-the-file undefined undefined\n',
    );
    const prefixed = node('console.log(process.env.X_SSH_SECRET)');
    expect((await latchkey([...group, '--prefix', 'X_', ...prefixed])).stdout).toBe('canary-of-the-file\n');
  });

  test('ends as the command that it ran ended', async () => {
    const run = (script: string) => latchkey(['run', '--object', device, ...node(script)]);
    expect(await run('process.exit(42)')).toMatchObject({ code: 42 });
    expect(await run('process.kill(process.pid, "SIGKILL")')).toMatchObject({ code: 137 });
    expect(await latchkey(['run', '--object', device, '--', 'no-such-command'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Cannot run "no-such-command": there is no such command.'),
    });
  });

  test('hands signals on to the command, and keeps what gives the host away from it', async () => {
    const script =
      'process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000);' +
      'console.log("ready", Object.keys(process.env).filter((name) => /SUPERUSER/.test(name)).length)';
    const superuser = { LATCHKEY_SUPERUSER_API_TOKEN: 'a-token-of-20-characters', LATCHKEY_SUPERUSER_PASSWORD: 'p' };
    const { child, says, ended } = start(['run', '--object', device, ...node(script)], { ...own.own, ...superuser });
    await says('ready 0\n');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 7 });
  });

  test('every read is on record, as the superuser, each slot by itself', async () => {
    await latchkey(['run', '--object', device, '--', 'true']);
    const { body } = await host.rest('GET', '/api/audit/entries/?action=use&sort=-number&limit=2');
    const expected = {
      user: 'admin',
      object: 'csr1',
      secrets_group: 'Core routers',
      access_type: 'SSH',
      outcome: 'ok',
    };
    expect(body.results).toMatchObject([expected, expected]);
  });

  test('the routes of the command are not served on the port', async () => {
    expect(await host.rest('GET', '/local/report/')).toMatchObject({ status: 404 });
    expect(await host.rest('POST', '/local/values/', { body: { group: 'x' } })).toMatchObject({ status: 404 });
  });

  test('re-points and empties a slot, and refuses to delete what fills one', async () => {
    await done('secret', 'create', 'Spare', '--provider', 'environment-variable', '--param', 'variable=SPARE');
    await done('group', 'create', 'Spares');
    await done('group', 'set', 'spares', 'HTTP(S)', 'token', 'Enable');
    await done('group', 'set', 'spares', 'HTTP(S)', 'token', 'Spare');
    const { slots } = await json('group', 'show', 'spares');
    expect(slots).toMatchObject([{ display: 'Spares: HTTP(S) token: Spare' }]);
    expect(await latchkey(['secret', 'delete', 'Spare'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('Spares'),
    });
    await done('group', 'unset', 'spares', 'HTTP(S)', 'token');
    expect(await latchkey(['group', 'unset', 'spares', 'HTTP(S)', 'token'])).toMatchObject({ code: 3 });
    await done('secret', 'delete', 'Spare');
    await done('group', 'delete', 'spares');
  });

  test('changes what is named and keeps the rest', async () => {
    await done('secret', 'update', 'Enable', '--description', 'of routers', '--param', 'raw=true');
    expect(await json('secret', 'show', 'Enable')).toMatchObject({
      description: 'of routers',
      parameters: { raw: true, path: expect.stringContaining('obj.site.slug') },
    });
    await done('secret', 'update', 'Enable', '--unset-param', 'raw');
    await done('object', 'create', 'dcim.device', 'a/b', '--attribute', 'site.slug=x', '--attribute', 'rack=1');
    const both = ['--attribute', 'site.tier=2', '--unset-attribute', 'rack', '--group', 'core-routers'];
    await done('object', 'update', 'dcim.device/a/b', ...both);
    expect(await json('object', 'show', 'dcim.device/a/b')).toMatchObject({
      attributes: { site: { slug: 'x', tier: 2 } },
      secrets_group: { object_type: 'extras.secretsgroup' },
    });
    await done('object', 'update', 'dcim.device/a/b', '--no-group');
    expect(await latchkey(['check', 'object', 'dcim.device/a/b'])).toMatchObject({ code: 3 });
    await done('object', 'delete', 'dcim.device/a/b');
  });

  test.each<[readonly string[], number, string]>([
    [['secret', 'show', 'no-such'], 3, 'There is no secret "no-such".'],
    [['object', 'show', device.replace('1', '2')], 3, 'There is no object "dcim.device/csr2".'],
    [
      ['secret', 'create', 'x', '--provider', 'no-such', '--param', 'a=b'],
      6,
      'No registered provider "no-such" is available',
    ],
    [['secret', 'create', 'x', '--provider', 'text-file', '--param', 'a=b'], 6, 'Unknown parameter "a"'],
    [['secret', 'update', 'Enable'], 2, 'There is nothing to change.'],
    [['run', '--', 'true'], 2, 'run needs a group.'],
    [['secret', 'no-such'], 2, "unknown command 'no-such'"],
    [['secret', 'list', '--config', '/no/such/file'], 7, '/no/such/file cannot be read (ENOENT)'],
  ])('%j ends with %i and says what to do', async (parameters, code, message) => {
    const said = await latchkey(parameters);
    expect(said).toMatchObject({ code, stdout: '' });
    expect(said.stderr).toMatch(/^latchkey: .*(\n {2}\S.*)+\n$/);
    expect(said.stderr).toContain(message);
  });

  test('says what became of the plugins', async () => {
    const { report, providers } = await json('plugin', 'list');
    expect(report.lines).toHaveLength(shippedPlugins.length);
    expect(providers.results).toHaveLength(5);
    expect((await done('plugin', 'list')).stdout).toMatch(/^text-file +loaded +@latchkey\/provider-text-file /m);
  });
});

// These follow on the folder that the host has left.
describe('with no host running', () => {
  const { latchkey, dataDir } = own;

  test('does not start a command when one value is missing, and names its slot alone', async () => {
    const witness = join(temporaryFolder(), 'started');
    const run = ['run', '--object', device, ...node(`fs.writeFileSync(${JSON.stringify(witness)}, '')`)];
    const { code, stderr } = await start(run, { LATCHKEY_DATA_DIR: dataDir }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^latchkey: The command was not started; there is no value for\n {2}SSH password: /);
    expect(stderr).not.toContain('SSH secret');
    expect(stderr).not.toContain('canary');
    expect(existsSync(witness)).toBe(false);
  });

  test('runs a command, which no longer holds the data folder', async () => {
    const list = [process.execPath, bin, 'secret', 'list', '--output', 'json'];
    const ran = await latchkey(['run', '--object', device, '--', ...list]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({ count: 2 });
  });
});

test('the first use of a data folder shows the token that it made, on stderr, and no later one does', async () => {
  const fresh = setting();
  const first = await fresh.done('secret', 'list');
  expect(first.stdout).toBe('None.\n');
  expect(first.stderr).toMatch(/^ {4}[0-9a-f]{40}$/m);
  expect((await fresh.done('secret', 'list')).stderr).toBe('');
});

test('serve runs a host until it is told to stop', async () => {
  const dataDir = temporaryFolder();
  const { child, says, ended } = start(['serve', '--port', '0', '--data-dir', dataDir], {});
  await says('npx latchkey --help');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining(`its data is in ${dataDir}`) });
});

describeEmbedded('with the embedded database', () => {
  test('migrate says what it applied, then that there is nothing left', async () => {
    const { done, latchkey, dataDir, json } = setting();
    expect((await done('migrate')).stdout).toMatch(/latchkey.sqlite: brought up to date\n {2}Definitions\d+\n/);
    expect((await json('migrate')).map(({ applied }: { applied: unknown }) => applied)).toEqual([[], []]);
    const database = join(dataDir, 'latchkey.sqlite');
    writeFileSync(database, 'This is no database, and it is long enough to be read as one.'.repeat(100));
    expect(await latchkey(['migrate'])).toMatchObject({ code: 7, stderr: expect.stringContaining(database) });
  });
});

test('plugin new writes a package whose test passes at once, offline, outside of the repository', async () => {
  const cwd = temporaryFolder();
  const folder = join(cwd, 'acme-vault');
  expect(await start(['plugin', 'new', 'acme-vault'], {}, cwd).ended).toMatchObject({ code: 0, stderr: '' });
  expect(await npm(folder, 'install', '--offline', '--no-audit')).toMatchObject({ code: 0 });
  expect(await npm(folder, 'test')).toMatchObject({ code: 0, said: expect.stringMatching(/^# pass [1-9]\d*$/m) });
  expect((await start(['plugin', 'new', 'acme-vault'], {}, cwd).ended).code).toBe(5);
});

/** Runs npm with a cache of its own, so that nothing is found there. */
async function npm(folder: string, ...parameters: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: folder, npm_config_cache: join(folder, '../npm') };
  const child = spawn('npm', parameters, { cwd: folder, env });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, 'close');
  running.delete(child);
  return { code: code as number | null, said };
}
