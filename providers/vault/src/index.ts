import { definePlugin, secretsProviders } from '@latchkey/core';
import { hashicorpVault } from './hashicorp-vault';

export { hashicorpVault } from './hashicorp-vault';

export default definePlugin({
  register({ contribute }) {
    contribute(secretsProviders, hashicorpVault);
  },
});
