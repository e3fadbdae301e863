import { readFile } from 'node:fs/promises';
import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { ProviderFailure, type ParameterValues } from '@latchkey/core';
import { get, type Answer } from './request';
import type { storeSettings } from './store-settings';

/** The connection to one store. */
export interface VaultClient {
  readonly defaultMountPoint: string;
  readonly kvVersion: 'v1' | 'v2';
  /** Gets `/v1/` and the segments, each encoded. */
  get(segments: readonly string[], signal: AbortSignal): Promise<Answer>;
  close(): void;
}

const misconfigured = (message: string) => new ProviderFailure('misconfigured', message);

function addressOf(setting: string): URL {
  const url = URL.canParse(setting) ? new URL(setting) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw misconfigured('The url of the store is not an http or https address.');
  if (url.username || url.password || url.search || url.hash)
    throw misconfigured('The url of the store has a user, a query or a fragment; it takes an address alone.');
  return url;
}

async function certificate(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw misconfigured('The ca_cert of the store cannot be read.');
  }
}

// A URL would quietly resolve dot segments, and so lead out of the mount.
const segmentsOf = (path: string): string[] => {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.includes('.') || segments.includes('..')) throw misconfigured('A path has dot segments.');
  return segments;
};

/** Opens a store: checks its settings and keeps its connections; sends nothing. */
export async function openVault(settings: ParameterValues<typeof storeSettings>): Promise<VaultClient> {
  const { url, token, namespace, ca_cert: caFile, default_mount_point: defaultMountPoint, kv_version } = settings;
  const address = addressOf(url);
  if (!/^[\x21-\x7e]+$/.test(token)) throw misconfigured('The token of the store is empty or has spaces or controls.');
  if (namespace !== undefined && !/^[\x21-\x7e]*$/.test(namespace))
    throw misconfigured('The namespace of the store has spaces or controls.');
  const isSecure = address.protocol === 'https:';
  const agent = isSecure
    ? new SecureAgent({ keepAlive: true, ...(caFile && { ca: await certificate(caFile) }) })
    : new PlainAgent({ keepAlive: true });
  const headers = {
    'x-vault-request': 'true',
    'x-vault-token': token,
    ...(namespace && { 'x-vault-namespace': namespace }),
  };
  return {
    defaultMountPoint,
    kvVersion: kv_version,
    get: (segments, signal) => {
      const target = new URL(address);
      const encoded = segments.flatMap(segmentsOf).map(encodeURIComponent);
      target.pathname = [...segmentsOf(address.pathname), 'v1', ...encoded].join('/');
      return get({ url: target, headers, agent, signal });
    },
    close: () => agent.destroy(),
  };
}
