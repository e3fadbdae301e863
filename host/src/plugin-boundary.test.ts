import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config';
import { boundaryOf } from './plugin-boundary';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-boundary-')));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the data folder, the database, the key, the settings and the credentials in files are protected', () => {
  writeFileSync(join(folder, 'password-1'), 'x');
  symlinkSync('password-1', join(folder, 'password'));
  const config = readConfig(
    { LATCHKEY_SUPERUSER_PASSWORD_FILE: join(folder, 'password') },
    {
      data_dir: join(folder, 'data'),
      database_url: `sqlite://${join(folder, 'elsewhere.sqlite')}`,
      stores: { 'hashicorp-vault': { default: { token_file: join(folder, 'vault-token') } } },
    },
  );
  const { environment, paths } = boundaryOf(config, { AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'identity') });
  const expected = [
    'data',
    'data/token.key',
    'elsewhere.sqlite',
    'elsewhere.sqlite-wal',
    'identity',
    'password',
    'password-1',
    'vault-token',
  ];
  expect(paths).toEqual(expect.arrayContaining(expected.map((name) => join(folder, name))));
  expect(environment).toEqual(expect.arrayContaining(['LATCHKEY_*', 'AWS_SECRET_ACCESS_KEY']));
});
