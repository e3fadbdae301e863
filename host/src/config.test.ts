import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placesOf, readConfig } from './config';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string): string {
  const file = join(folder, 'latchkey.json');
  writeFileSync(file, content);
  return file;
}

test('an empty variable counts as unset', () => {
  const file = fileWith('{ "port": 8123, "host": "::1" }');
  const empty = { LATCHKEY_PORT: '', LATCHKEY_HOST: ' ', LATCHKEY_SUPERUSER_PASSWORD_FILE: '', LATCHKEY_DATA_DIR: '' };
  const { port, host, superuser, dataDir } = readConfig({ LATCHKEY_CONFIG: file, ...empty });
  expect({ port, host, password: superuser.password }).toEqual({ port: 8123, host: '::1', password: undefined });
  expect(dataDir).toBe(readConfig({}).dataDir);
});

test('an empty variable of no setting is refused all the same', () => {
  expect(() => readConfig({ LATCHKEY_PROT: '' })).toThrow('LATCHKEY_PROT: there is no such setting');
});

test.each(['null', '[]', '"text"', '1'])('a file that holds %s is no configuration', (content) => {
  const file = fileWith(content);
  expect(() => readConfig({ LATCHKEY_CONFIG: file })).toThrow(`${file}: the file is not a JSON object`);
});

test.each([null, '', true, [], 1.5, -1, 65_536, '0x10'])('port %j is refused', (port) => {
  expect(() => readConfig({}, { port })).toThrow('port: ');
});

test.each([
  ['8800', 8800],
  ['0', 0],
  [8801, 8801],
])('port %j is %j', (port, read) => expect(readConfig({}, { port }).port).toBe(read));

test.each(['/proc/self', '/sys', '/dev/shm/latchkey', '/var/../proc'])('data is not kept in %s', (folderOfKernel) => {
  expect(() => readConfig({ LATCHKEY_DATA_DIR: folderOfKernel })).toThrow('data_dir: nothing is kept under /proc');
});

test('a folder that is only called so may hold data', () => {
  expect(readConfig({ LATCHKEY_DATA_DIR: '/srv/dev/proc' }).dataDir).toBe('/srv/dev/proc');
  expect(readConfig({ LATCHKEY_DATA_DIR: '/devices' }).dataDir).toBe('/devices');
});

test('proxies are a list, or a text with commas and spaces', () => {
  const proxies = ['10.0.0.5', '2001:db8::/32'];
  expect(readConfig({ LATCHKEY_TRUSTED_PROXIES: '10.0.0.5, 2001:db8::/32' }).trustedProxies).toEqual(proxies);
  expect(readConfig({}, { trusted_proxies: proxies }).trustedProxies).toEqual(proxies);
  expect(readConfig({}).trustedProxies).toEqual([]);
});

test.each([
  ['proxy.example.net', 'is not an address or a network'],
  ['10.0.0.0/33', 'is not an address or a network'],
  ['loopback', 'is not an address or a network'],
  ['0.0.0.0/0', 'would believe everybody'],
  ['10.0.0.1,::/0', 'would believe everybody'],
])('the proxy %s is refused: it %s', (trusted, fault) => {
  expect(() => readConfig({ LATCHKEY_TRUSTED_PROXIES: trusted })).toThrow(
    new RegExp(`^trusted_proxies\\.\\d: ${fault}$`),
  );
});

test.each([
  [{ LATCHKEY_TLS_CERT_FILE: 'cert.pem' }, 'tls_key_file'],
  [{ LATCHKEY_TLS_KEY_FILE: 'key.pem' }, 'tls_cert_file'],
  [{ LATCHKEY_TLS_KEY_PASSPHRASE: 'canary' }, 'tls_cert_file'],
])('half of a certificate is refused: %j', (env, missing) => {
  expect(() => readConfig(env)).toThrow(`${missing}: a certificate and its key come together`);
});

test('no provider reads the certificate and its key', () => {
  const env = { LATCHKEY_TLS_CERT_FILE: '/etc/tls/cert.pem', LATCHKEY_TLS_KEY_FILE: '/etc/tls/key.pem' };
  expect(readConfig(env).settingFiles).toEqual(expect.arrayContaining(['/etc/tls/cert.pem', '/etc/tls/key.pem']));
});

test('an address of PostgreSQL is taken as it is, and what it names is kept from providers', () => {
  const url = 'postgres://latchkey:canary@db.example:5433/latchkey?sslmode=verify-full&sslrootcert=/etc/db-ca.pem';
  const config = readConfig({ LATCHKEY_DATABASE_URL: url });
  expect(config.databaseUrl).toBe(url);
  expect(placesOf(config)).toEqual({ definitions: { url }, records: { url } });
  expect(config.settingFiles).toContain('/etc/db-ca.pem');
  expect(readConfig({}).databaseUrl).toBeUndefined();
});

test.each(['mysql://u:canary@db/x', 'postgres://u:canary@db', 'postgres://u:canary@db:port/x', 'postgres:canary'])(
  '%s is no address of a database, and is not told on',
  (url) => {
    expect(() => readConfig({ LATCHKEY_DATABASE_URL: url })).toThrow(/^database_url: (?!.*canary)/);
  },
);

test.each([
  ['a variable', { LATCHKEY_NETBOX_VERSION: '2.11' }, {}, { version: '2.11' }],
  ['nothing', {}, {}, undefined],
  [
    'a variable, beside other configuration of the plugin',
    { LATCHKEY_NETBOX_VERSION: '2.11' },
    { 'netbox-secrets': { legacy_unlock: 'on' } },
    { version: '2.11', legacy_unlock: 'on' },
  ],
  [
    'a variable, where the plugin has a version',
    { LATCHKEY_NETBOX_VERSION: '2.11' },
    { 'netbox-secrets': { version: '2.9' } },
    { version: '2.9' },
  ],
])('the version of NetBox comes from %s', (_, env, config, read) => {
  expect(readConfig(env, { plugins: { config } }).plugins.config['netbox-secrets']).toEqual(read);
});

test.each(['2.10', '3.0', '2'])('the version of NetBox is not %s', (netbox_version) => {
  expect(() => readConfig({ LATCHKEY_NETBOX_VERSION: netbox_version })).toThrow(/^netbox_version: /);
});
