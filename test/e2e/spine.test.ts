import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHost, type HostProcess } from '../support/host-process';
import { create, enableFile, makeSpine, type Spine } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(60_000);

const files = temporaryFolder();
const path = join(files, enableFile);
const csr1 = { object: { object_type: 'dcim.device', name: 'csr1' } };
const slot = (access_type: string, secret_type: string) => ({ access_type, secret_type, ...csr1 });
let host: HostProcess;
let spine: Spine;

beforeAll(async () => {
  mkdirSync(join(files, 'iad'));
  writeFileSync(path, 'enable-value\n');
  host = await startHost({ env: { SSH_CSR1: 'ssh-value', EMPTY: '', DEVICE_csr1: 'named' } });
  spine = await makeSpine(host.rest, files);
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

const post = async (address: string, body: unknown = {}) => host.rest('POST', `/api/extras/${address}/`, { body });
const checkGroup = async (body: unknown) => post(`secrets-groups/${spine.group.id}/check`, body);
const recorded = async () => (await host.rest('GET', '/api/audit/entries/?limit=1')).body.count as number;
const entries = async (query: string) => (await host.rest('GET', `/api/audit/entries/?${query}`)).body.results;
const made = (name: string, provider: string, parameters: unknown) =>
  create(host.rest, 'extras/secrets', { name, provider, parameters });

describe('from an object to its value', () => {
  test.each(['password', 'secret'])('the slot SSH %s resolves for the device', async (secretType) => {
    const { status, body } = await checkGroup(slot('SSH', secretType));
    expect({ status, body }).toEqual({ status: 200, body: { result: true, message: 'Passed' } });
  });

  test('the object may be named by its id', async () => {
    const { body } = await checkGroup({ ...slot('SSH', 'password'), object: { id: spine.device.id } });
    expect(body).toEqual({ result: true, message: 'Passed' });
  });

  test('the answer follows the real variable and the real file', async () => {
    await create(host.rest, 'inventory/objects', {
      object_type: 'dcim.device',
      name: 'csr2',
      attributes: { site: { slug: 'iad' } },
    });
    const asCsr2 = { ...slot('SSH', 'password'), object: { object_type: 'dcim.device', name: 'csr2' } };
    expect((await checkGroup(asCsr2)).body).toEqual({
      result: false,
      message:
        'SecretValueNotFoundError: Secret "SSH password" (provider "EnvironmentVariableSecretsProvider"): ' +
        'Undefined environment variable "SSH_CSR2"!',
    });
    expect((await checkGroup({ ...asCsr2, secret_type: 'secret' })).body).toEqual({
      result: false,
      message:
        'SecretValueNotFoundError: Secret "Enable secret" (provider "TextFileSecretsProvider"): ' +
        `File "${files}/iad/csr2.txt" not found!`,
    });
    writeFileSync(join(files, 'iad/csr2.txt'), 'now there');
    expect((await checkGroup({ ...asCsr2, secret_type: 'secret' })).body.result).toBe(true);
  });

  test('a secret is checked alone, by GET without an object and by POST with one', async () => {
    const plain = await made('Plain', 'environment-variable', { variable: 'SSH_CSR1' });
    const passed = { result: true, message: 'Passed' };
    expect((await host.rest('GET', `/api/extras/secrets/${plain.id}/check/`)).body).toEqual(passed);
    expect((await post(`secrets/${spine.password.id}/check`, csr1)).body).toEqual(passed);
    const { status, body } = await host.rest('GET', `/api/extras/secrets/${spine.password.id}/check/`);
    expect(status).toBe(200);
    expect(body.result).toBe(false);
    expect(body.message).toMatch(/^SecretParametersError: Secret "SSH password" \(provider "Environment/);
    expect(body.message).toContain('obj');
  });

  test('explain shows each step and what the parameters become, and fetches nothing', async () => {
    const before = await recorded();
    rmSync(path);
    const { status, body } = await post(`secrets-groups/${spine.group.id}/explain`, slot('SSH', 'secret'));
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        allowed: true,
        parameters: { path, raw: false },
        provider: 'text-file',
        steps: [
          { step: 'group', result: 'ok', detail: 'Core routers' },
          { step: 'object', result: 'ok', detail: 'dcim.device csr1' },
          { step: 'slot', result: 'ok', detail: 'SSH secret' },
          { step: 'secret', result: 'ok', detail: 'Enable secret' },
          { step: 'permission', result: 'ok', detail: 'superuser' },
          { step: 'parameters', result: 'ok', detail: 'path, raw' },
          { step: 'permission on the rendered parameters', result: 'ok', detail: 'superuser' },
          { step: 'provider', result: 'ok', detail: 'text-file' },
        ],
      },
    });
    writeFileSync(path, 'enable-value');
    expect(await recorded()).toBe(before);
    const alone = await post(`secrets/${spine.password.id}/explain`, csr1);
    expect(alone.body).toMatchObject({ allowed: true, parameters: { variable: 'SSH_CSR1' } });
  });

  test('explain tells what does not render, and for a slot that is empty', async () => {
    const without = await post(`secrets/${spine.password.id}/explain`);
    expect(without.body.allowed).toBe(false);
    expect(without.body.steps.at(-1)).toMatchObject({ step: 'parameters', result: 'failed' });
    const empty = await post(`secrets-groups/${spine.group.id}/explain`, slot('SNMP', 'key'));
    expect(empty.body).toMatchObject({ allowed: false, steps: expect.arrayContaining([expect.anything()]) });
    expect(empty.body.steps.at(-1)).toEqual({
      step: 'slot',
      result: 'refused',
      detail: 'SNMP key: no secret that you may use',
    });
  });

  test('an empty slot is an answer and no error', async () => {
    expect(await checkGroup(slot('SNMP', 'key'))).toMatchObject({
      status: 200,
      body: {
        result: false,
        message: 'There is no secret for SNMP key in the group "Core routers" that you may use.',
      },
    });
  });

  test('an object that is not there is refused by its field', async () => {
    const { status, body } = await checkGroup({
      ...slot('SSH', 'password'),
      object: { object_type: 'dcim.device', name: "o'hare" },
    });
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        object: [
          "Related object not found using the provided attributes: {'object_type': 'dcim.device', 'name': \"o'hare\"}",
        ],
      },
    });
  });
});

describe("Nautobot's texts and rules", () => {
  const failing = async (name: string, provider: string, parameters: unknown): Promise<string> => {
    const { id } = await made(name, provider, parameters);
    const { status, body } = await post(`secrets/${id}/check`, csr1);
    expect({ status, result: body.result }).toEqual({ status: 200, result: false });
    return body.message;
  };

  test.each([
    ['environment-variable', { variable: 'SSH_CSR1' }],
    ['environment-variable', { variable: 'EMPTY' }],
    ['environment-variable', { variable: 'DEVICE_{{ obj.name }}' }],
    ['text-file', { path }],
    ['text-file', { path, raw: true }],
  ])('%s %j has a value', async (provider, parameters) => {
    const { id } = await made(`Good ${JSON.stringify(parameters)}`, provider, parameters);
    expect((await post(`secrets/${id}/check`, csr1)).body).toEqual({ result: true, message: 'Passed' });
  });

  test('an undefined variable', async () =>
    expect(await failing('S1', 'environment-variable', { variable: 'ABSENT' })).toBe(
      'SecretValueNotFoundError: Secret "S1" (provider "EnvironmentVariableSecretsProvider"): ' +
        'Undefined environment variable "ABSENT"!',
    ));

  test('a variable of the host itself is undefined', async () =>
    expect(await failing('S2', 'environment-variable', { variable: 'LATCHKEY_{{ "SUPERUSER_API_TOKEN" }}' })).toBe(
      'SecretValueNotFoundError: Secret "S2" (provider "EnvironmentVariableSecretsProvider"): ' +
        'Undefined environment variable "LATCHKEY_SUPERUSER_API_TOKEN"!',
    ));

  test('a file that is not there', async () =>
    expect(await failing('S3', 'text-file', { path: '/absent/{{ obj.name }}' })).toBe(
      'SecretValueNotFoundError: Secret "S3" (provider "TextFileSecretsProvider"): File "/absent/csr1" not found!',
    ));

  test.each(['token.key', 'latchkey.sqlite', 'access-records.sqlite'])('the host does not hand out %s', async (name) =>
    expect(await failing(`Own ${name}`, 'text-file', { path: join(host.dataDir, name), raw: true })).toContain(
      'not found!',
    ),
  );

  test.each(['/proc/self/environ', '/proc/self/cmdline', '/sys/kernel/uevent_seqnum', '/dev/zero'])(
    'nor %s',
    async (name) => expect(await failing(`Own ${name}`, 'text-file', { path: name })).toContain('not found!'),
  );

  test('a path that leaves its folder once it is rendered', async () =>
    expect(await failing('S4', 'text-file', { path: `${files}/{{ '.' }}{{ '.' }}/x` })).toBe(
      'SecretParametersError: Secret "S4" (provider "TextFileSecretsProvider"): Illegal character sequence in path',
    ));

  test.each([
    ['text-file', { path: 'a/b' }, { __all__: ['Path must be an absolute path, not a relative one'] }],
    ['text-file', { path: '/a/../b' }, { __all__: ['Illegal character sequence in path'] }],
    ['nowhere', { a: 1 }, { provider: ['No registered provider "nowhere" is available'] }],
    ['environment-variable', {}, { parameters: ['This field cannot be blank.'] }],
    ['environment-variable', { variable: '' }, { parameters: ['The "variable" parameter is mandatory!'] }],
    ['environment-variable', { variable: 'A', foo: 1 }, { parameters: ['Unknown parameter "foo"; known: variable.'] }],
    ['environment-variable', { variable: '{{ obj.' }, { parameters: [expect.stringMatching(/line 1/)] }],
    [
      'environment-variable',
      { variable: '{% for a in obj %}{{ a }}{% endfor %}' },
      { parameters: [expect.stringMatching(/for.*line 1/)] },
    ],
  ])('%s %j is refused when it is saved', async (provider, parameters, faults) => {
    const { status, body } = await post('secrets', { name: 'Refused', provider, parameters });
    expect({ status, body }).toEqual({ status: 400, body: faults });
  });
});

describe('the record of reads', () => {
  test('says who, which, for which object, decided how, by which provider, with what outcome', async () => {
    const headers = { 'X-Request-Id': 'the-request-of-this-test' };
    await host.rest('POST', `/api/extras/secrets-groups/${spine.group.id}/check/`, {
      body: slot('SSH', 'password'),
      headers,
    });
    const found = await entries('request_id=the-request-of-this-test');
    expect(found).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        object_type: 'dcim.device',
        display: expect.any(String),
        url: `${host.url}/api/audit/entries/${found[0].id}/`,
        number: expect.any(Number),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        user_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        user: 'admin',
        action: 'check',
        secret_id: spine.password.id,
        secret: 'SSH password',
        secrets_group_id: spine.group.id,
        secrets_group: 'Core routers',
        access_type: 'SSH',
        secret_type: 'password',
        object_id: spine.device.id,
        object: 'csr1',
        provider: 'environment-variable',
        decision: 'allowed',
        rule: 'superuser',
        outcome: 'ok',
        duration_us: expect.any(Number),
        request_id: 'the-request-of-this-test',
        address: '127.0.0.1',
      },
    ]);
  });

  test.each([
    ['an absent object', () => slot('SSH', 'secret'), { object: { object_type: 'dcim.device', name: 'absent' } }, 400],
    ['an empty slot', () => slot('SNMP', 'key'), {}, 200],
  ])('holds %s, too', async (what, body, more, status) => {
    const id = `record-${what.replaceAll(' ', '-')}`;
    const answer = await host.rest('POST', `/api/extras/secrets-groups/${spine.group.id}/check/`, {
      body: { ...body(), ...more },
      headers: { 'X-Request-Id': id },
    });
    expect(answer.status).toBe(status);
    const [entry, ...others] = await entries(`request_id=${id}`);
    expect(others).toEqual([]);
    expect(entry.outcome).not.toBe('ok');
  });

  test('cannot be written over REST', async () => {
    const [{ id }] = await entries('limit=1');
    for (const [method, address] of [
      ['POST', 'entries/'],
      ['PATCH', `entries/${id}/`],
      ['DELETE', `entries/${id}/`],
    ] as const) {
      const body = method === 'DELETE' ? {} : { body: { user: 'nobody' } };
      expect((await host.rest(method, `/api/audit/${address}`, body)).status).toBe(405);
    }
  });
});

describe('a secret in use', () => {
  test('is not deleted, and the groups are named; once its slot is empty it goes', async () => {
    const secret = await made('In use', 'environment-variable', { variable: 'A' });
    const groups = await Promise.all(
      ['Users A', 'Users B'].map((name) => create(host.rest, 'extras/secrets-groups', { name })),
    );
    const slots = await Promise.all(
      groups.map(({ id }) =>
        create(host.rest, 'extras/secrets-groups-associations', {
          secrets_group: id,
          secret: secret.id,
          access_type: 'SSH',
          secret_type: 'key',
        }),
      ),
    );
    const { status, body } = await host.rest('DELETE', `/api/extras/secrets/${secret.id}/`);
    expect(status).toBe(409);
    expect(body.detail).toMatch(/^Unable to delete object\. 2 dependent objects were found: /);
    for (const { name } of groups) expect(body.detail).toContain(name);

    await host.rest('DELETE', `/api/extras/secrets-groups-associations/${slots[0].id}/`);
    await host.rest('DELETE', `/api/extras/secrets-groups/${groups[1].id}/`);
    expect((await host.rest('DELETE', `/api/extras/secrets/${secret.id}/`)).status).toBe(204);
    expect((await host.rest('GET', `/api/extras/secrets/${secret.id}/`)).status).toBe(404);
  });

  test('a slot is filled once', async () => {
    const { status, body } = await post('secrets-groups-associations', {
      secrets_group: spine.group.id,
      access_type: 'SSH',
      secret_type: 'password',
      secret: spine.enable.id,
    });
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        non_field_errors: ['The fields secrets_group, access_type, secret_type must make a unique set.'],
      },
    });
  });
});

test('the providers are listed with their parameters as JSON Schema, and where they come from', async () => {
  const { body } = await host.rest('GET', '/api/providers/');
  expect(body.results.map(({ slug }: { slug: string }) => slug)).toEqual([
    'aws-secrets-manager',
    'encrypted-store',
    'environment-variable',
    'hashicorp-vault',
    'text-file',
  ]);
  expect(body.results[2]).toEqual({
    slug: 'environment-variable',
    name: 'Environment Variable',
    package: '@latchkey/provider-environment-variable',
    version: expect.stringMatching(/^\d/),
    parameters: {
      type: 'object',
      properties: {
        variable: { type: 'string', description: 'Environment variable name', examples: ['GIT_TOKEN'] },
      },
      required: ['variable'],
      additionalProperties: false,
    },
  });
});
