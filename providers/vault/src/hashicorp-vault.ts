import { defineProvider, parameter } from '@latchkey/core';
import { openVault, type VaultClient } from './client';
import { statusFailure, valueOf } from './read-kv';
import { storeSettings } from './store-settings';

const parameters = {
  path: parameter.text('Path of the secret under its mount', { slot: 'url-path', example: 'devices/csr1' }),
  key: parameter.text('Key in the secret; without one the whole secret as JSON', { required: false, slot: 'json-key' }),
  vault: parameter.text('Store to read from', { default: 'default' }),
  mount_point: parameter.text("Mount; without one the store's", { required: false, slot: 'url-path' }),
  kv_version: parameter.choice("KV version; without one the store's", ['v1', 'v2'], { required: false }),
};

/** The provider that reads KV secrets of HashiCorp Vault and OpenBao. */
export const hashicorpVault = defineProvider<typeof parameters, typeof storeSettings, VaultClient>({
  slug: 'hashicorp-vault',
  name: 'HashiCorp Vault',
  className: 'HashiCorpVaultSecretsProvider',
  parameters,
  notFound: 'HashiCorp Vault has no secret at path "{path}"!',
  store: storeSettings,
  storeParameter: 'vault',
  open: openVault,
  close: (client) => client.close(),
  async fetch({ parameters: { path, key, mount_point, kv_version }, store, signal }) {
    const version = kv_version ?? store.kvVersion;
    const mount = mount_point ?? store.defaultMountPoint;
    return valueOf(await store.get([mount, ...(version === 'v2' ? ['data'] : []), path], signal), version, key);
  },
  async check(client, signal) {
    const { status } = await client.get(['sys/health'], signal);
    // A standby answers for the active node.
    if (status !== 200 && status !== 429 && status !== 473) throw statusFailure(status === 501 ? 503 : status);
  },
});
