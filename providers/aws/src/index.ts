import { definePlugin, secretsProviders } from '@latchkey/core';
import { awsSecretsManager } from './aws-secrets-manager';

export { awsSecretsManager } from './aws-secrets-manager';

export default definePlugin({
  register({ contribute }) {
    contribute(secretsProviders, awsSecretsManager);
  },
});
