import { parameter } from '@latchkey/core';

/** What the operator says of one store. */
export const storeSettings = {
  url: parameter.text('Address of Vault or OpenBao', { example: 'https://vault.example.net:8200' }),
  token: parameter.text('Token that may read the secrets', { sensitive: true }),
  namespace: parameter.text('Namespace', { required: false, example: 'team-a' }),
  ca_cert: parameter.text("File with the certificates to trust in place of the system's", { required: false }),
  default_mount_point: parameter.text('Mount that is read where a secret names none', {
    default: 'secret',
    slot: 'url-path',
  }),
  kv_version: parameter.choice('KV version where a secret names none', ['v1', 'v2'], { default: 'v2' }),
};
