import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder';

/** Files of a certificate for 127.0.0.1 that signed itself, and its key. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes a certificate with openssl; with a passphrase, its key is encrypted. */
export function makeCertificate(name: string, { passphrase }: { readonly passphrase?: string } = {}): TestCertificate {
  const folder = temporaryFolder();
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const locked = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', keyFile];
  const made = ['req', '-x509', ...key, ...locked, ...subject, '-days', '30', '-out', certFile];
  execFileSync('openssl', made, { stdio: 'pipe' });
  return { certFile, keyFile };
}
