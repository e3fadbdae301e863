import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { safeCause } from '@latchkey/core/kernel';
import type { TlsFiles } from '../../config';
import { hostError } from '../../errors';

/** A certificate with its key, read and found to be usable. */
export interface Certificate {
  readonly options: SecureContextOptions & { readonly cert: string; readonly key: string };
  /** When it ends. */
  readonly expires: Date;
  /** What an operator should know of it. */
  readonly warning: string | undefined;
}

const day = 86_400_000;
const soon = 14 * day;

/** The text of both files, which tells whether they changed. */
export async function readCertificate({ certFile, keyFile }: TlsFiles): Promise<{ cert: string; key: string }> {
  const [cert, key] = await Promise.all([certFile, keyFile].map(textOf));
  return { cert: cert as string, key: key as string };
}

/** The certificate that the files hold; throws `tls` where they cannot be used together. */
export async function loadCertificate(files: TlsFiles, now = Date.now()): Promise<Certificate> {
  const { cert, key } = await readCertificate(files);
  const { certFile, keyFile, passphrase } = files;
  const x509 = certificateIn(cert, certFile);
  if (!x509.checkPrivateKey(keyIn(key, files)))
    throw unusable(`the key in ${keyFile} does not belong to the first certificate in ${certFile}`);
  const options = { cert, key, minVersion: 'TLSv1.2', ...(passphrase !== undefined && { passphrase }) } as const;
  try {
    createSecureContext(options);
  } catch (error) {
    throw unusable(`TLS refuses ${certFile} with ${keyFile} (${safeCause(error).message})`);
  }
  const [begins, expires] = [new Date(x509.validFrom), new Date(x509.validTo)];
  return { options, expires, warning: warningOf({ certFile, begins, expires, now }) };
}

function warningOf(about: { certFile: string; begins: Date; expires: Date; now: number }): string | undefined {
  const { certFile, begins, expires, now } = about;
  if (expires.getTime() <= now) return `the certificate in ${certFile} expired on ${expires.toISOString()}`;
  if (begins.getTime() > now) return `the certificate in ${certFile} is not valid before ${begins.toISOString()}`;
  const left = Math.floor((expires.getTime() - now) / day);
  return expires.getTime() - now > soon ? undefined : `the certificate in ${certFile} expires in ${left} days`;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(`the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

function certificateIn(cert: string, file: string): X509Certificate {
  try {
    return new X509Certificate(cert);
  } catch {
    throw unusable(`the file ${file} holds no certificate in PEM`);
  }
}

function keyIn(key: string, { keyFile, passphrase }: TlsFiles): KeyObject {
  if (!key.includes('PRIVATE KEY-----')) throw unusable(`the file ${keyFile} holds no private key in PEM`);
  const locked = /ENCRYPTED/.test(key);
  if (locked && passphrase === undefined)
    throw unusable(`the key in ${keyFile} needs LATCHKEY_TLS_KEY_PASSPHRASE_FILE`);
  try {
    return createPrivateKey({ key, format: 'pem', ...(locked && { passphrase }) });
  } catch {
    const fault = locked ? 'cannot be opened with that passphrase' : 'cannot be read';
    throw unusable(`the key in ${keyFile} ${fault}`);
  }
}

const unusable = (fault: string) => hostError('tls', { fault });
