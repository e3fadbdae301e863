import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from '../../../../test/support/certificates';
import { removeTemporaryFolders, temporaryFolder } from '../../../../test/support/temporary-folder';
import { loadCertificate } from './certificate';

afterAll(removeTemporaryFolders);

const plain = makeCertificate('plain');
const other = makeCertificate('other');
const locked = makeCertificate('locked', { passphrase: 'canary-of-the-key' });
const of = (files: typeof plain, passphrase?: string) => loadCertificate({ ...files, passphrase });
const day = 86_400_000;

function fileWith(content: string): string {
  const file = join(temporaryFolder(), 'file.pem');
  writeFileSync(file, content);
  return file;
}

test('a certificate with its key is good for TLS 1.2 and newer', async () => {
  const { options, expires, warning } = await of(plain);
  expect(options).toMatchObject({ minVersion: 'TLSv1.2', cert: expect.stringContaining('BEGIN CERTIFICATE') });
  expect(expires.getTime()).toBeGreaterThan(Date.now() + 29 * day);
  expect(warning).toBeUndefined();
});

test('a key with a passphrase is opened with it', async () => {
  expect((await of(locked, 'canary-of-the-key')).options.passphrase).toBe('canary-of-the-key');
});

test.each([
  [
    'a file that is not there',
    { ...plain, certFile: '/nowhere/cert.pem' },
    undefined,
    /cert\.pem cannot be read \(ENOENT\)/,
  ],
  ['a folder', { ...plain, keyFile: '/' }, undefined, /the file \/ cannot be read \(EISDIR\)/],
  ['what is no certificate', { ...plain, certFile: fileWith('hello') }, undefined, /holds no certificate in PEM/],
  ['what is no key', { ...plain, keyFile: plain.certFile }, undefined, /holds no private key in PEM/],
  [
    'a broken key',
    { ...plain, keyFile: fileWith('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n') },
    undefined,
    /cannot be read\.$/,
  ],
  ['the key of another', { ...plain, keyFile: other.keyFile }, undefined, /does not belong to the first certificate/],
  ['a key whose passphrase is not given', locked, undefined, /needs LATCHKEY_TLS_KEY_PASSPHRASE_FILE/],
  ['a wrong passphrase', locked, 'canary-of-the-wrong', /cannot be opened with that passphrase/],
])('%s is refused in words, without what the files hold', async (_, files, passphrase, message) => {
  const failure = await of(files, passphrase).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'tls', message: expect.stringMatching(message) });
  expect(String((failure as Error).stack)).not.toMatch(/canary|BEGIN/);
});

test.each([
  ['one that ended', 31, /expired on 2/],
  ['one that ends soon', 20, /expires in \d+ days$/],
  ['one that has not begun', -1, /is not valid before 2/],
])('%s is warned of', async (_, days, warning) => {
  expect((await loadCertificate({ ...plain, passphrase: undefined }, Date.now() + days * day)).warning).toMatch(
    warning,
  );
});
