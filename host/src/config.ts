import { readFileSync } from 'node:fs';
import path from 'node:path';
import { databaseFiles, databaseSetting, type DatabaseSetting } from './config/database';
import { settingsSchema, type Settings } from './config/schema';
import { fromEnvironment, fromFile, type Environment } from './config/sources';
import { accessTypes, secretTypes, type Choices } from './domain/secrets';
import { hostError } from './errors';

export { placesOf, type Place } from './config/database';
export type { EnvironmentSetting, FileSetting } from './config/schema';

/** The packages that run unless the configuration names others. */
export const shippedPlugins = [
  '@latchkey/provider-environment-variable',
  '@latchkey/provider-text-file',
  '@latchkey/provider-hashicorp-vault',
  '@latchkey/provider-aws-secrets-manager',
  '@latchkey/plugin-graphql',
  '@latchkey/plugin-netbox-secrets',
  '@latchkey/plugin-webhooks',
] as const;

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/** The version of this package. */
export const version = (
  JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as { version: string }
).version;

/** The files of a certificate. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly passphrase: string | undefined;
}

/** Everything a host needs to know, checked once; paths are absolute. */
export interface HostConfig extends DatabaseSetting {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** The address that clients know the host by; from the bound address when not set. */
  readonly publicUrl: string | undefined;
  /** Where the certificate of the public address lies; plain HTTP without it. */
  readonly tls: TlsFiles | undefined;
  /** The proxies, addresses and networks, that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly string[];
  /** Whether the host is reached from its own machine alone. */
  readonly localOnly: boolean;
  /** Where the listener of the operator is, if there is to be one. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  readonly tokenKeyFile: string;
  readonly superuser: {
    readonly name: string;
    readonly password: string | undefined;
    readonly apiToken: string | undefined;
  };
  readonly logLevel: Settings['log_level'];
  readonly fetchTimeout: number;
  /** Milliseconds between the word that the host is not ready any more and the end of listening. */
  readonly stopDelay: number;
  /** Days that access records, and the change log, are kept; for ever where it is undefined. */
  readonly keepDays: { readonly audit: number | undefined; readonly changes: number | undefined };
  readonly root: string;
  readonly plugins: {
    readonly enabled: readonly string[];
    readonly folders: readonly string[];
    readonly allowFailure: readonly string[];
    readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  readonly stores: Settings['stores'];
  readonly choices: Choices;
  /** Files that hold settings; providers may never read them. */
  readonly settingFiles: readonly string[];
}

function tlsFiles(given: Settings): TlsFiles | undefined {
  const { tls_cert_file: certFile, tls_key_file: keyFile, tls_key_passphrase: passphrase } = given;
  if (certFile !== undefined && keyFile !== undefined)
    return { certFile: path.resolve(certFile), keyFile: path.resolve(keyFile), passphrase };
  if ((certFile ?? keyFile ?? passphrase) === undefined) return undefined;
  const source = certFile === undefined ? 'tls_cert_file' : 'tls_key_file';
  throw hostError('config-invalid', { source, fault: 'a certificate and its key come together' });
}

/** What is written there goes to the kernel or nowhere, and does not outlive it. */
function dataFolder(given: string): string {
  const folder = path.resolve(given);
  if (!/^\/(proc|sys|dev)(\/|$)/.test(folder)) return folder;
  throw hostError('config-invalid', { source: 'data_dir', fault: 'nothing is kept under /proc, /sys or /dev' });
}

/** Store files such as `token_file` hold credentials, so providers may not read them either. */
function storeFiles(stores: Settings['stores']): string[] {
  const every = Object.values(stores).flatMap((byName) =>
    Object.values(byName).flatMap((store) => Object.entries(store)),
  );
  return every.flatMap(([name, value]) =>
    name.endsWith('_file') && typeof value === 'string' ? [path.resolve(value)] : [],
  );
}

/** The configuration of plugins, with what has a setting of its own put where the plugin has said nothing of it. */
function pluginConfig({ plugins: { config }, netbox_version }: Settings): Settings['plugins']['config'] {
  if (netbox_version === undefined) return config;
  return { ...config, 'netbox-secrets': { version: netbox_version, ...config['netbox-secrets'] } };
}

/**
 * Reads the configuration: the file named by `LATCHKEY_CONFIG` (JSON), over it the `LATCHKEY_*` variables, over them
 * `overrides`. Unknown keys are refused; errors name the setting and never its value.
 */
export function readConfig(
  env: Environment = process.env,
  overrides: Readonly<Record<string, unknown>> = {},
): HostConfig {
  const file = env['LATCHKEY_CONFIG'] || undefined;
  const { given, files } = fromEnvironment(env);
  const parsed = settingsSchema.safeParse({ ...fromFile(file), ...given, ...overrides });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const source = issue?.path.join('.') || (file ?? 'configuration');
    throw hostError('config-invalid', { source, fault: issue?.message ?? 'not valid' });
  }
  const value = parsed.data;
  const dataDir = dataFolder(value.data_dir);
  const database = databaseSetting(value.database_url, dataDir);
  const tls = tlsFiles(value);
  const tokenKeyFile = path.resolve(value.token_key_file ?? path.join(dataDir, 'token.key'));
  return {
    host: value.host,
    port: value.port,
    dataDir,
    ...database,
    publicUrl: value.public_url?.replace(/\/$/, ''),
    tls,
    trustedProxies: value.trusted_proxies,
    localOnly: value.trusted_proxies.length === 0 && loopback.test(value.host),
    metrics: value.metrics_port === undefined ? undefined : { host: value.metrics_host, port: value.metrics_port },
    tokenKeyFile,
    superuser: { name: value.superuser_name, password: value.superuser_password, apiToken: value.superuser_api_token },
    logLevel: value.log_level,
    fetchTimeout: value.fetch_timeout,
    stopDelay: value.stop_delay,
    keepDays: { audit: value.audit_keep_days, changes: value.changes_keep_days },
    root: path.resolve(value.root ?? path.join(__dirname, '..')),
    plugins: {
      enabled: value.plugins.enabled ?? shippedPlugins,
      folders: value.plugins.folders.map((folder) => path.resolve(folder)),
      allowFailure: value.plugins.allow_failure,
      config: pluginConfig(value),
    },
    stores: value.stores,
    choices: {
      accessTypes: Object.fromEntries([...accessTypes, ...value.access_types].map((type) => [type, type])),
      secretTypes: { ...secretTypes, ...value.secret_types },
    },
    settingFiles: [
      ...files,
      ...databaseFiles(database),
      ...storeFiles(value.stores),
      tokenKeyFile,
      ...(tls ? [tls.certFile, tls.keyFile] : []),
      ...(file ? [path.resolve(file)] : []),
    ],
  };
}
