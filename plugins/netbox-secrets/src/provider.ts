import { defineProvider, parameter, ProviderFailure, type SecretsProvider } from '@latchkey/core';

/** Reads the newest value of a stored secret, with the key that the operator gave to the host. */
export type StoredValues = (id: string) => Promise<Buffer | undefined>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The slug of the provider. */
export const encryptedStore = 'encrypted-store';

/** Makes the provider that a secrets group reaches stored secrets by; `values` is there once the host is open. */
export function createEncryptedStore(values: () => StoredValues | undefined): SecretsProvider {
  return defineProvider({
    slug: encryptedStore,
    name: 'Encrypted Store',
    className: 'EncryptedStoreSecretsProvider',
    parameters: {
      secret: parameter.text('The id of the stored secret', {
        required: true,
        example: '6ff3d1e5-33ab-4f0e-8f6c-2a1d6b8e9c10',
      }),
      raw: parameter.flag('Give the bytes as they are; otherwise text'),
    },
    notFound: 'There is no stored secret "{secret}".',
    async fetch({ parameters: { secret, raw } }) {
      const read = values();
      if (!read)
        throw new ProviderFailure('misconfigured', 'The operator has given the host no key to the encrypted store.');
      if (!uuid.test(secret)) return undefined;
      const bytes = await read(secret.toLowerCase());
      if (!bytes || raw) return bytes;
      try {
        return utf8.decode(bytes);
      } catch {
        throw new ProviderFailure('malformed', 'The stored secret is not UTF-8 text; "raw" gives its bytes.');
      } finally {
        bytes.fill(0);
      }
    },
  }) as unknown as SecretsProvider;
}
