import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHost, type HostProcess } from '../support/host-process';
import { parseConstraints } from '../../host/src/permissions/constraints/parse';
import { hostTypes } from '../../host/src/domain/types';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

// Each command loads a client; on a busy machine dozens of them take their time.
jest.setTimeout(180_000);

const root = join(__dirname, '../..');
const guide = readFileSync(join(root, 'docs/guide/permissions.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...guide.matchAll(/```(\w*)\n([^]*?)```/g)].filter(([, of]) => of === language).map(([, , text]) => text ?? '');

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let host: HostProcess;
let home: string;
let secrets: string;

beforeAll(async () => {
  home = temporaryFolder();
  secrets = join(home, 'secrets');
  mkdirSync(join(secrets, 'network'), { recursive: true });
  writeFileSync(join(secrets, 'network/core'), 'canary-of-the-core');
  writeFileSync(join(secrets, 'payroll'), 'canary-of-the-payroll');
  mkdirSync(join(home, 'bin'));
  const bin = join(root, 'host/bin/latchkey.js');
  const line = `exec '${process.execPath}' --disallow-code-generation-from-strings '${bin}' "$@"`;
  writeFileSync(join(home, 'bin/latchkey'), `#!/bin/sh\n${line}\n`);
  chmodSync(join(home, 'bin/latchkey'), 0o755);
  host = await startHost();
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

/** Runs lines in a shell, with the guide's folder in a temporary place. */
function shell(lines: string, input = ''): Promise<Said> {
  const env = { PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, LATCHKEY_DATA_DIR: host.dataDir };
  const script = lines.replaceAll('/opt/secrets', secrets);
  return new Promise((resolve) => {
    const child = execFile('sh', ['-ec', script], { env, cwd: home }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** The answer of a command that must work. */
async function json(line: string, input?: string) {
  const said = await shell(`${line} --output json`, input);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(said.stdout);
}

describe('the guide', () => {
  test('grants what it says, and tests it with the answers that it shows', async () => {
    const [grant = '', ask = '', draft = ''] = blocks('sh');
    const granted = await shell(grant);
    expect(granted).toMatchObject({ code: 0, stderr: '' });
    expect(granted.stdout).toMatch(/^key +[0-9a-f]{40}$/m);
    expect(await shell(ask)).toEqual({ code: 1, stdout: blocks('')[0], stderr: '' });
    expect(await shell(draft)).toMatchObject({ code: 0, stdout: expect.stringContaining('draft') });
  });

  test('shows constraints that can be saved', () => {
    const types = (name: string) => hostTypes.targets.get(name);
    const shown = blocks('json').map((text) => JSON.parse(text) as unknown);
    expect(shown.length).toBeGreaterThan(2);
    for (const constraints of shown) {
      const name = JSON.stringify(constraints).includes('$user') ? 'users.token' : 'extras.secret';
      const type = types(name);
      expect(type && parseConstraints(constraints, type, types)).not.toHaveProperty('faults');
    }
  });

  test('explains a read in the words of the test', async () => {
    const { steps } = await json('latchkey explain secret Core');
    const tested = await json('latchkey permission test admin use Core');
    expect(steps).toContainEqual({ step: 'permission', result: 'ok', detail: tested.rule });
  });
});

describe('users', () => {
  test('are made with a password that no command line holds, which then signs in', async () => {
    const password = 'canary-Correct-Horse-7';
    writeFileSync(join(home, 'password'), `${password}\n`);
    await json('latchkey user create vera --password-file password --superuser --email v@example.net');
    await json('latchkey user create olga --password-file -', `${password}\n`);
    const signIn = async (name: string, secret: string) => {
      const headers = { Authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` };
      return (await host.rest('POST', '/api/users/tokens/', { token: null, headers, body: {} })).body.detail ?? 'yes';
    };
    expect(await signIn('vera', password)).toBe('yes');
    expect(await signIn('olga', password)).toBe('You do not have permission to perform this action.');
    await json('latchkey user update olga --no-password');
    expect(await signIn('olga', password)).toBe('Invalid username/password.');
  });

  test('change where something is named, and stay as they are elsewhere', async () => {
    await shell('latchkey usergroup create auditors; latchkey usergroup create operators');
    await json('latchkey user create lena --group auditors --superuser');
    expect(await json('latchkey user update lena --email l@example.net')).toMatchObject({
      is_superuser: true,
      is_active: true,
      groups: [{ object_type: 'auth.group' }],
    });
    const changed = await shell(
      'latchkey user update lena --no-active --no-superuser --group auditors --group operators',
    );
    expect(changed.stdout).toMatch(/^groups +auditors, operators$/m);
    expect((await shell('latchkey usergroup show operators')).stdout).toMatch(/^lena +not active$/m);
    expect((await json('latchkey user list --group operators')).results).toMatchObject([{ username: 'lena' }]);
    expect(await json('latchkey user update lena --no-group')).toMatchObject({ groups: [], is_superuser: false });
    await json('latchkey usergroup update operators ops');
    expect((await shell('latchkey usergroup delete ops; latchkey user delete lena')).stdout).toBe(
      'Deleted the user group "ops".\nDeleted the user "lena".\n',
    );
  });
});

describe('tokens', () => {
  test('show their key once, and are good until they are revoked', async () => {
    await json('latchkey user create robot --superuser');
    const made = await json('latchkey token create robot --description ci --no-write --address 127.0.0.0/8');
    const shown = await shell(`latchkey token show ${made.id}; latchkey token list --user robot`);
    expect(shown.stdout).not.toContain(made.key);
    expect(shown.stdout).toMatch(/^user +robot$/m);
    const status = async (method = 'GET') =>
      (await host.rest(method, '/api/users/groups/', { token: made.key, ...(method === 'POST' && { body: {} }) }))
        .status;
    expect([await status(), await status('POST')]).toEqual([200, 403]);
    await json(`latchkey token update ${made.id} --write --no-address`);
    expect(await status('POST')).toBe(400);
    await shell(`latchkey token delete ${made.id}`);
    expect(await status()).toBe(403);
  });

  test("take a key of one's own from a file, and do not show it", async () => {
    const key = 'canary-key-of-the-robot-0123456789';
    writeFileSync(join(home, 'key'), `${key}\n`);
    const made = await shell('latchkey token create robot --key-file key');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).not.toContain('canary');
    expect((await host.rest('GET', '/api/users/groups/', { token: key })).status).toBe(200);
  });
});

describe('permissions', () => {
  test('are changed, switched off and deleted, lists as a whole', async () => {
    const constraints = [{ name: 'a' }, { name: 'b' }];
    writeFileSync(join(home, 'constraints.json'), JSON.stringify(constraints));
    const create = 'latchkey permission create p --type extras.secret --action view --action use --user vera';
    expect(await json(`${create} --constraints-file constraints.json`)).toMatchObject({ constraints, enabled: true });
    const shown = (await shell('latchkey permission update p --action check --no-enabled')).stdout;
    expect(shown).toMatch(/^actions +check$/m);
    expect(shown).toMatch(/^users +vera$/m);
    expect(shown).toMatch(/^constraints +\[\{"name":"a"\},\{"name":"b"\}\]$/m);
    expect((await shell('latchkey permission test vera check Core --permission p')).code).toBe(0);
    expect(await json('latchkey permission update p --no-constraints --enabled --no-user')).toMatchObject({
      constraints: null,
      enabled: true,
      users: [],
      actions: ['check'],
    });
    expect((await json('latchkey permission list --search p')).results.length).toBeGreaterThan(0);
    expect((await shell('latchkey permission delete p')).stdout).toBe('Deleted the permission "p".\n');
  });

  test('that cannot be read are refused, a line for each fault, with its place', async () => {
    const constraints = JSON.stringify([{ name: 'a' }, { nmae: 'a', provider__startwith: 'x' }]);
    const said = await shell(
      `latchkey permission create q --type extras.secret --action view --constraints '${constraints}'`,
    );
    expect(said).toMatchObject({ code: 6, stdout: '' });
    expect(said.stderr).toMatch(/^ {2}constraints: \[1\]\.nmae: There is no field "nmae"/m);
    expect(said.stderr).toMatch(/^ {2}constraints: \[1\]\.provider__startwith: /m);
    const broken = await shell("latchkey permission create q --type extras.secret --action view --constraints '{'");
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('--constraints is not JSON') });
  });

  test('are tested on groups and objects, too, by names that people use', async () => {
    await shell('latchkey group create "Core routers"; latchkey object create dcim.device csr1');
    const rule = async (row: string) => (await json(`latchkey permission test maria view ${row}`)).rule;
    expect(await rule('extras.secretsgroup/core-routers')).toBe('network lookups');
    expect(await rule('dcim.device/csr1')).toBe('network lookups');
    expect(await shell('latchkey permission test nobody view Core')).toMatchObject({ code: 6 });
    expect(await shell('latchkey permission test maria view no-such')).toMatchObject({ code: 3 });
  });
});
