import { silentLogger } from '@latchkey/core';
import { awsSecretsManager } from './index';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

const mockLoaded = jest.fn();
jest.mock('@aws-sdk/client-secrets-manager', () => {
  mockLoaded();
  return jest.requireActual('@aws-sdk/client-secrets-manager');
});

test('the SDK is loaded with the first read, and not before', async () => {
  const store = await awsSecretsManager.open?.(
    { endpoint: 'http://127.0.0.1:1', access_key_id: 'a', secret_access_key: 'b', session_token: undefined },
    { logger: silentLogger },
  );
  if (store === undefined) throw new Error('no store');
  expect(mockLoaded).not.toHaveBeenCalled();
  const parameters = { name: 'a', region: 'eu-central-1', key: undefined, store: 'default' };
  const { signal } = new AbortController();
  const reading = awsSecretsManager.fetch({ parameters, store, signal, logger: silentLogger, confirm: () => {} });
  await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
  expect(mockLoaded).toHaveBeenCalledTimes(1);
  await awsSecretsManager.close?.(store);
});
