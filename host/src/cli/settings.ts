import type { EnvironmentSetting, FileSetting } from '../config';

type Row = readonly [otherwise: string, meaning: string];

/** What holds when a setting is not given, and what it says. A setting that is forgotten here does not compile. */
const settings = {
  host: ['127.0.0.1', 'address to listen on'],
  port: ['8700', 'port to listen on'],
  data_dir: ['.latchkey', 'folder of the database, the records and the keys'],
  database_url: ['sqlite in data_dir', 'sqlite:///path, or postgres://user@host/database'],
  public_url: ['the address', 'how clients reach the host; in the links of answers'],
  tls_cert_file: ['plain HTTP', 'certificate of the address, with its chain, as PEM'],
  tls_key_file: ['plain HTTP', 'key of the certificate, as PEM'],
  tls_key_passphrase: ['none', 'passphrase of that key'],
  trusted_proxies: ['none', 'addresses and networks of the proxies whose X-Forwarded-For is believed'],
  metrics_host: ['127.0.0.1', 'address of the listener for metrics'],
  metrics_port: ['none', 'port of the listener for metrics; there is none without'],
  token_key_file: ['in data_dir', 'the key that tokens are kept with'],
  superuser_name: ['admin', 'the superuser; the command acts as it'],
  superuser_password: ['none', 'its password; first start only'],
  superuser_api_token: ['a new one', 'its token, 20 or more characters; first start only'],
  log_level: ['info', 'debug, info, warn, error or silent'],
  fetch_timeout: ['10000', 'milliseconds that a provider may take'],
  stop_delay: ['0', 'milliseconds that a stop goes on serving after /readyz says no'],
  audit_keep_days: ['for ever', 'days that access records are kept'],
  changes_keep_days: ['for ever', 'days that the change log is kept'],
  netbox_version: ['2.9', '2.9 or 2.11: the NetBox that clients see who ask for no version'],
  root: ['this package', 'folder of the package.json whose dependencies are searched for plugins'],
} as const satisfies Record<EnvironmentSetting, Row>;

const inFile = {
  plugins: ['the shipped ones', 'enabled, folders, allow_failure, config (by plugin id)'],
  stores: ['{}', 'provider slug -> store name -> settings'],
  access_types: ['[]', 'access types beside the known ones'],
  secret_types: ['{}', 'secret types beside the known ones: value -> label'],
} as const satisfies Record<FileSetting, Row>;

/** The list of settings, as `latchkey serve --help` has it. */
export function settingsText(): string {
  const variables = Object.entries(settings).map(([name, row]) => [`LATCHKEY_${name.toUpperCase()}`, ...row] as const);
  const others = Object.entries(inFile).map(([name, row]) => [name, ...row] as const);
  const width = (at: 0 | 1) => Math.max(...[...variables, ...others].map((row) => row[at].length));
  const line = ([name, otherwise, meaning]: readonly [string, ...Row]) =>
    `  ${name.padEnd(width(0))}  ${otherwise.padEnd(width(1))}  ${meaning}`;
  return [
    'Settings, with what holds when they are not set:',
    ...variables.map(line),
    '',
    'A JSON file named by --config or LATCHKEY_CONFIG may say the same (port, data_dir, ...), and more:',
    ...others.map(line),
    '',
    'DATABASE_URL, TLS_KEY_PASSPHRASE, SUPERUSER_PASSWORD and SUPERUSER_API_TOKEN may end in _FILE and name a file that',
    'holds them.',
  ].join('\n');
}
