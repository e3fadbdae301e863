import { z } from 'zod';

// zod would otherwise compile its schemas; the server runs with code generation switched off.
z.config({ jitless: true });

const names = z.array(z.string().min(1));
const settings = z.record(z.string(), z.unknown());
const network = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'is not an address or a network' })
  .refine((text) => !text.endsWith('/0'), { error: 'would believe everybody' });

/** A number, or its digits from the environment. Not z.coerce, which reads null and the empty text as 0. */
const wholeNumber = (least: number, most: number) =>
  z
    .union([z.int(), z.string().regex(/^\d+$/).transform(Number)], { error: 'is not a whole number' })
    .pipe(z.int().min(least).max(most));

/** A list, or its items from the environment, with commas or spaces between them. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((given) => (typeof given === 'string' ? given.split(/[\s,]+/).filter(Boolean) : given), z.array(item));

/** What the configuration may hold, and what holds when it does not say. */
export const settingsSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: wholeNumber(0, 65_535).default(8700),
  data_dir: z.string().min(1).default('.latchkey'),
  database_url: z.string().min(1).optional(),
  public_url: z.url({ protocol: /^https?$/ }).optional(),
  tls_cert_file: z.string().min(1).optional(),
  tls_key_file: z.string().min(1).optional(),
  tls_key_passphrase: z.string().min(1).optional(),
  trusted_proxies: listOf(network).default([]),
  metrics_host: z.string().min(1).default('127.0.0.1'),
  metrics_port: wholeNumber(0, 65_535).optional(),
  token_key_file: z.string().min(1).optional(),
  superuser_name: z.string().min(1).max(150).default('admin'),
  superuser_password: z.string().min(1).optional(),
  superuser_api_token: z.string().min(20, 'must have 20 or more characters').max(256).optional(),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  fetch_timeout: wholeNumber(1, 2 ** 31 - 1).default(10_000),
  stop_delay: wholeNumber(0, 600_000).default(0),
  audit_keep_days: wholeNumber(1, 36_500).optional(),
  changes_keep_days: wholeNumber(1, 36_500).optional(),
  /** The NetBox whose shapes are shown to clients that ask for no version; the plugin's own setting wins. */
  netbox_version: z.enum(['2.9', '2.11']).optional(),
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

/** The settings as they are after the check. */
export type Settings = z.infer<typeof settingsSchema>;

/** The names that may come from the environment as `LATCHKEY_<NAME>`; `true` for those that also have a `_FILE` form. */
export const environmentNames = {
  host: false,
  port: false,
  data_dir: false,
  database_url: true,
  public_url: false,
  tls_cert_file: false,
  tls_key_file: false,
  tls_key_passphrase: true,
  trusted_proxies: false,
  metrics_host: false,
  metrics_port: false,
  token_key_file: false,
  superuser_name: false,
  superuser_password: true,
  superuser_api_token: true,
  log_level: false,
  fetch_timeout: false,
  stop_delay: false,
  audit_keep_days: false,
  changes_keep_days: false,
  netbox_version: false,
  root: false,
} as const satisfies Partial<Record<keyof Settings, boolean>>;

/** A setting that the environment may give. */
export type EnvironmentSetting = keyof typeof environmentNames;

/** A setting that the configuration file alone may give. */
export type FileSetting = Exclude<keyof Settings, EnvironmentSetting>;
