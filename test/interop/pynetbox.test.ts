import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHost, type HostProcess } from '../support/host-process';
import { pythonEnvironment } from '../support/python-env';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { describePython } from './support/python-tests';

jest.setTimeout(120_000);

// The last release that unlocks by itself, and two that leave it to the caller: one of 2025, and the newest there was.
const last = pythonEnvironment(['pynetbox==7.0.0', 'setuptools==80.9.0']);
const later = ['7.5.0', '7.8.0'].map((release) => [release, pythonEnvironment([`pynetbox==${release}`])] as const);
const folder = join(__dirname, 'pynetbox');

let host: HostProcess;
let keyFile: string;
beforeAll(async () => {
  host = await startHost();
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  keyFile = join(temporaryFolder(), 'key.pem');
  writeFileSync(keyFile, privateKey);
  const post = async (path: string, body: unknown): Promise<void> => {
    const headers = { authorization: `Token ${host.token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${host.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  };
  await post('/api/plugins/secrets/user-keys/', { public_key: publicKey });
  await post('/api/secrets/secret-roles/', { name: 'Login', slug: 'login' });
  for (const name of ['r1', ...later.map(([release]) => `r${release}`)]) await post('/api/dcim/devices/', { name });
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});
const world = (device: string) => () => ({
  LATCHKEY_URL: host.url,
  LATCHKEY_TOKEN: host.token,
  KEY_FILE: keyFile,
  DEVICE: device,
});

describe('pynetbox 7.0.0', () => {
  describePython('with private_key_file', join(folder, 'unlocking.py'), last, world('r1'));
});

describe.each(later)('pynetbox %s', (release, environment) => {
  const file = join(folder, 'with_header.py');
  describePython('with a session key that the caller got', file, environment, world(`r${release}`));
});
