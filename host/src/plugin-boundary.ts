import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { HostBoundary } from '@latchkey/core';
import type { HostConfig } from './config';

// What the AWS SDK, and the driver of PostgreSQL, take for the credentials of the process itself.
const sdkCredentials = [
  'PGPASSWORD',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;

/**
 * What no provider may hand out, whatever the operator allows: the host's settings, data, keys and credentials. Paths are
 * given as they are configured, for a provider to follow at each read, and as they lead now.
 */
export function boundaryOf(
  { dataDir, databaseFile, settingFiles }: HostConfig,
  env: Readonly<Record<string, string | undefined>> = process.env,
): HostBoundary {
  const journals = ['', '-wal', '-shm', '-journal'].map((suffix) => databaseFile + suffix);
  const tokens = sdkCredentials.flatMap((name) => (name.endsWith('_FILE') ? (env[name] ?? []) : []));
  const paths = [dataDir, ...journals, ...settingFiles, ...tokens].map((file) => path.resolve(file));
  return { environment: ['LATCHKEY_*', ...sdkCredentials], paths: [...new Set([...paths, ...paths.map(resolved)])] };
}

/** The path with its links followed; of what is not there yet, those of the folder it will be in. */
function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(resolved(folder), path.basename(file));
  }
}
