import type { GetSecretValueCommandOutput } from '@aws-sdk/client-secrets-manager';
import { defineProvider, parameter, ProviderFailure, type Fetched } from '@latchkey/core';
import { openSecretsManager, type SecretsManager } from './client';
import { failureOf } from './failures';
import { isJson, jsonMember, jsonText } from './json-member';
import { storeSettings } from './store-settings';

const parameters = {
  name: parameter.text('Name or ARN of the secret', { example: 'devices/csr1' }),
  region: parameter.text('AWS region of the secret', { example: 'eu-central-1' }),
  key: parameter.text('Key in a secret that is a JSON object; without one the whole secret', {
    required: false,
    slot: 'json-key',
  }),
  store: parameter.text('Store to read from', { default: 'default' }),
};

function valueOf({ SecretString: text, SecretBinary: bytes }: GetSecretValueCommandOutput, key?: string): Fetched {
  if (key === undefined) return text ?? bytes;
  if (text === undefined || !isJson(text) || !text.trimStart().startsWith('{'))
    throw new ProviderFailure('malformed', 'The secret is not a JSON object, so it has no keys.');
  const value = jsonText(jsonMember(text, key));
  if (value === undefined)
    throw new ProviderFailure('not-found', "The secret value could not be retrieved using key '{key}'");
  return value;
}

/** The provider that reads secrets of AWS Secrets Manager. */
export const awsSecretsManager = defineProvider<typeof parameters, typeof storeSettings, SecretsManager>({
  slug: 'aws-secrets-manager',
  name: 'AWS Secrets Manager',
  className: 'AWSSecretsManagerSecretsProvider',
  parameters,
  notFound: 'AWS Secrets Manager has no secret "{name}" in region "{region}"!',
  store: storeSettings,
  storeParameter: 'store',
  open: openSecretsManager,
  close: (client) => client.close(),
  async fetch({ parameters: { name, region, key }, store, signal }) {
    signal.throwIfAborted();
    let answer: GetSecretValueCommandOutput;
    try {
      answer = await store.get(region, name, signal);
    } catch (error) {
      signal.throwIfAborted();
      const failure = ProviderFailure.is(error) ? error : failureOf(error);
      if (failure === undefined) return undefined;
      throw failure;
    }
    return valueOf(answer, key);
  },
});
