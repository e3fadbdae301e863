import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describeProvider } from '@latchkey/core/testing';
import { pythonEnvironment } from '../../../test/support/python-env';
import { startMoto, type RealServer } from '../../../test/support/real-servers';
import { startSilentServer } from '../../../test/support/silent-server';
import { awsSecretsManager } from './index';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

const python = pythonEnvironment();

(python === undefined ? describe.skip : describe)('with a real moto server', () => {
  let moto: RealServer;
  let silent: Awaited<ReturnType<typeof startSilentServer>>;
  const region = 'eu-central-1';
  const parameters = { name: 'app', region };
  const settings = (endpoint: string) => ({ endpoint, access_key_id: 'a', secret_access_key: 'b' });

  beforeAll(async () => {
    [moto, silent] = await Promise.all([startMoto(String(python)), startSilentServer()]);
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const admin = new SecretsManagerClient({ endpoint: moto.url, region, credentials });
    await admin.send(new CreateSecretCommand({ Name: 'app', SecretString: 'correct horse' }));
    admin.destroy();
  }, 60_000);
  afterAll(async () => {
    await Promise.all([moto?.stop(), silent?.stop()]);
  });

  describeProvider(awsSecretsManager, {
    store: () => settings(moto.url),
    present: { parameters, value: 'correct horse' },
    absent: { parameters: { name: 'absent', region } },
    failing: { parameters, store: settings('http://127.0.0.1:1') },
    hanging: () => ({ parameters, store: settings(silent.url) }),
  });
});
