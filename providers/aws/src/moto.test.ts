import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { silentLogger, type ParameterValues } from '@latchkey/core';
import { pythonEnvironment } from '../../../test/support/python-env';
import { startMoto, type RealServer } from '../../../test/support/real-servers';
import { openSecretsManager, type SecretsManager } from './client';
import { awsSecretsManager } from './index';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

const python = pythonEnvironment();
const withPython = python === undefined ? describe.skip : describe;
const region = 'eu-central-1';

withPython('against a real moto server', () => {
  let moto: RealServer;
  let store: SecretsManager;
  let admin: SecretsManagerClient;
  let arn: string | undefined;
  const bytes = Uint8Array.from([0, 255, 1, 10]);

  const read = async (parameters: Partial<ParameterValues<typeof awsSecretsManager.parameters>>) =>
    awsSecretsManager.fetch({
      parameters: { name: 'app', region, key: undefined, store: 'default', ...parameters },
      store,
      signal: new AbortController().signal,
      logger: silentLogger,
      confirm: () => {},
    });

  beforeAll(async () => {
    moto = await startMoto(String(python));
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    admin = new SecretsManagerClient({ endpoint: moto.url, region, credentials });
    const text = '{"password": "p\u00e4ss\\n", "port": 12345678901234567890, "more": {"a": [1]}, "none": null}';
    ({ ARN: arn } = await admin.send(new CreateSecretCommand({ Name: 'app', SecretString: text })));
    await admin.send(new CreateSecretCommand({ Name: 'team/plain', SecretString: ' plain\n' }));
    await admin.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: bytes }));
    await admin.send(new CreateSecretCommand({ Name: 'leaving', SecretString: 'x' }));
    await admin.send(new DeleteSecretCommand({ SecretId: 'leaving' }));
    await admin.send(new CreateSecretCommand({ Name: 'valueless' }));
    store = openSecretsManager({
      endpoint: moto.url,
      access_key_id: 'a',
      secret_access_key: 'b',
      session_token: undefined,
    });
  }, 60_000);
  afterAll(async () => {
    store?.close();
    admin?.destroy();
    await moto?.stop();
  });

  test.each([
    [{ key: 'password' }, 'päss\n'],
    [{ key: 'port' }, '12345678901234567890'],
    [{ key: 'more' }, '{"a": [1]}'],
    [{ name: 'team/plain' }, ' plain\n'],
    [{ name: 'absent' }, undefined],
    [{ name: 'absent', key: 'password' }, undefined],
    [{ name: 'valueless' }, undefined],
    [{ region: 'us-east-1' }, undefined],
  ])('%j gives %j', async (parameters, value) => expect(await read(parameters)).toBe(value));

  test('bytes come as bytes', async () =>
    expect(Buffer.from((await read({ name: 'bytes' })) as Uint8Array)).toEqual(Buffer.from(bytes)));

  test('a secret is found by its ARN, and its newest version is read', async () => {
    expect(await read({ name: String(arn), key: 'password' })).toBe('päss\n');
    await admin.send(new CreateSecretCommand({ Name: 'moving', SecretString: 'one' }));
    expect(await read({ name: 'moving' })).toBe('one');
    await admin.send(new PutSecretValueCommand({ SecretId: 'moving', SecretString: 'two' }));
    expect(await read({ name: 'moving' })).toBe('two');
  });

  test.each([
    [{ key: 'absent' }, 'not-found'],
    [{ key: 'none' }, 'not-found'],
    [{ key: '__proto__' }, 'not-found'],
    [{ name: 'team/plain', key: 'a' }, 'malformed'],
    [{ name: 'bytes', key: 'a' }, 'malformed'],
    [{ name: 'leaving' }, 'denied'],
  ])('%j fails with %s', async (parameters, code) => expect(read(parameters)).rejects.toMatchObject({ code }));
});
