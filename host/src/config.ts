import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { accessTypes, secretTypes, type Choices } from './domain/secrets';
import { hostError } from './errors';

// zod would otherwise compile its schemas; the server runs with code generation switched off.
z.config({ jitless: true });

const names = z.array(z.string().min(1));
const settings = z.record(z.string(), z.unknown());

const fileSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(8700),
  data_dir: z.string().min(1).default('.latchkey'),
  database_url: z.string().min(1).optional(),
  public_url: z.url({ protocol: /^https?$/ }).optional(),
  token_key_file: z.string().min(1).optional(),
  superuser_name: z.string().min(1).max(150).default('admin'),
  superuser_password: z.string().min(1).optional(),
  superuser_api_token: z.string().min(20, 'must have 20 or more characters').max(256).optional(),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  fetch_timeout: z.coerce.number().int().min(1).default(10_000),
  /** Folder of the package.json whose dependencies are searched for plugins. */
  root: z.string().min(1).optional(),
  plugins: z
    .strictObject({
      /** Names of packages that run; the shipped ones by default. */
      enabled: names.optional(),
      /** Folders that hold one plugin each. */
      folders: names.default([]),
      /** Ids whose failure does not stop the start. */
      allow_failure: names.default([]),
      /** Configuration by plugin id. */
      config: z.record(z.string(), settings).default({}),
    })
    .prefault({}),
  /** Settings of stores: provider slug -> store name -> settings. */
  stores: z.record(z.string(), z.record(z.string(), settings)).default({}),
  /** Access types beside Nautobot's. */
  access_types: z.array(z.string().min(1).max(32)).default([]),
  /** Secret types beside Nautobot's: value -> label. */
  secret_types: z.record(z.string().min(1).max(32), z.string().min(1)).default({}),
});

type FileSettings = z.infer<typeof fileSchema>;

/** The names that may come from the environment as `LATCHKEY_<NAME>`; `true` for those that also have a `_FILE` form. */
const environmentNames = {
  host: false,
  port: false,
  data_dir: false,
  database_url: true,
  public_url: false,
  token_key_file: false,
  superuser_name: false,
  superuser_password: true,
  superuser_api_token: true,
  log_level: false,
  fetch_timeout: false,
  root: false,
} as const satisfies Partial<Record<keyof FileSettings, boolean>>;

/** A setting that the environment may give. */
export type EnvironmentSetting = keyof typeof environmentNames;

/** A setting that the configuration file alone may give. */
export type FileSetting = Exclude<keyof FileSettings, EnvironmentSetting>;

/** The packages that run unless the configuration names others. */
export const shippedPlugins = [
  '@latchkey/provider-environment-variable',
  '@latchkey/provider-text-file',
  '@latchkey/provider-hashicorp-vault',
  '@latchkey/provider-aws-secrets-manager',
] as const;

/** The version of this package. */
export const version = (
  JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as { version: string }
).version;

/** Everything a host needs to know, checked once; paths are absolute. */
export interface HostConfig {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly databaseFile: string;
  /** The address that clients know the host by; from the bound address when not set. */
  readonly publicUrl: string | undefined;
  readonly tokenKeyFile: string;
  readonly superuser: {
    readonly name: string;
    readonly password: string | undefined;
    readonly apiToken: string | undefined;
  };
  readonly logLevel: FileSettings['log_level'];
  readonly fetchTimeout: number;
  readonly root: string;
  readonly plugins: {
    readonly enabled: readonly string[];
    readonly folders: readonly string[];
    readonly allowFailure: readonly string[];
    readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  readonly stores: FileSettings['stores'];
  readonly choices: Choices;
  /** Files that hold settings; providers may never read them. */
  readonly settingFiles: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

function readText(file: string, source: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw hostError('config-invalid', { source, fault: `the file ${file} cannot be read (${code ?? 'unknown'})` });
  }
}

/** The settings in the environment, each read from its file where the `_FILE` form is used. */
function fromEnvironment(env: Environment): { given: Record<string, string>; files: string[] } {
  const given: Record<string, string> = {};
  const files: string[] = [];
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('LATCHKEY_') || variable === 'LATCHKEY_CONFIG' || value === undefined) continue;
    const name = variable.slice('LATCHKEY_'.length).toLowerCase();
    const base = name.replace(/_file$/, '') as keyof typeof environmentNames;
    if (Object.hasOwn(environmentNames, name)) given[name] = value;
    else if (base !== name && environmentNames[base]) {
      files.push(path.resolve(value));
      given[base] = readText(value, variable).trim();
    } else throw hostError('config-invalid', { source: variable, fault: 'there is no such setting' });
  }
  return { given, files };
}

function fromFile(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  try {
    return JSON.parse(readText(file, 'LATCHKEY_CONFIG')) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw hostError('config-invalid', { source: file, fault: 'the file is not JSON' });
  }
}

function databaseFile(url: string | undefined, dataDir: string): string {
  if (url === undefined) return path.join(dataDir, 'latchkey.sqlite');
  if (url.startsWith('sqlite:')) return path.resolve(url.replace(/^sqlite:(\/\/)?/, ''));
  throw hostError('config-invalid', {
    source: 'database_url',
    fault: 'only sqlite:///path is supported by this version',
  });
}

/** Store files such as `token_file` hold credentials, so providers may not read them either. */
function storeFiles(stores: FileSettings['stores']): string[] {
  const every = Object.values(stores).flatMap((byName) =>
    Object.values(byName).flatMap((store) => Object.entries(store)),
  );
  return every.flatMap(([name, value]) =>
    name.endsWith('_file') && typeof value === 'string' ? [path.resolve(value)] : [],
  );
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
  const parsed = fileSchema.safeParse({ ...fromFile(file), ...given, ...overrides });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const source = issue?.path.join('.') || (file ?? 'configuration');
    throw hostError('config-invalid', { source, fault: issue?.message ?? 'not valid' });
  }
  const value = parsed.data;
  const dataDir = path.resolve(value.data_dir);
  const tokenKeyFile = path.resolve(value.token_key_file ?? path.join(dataDir, 'token.key'));
  return {
    host: value.host,
    port: value.port,
    dataDir,
    databaseFile: databaseFile(value.database_url, dataDir),
    publicUrl: value.public_url?.replace(/\/$/, ''),
    tokenKeyFile,
    superuser: { name: value.superuser_name, password: value.superuser_password, apiToken: value.superuser_api_token },
    logLevel: value.log_level,
    fetchTimeout: value.fetch_timeout,
    root: path.resolve(value.root ?? path.join(__dirname, '..')),
    plugins: {
      enabled: value.plugins.enabled ?? shippedPlugins,
      folders: value.plugins.folders.map((folder) => path.resolve(folder)),
      allowFailure: value.plugins.allow_failure,
      config: value.plugins.config,
    },
    stores: value.stores,
    choices: {
      accessTypes: Object.fromEntries([...accessTypes, ...value.access_types].map((type) => [type, type])),
      secretTypes: { ...secretTypes, ...value.secret_types },
    },
    settingFiles: [...files, ...storeFiles(value.stores), tokenKeyFile, ...(file ? [path.resolve(file)] : [])],
  };
}
