import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHost, type HostProcess } from '../support/host-process';
import { pythonEnvironment } from '../support/python-env';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { describePython } from './support/python-tests';

jest.setTimeout(120_000);

// The last release that unlocks by itself, and one that leaves it to the caller.
const last = pythonEnvironment(['pynetbox==7.0.0', 'setuptools==80.9.0']);
const newer = pythonEnvironment(['pynetbox==7.5.0']);
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
  await post('/api/dcim/devices/', { name: 'r1' });
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});
const world = () => ({ LATCHKEY_URL: host.url, LATCHKEY_TOKEN: host.token, KEY_FILE: keyFile });

describe('pynetbox 7.0.0', () => {
  describePython('with private_key_file', join(folder, 'unlocking.py'), last, world);
});

describe('a newer pynetbox', () => {
  describePython('with a session key of its own', join(folder, 'with_header.py'), newer, world);
});
