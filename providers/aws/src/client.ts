import type { GetSecretValueCommandOutput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ProviderFailure, type ParameterValues } from '@latchkey/core';
import { boundAnswers } from './bound-answers';
import type { storeSettings } from './store-settings';

/** The connections to one store, a client for each region. */
export interface SecretsManager {
  get(region: string, name: string, signal: AbortSignal): Promise<GetSecretValueCommandOutput>;
  close(): void;
}

type Settings = ParameterValues<typeof storeSettings>;

// AWS has some forty regions; a template can name any number.
const mostClients = 64;

const misconfigured = (message: string) => new ProviderFailure('misconfigured', message);

function credentialsOf({ access_key_id: id, secret_access_key: secret, session_token: session }: Settings) {
  if (!id && !secret && !session) return {};
  if (!id || !secret) throw misconfigured('The store needs both access_key_id and secret_access_key, or none of them.');
  return { credentials: { accessKeyId: id, secretAccessKey: secret, ...(session && { sessionToken: session }) } };
}

function endpointOf({ endpoint }: Settings) {
  if (!endpoint) return {};
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw misconfigured('The endpoint of the store is not an http or https address.');
  return { endpoint };
}

/** Opens a store: checks its settings; the SDK is loaded with the first read. */
export function openSecretsManager(settings: Settings): SecretsManager {
  const options = { ...credentialsOf(settings), ...endpointOf(settings) };
  const clients = new Map<string, SecretsManagerClient>();
  return {
    async get(region, name, signal) {
      // The region becomes a part of the host's name.
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(region) || region.length > 63)
        throw misconfigured('The region is not the name of an AWS region.');
      const { GetSecretValueCommand, SecretsManagerClient: Client } = await import('@aws-sdk/client-secrets-manager');
      signal.throwIfAborted();
      const client = clients.get(region) ?? boundAnswers(new Client({ ...options, region }));
      clients.delete(region);
      clients.set(region, client);
      const [[oldest, unused] = []] = clients;
      if (clients.size > mostClients && oldest !== undefined) {
        clients.delete(oldest);
        unused?.destroy();
      }
      return client.send(new GetSecretValueCommand({ SecretId: name }), { abortSignal: signal });
    },
    close() {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}
