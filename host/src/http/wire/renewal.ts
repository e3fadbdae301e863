import type { Server } from 'node:https';
import type { Logger } from '@latchkey/core';
import type { TlsFiles } from '../../config';
import { loadCertificate, readCertificate, type Certificate } from './certificate';

/** Takes a certificate anew while its server runs. */
export interface Renewal {
  /** Takes what the files hold now, whether they changed or not; a failure is logged, and the old one stays. */
  reload(): Promise<void>;
  /** Looks whether the files changed, and takes what they hold once they stand still. */
  look(): Promise<void>;
  stop(): void;
}

/** What a renewal is about. */
export interface RenewalOptions {
  readonly server: Pick<Server, 'setSecureContext'>;
  readonly files: TlsFiles;
  /** What the server has now. */
  readonly loaded: Certificate;
  readonly logger: Logger;
  /** How often the files are looked at, in milliseconds. */
  readonly interval?: number;
}

/**
 * Keeps the certificate of a server as its files have it. They are read again and again rather than watched: that sees
 * links that were swapped, and works on every file system. Connections that are open keep what they were opened with.
 */
export function keepRenewed({ server, files, loaded, logger, interval = 5_000 }: RenewalOptions): Renewal {
  let taken = textOf(loaded.options);
  let before = taken;

  async function take(): Promise<void> {
    try {
      const { options, expires, warning } = await loadCertificate(files);
      taken = textOf(options);
      server.setSecureContext(options);
      logger.info('The certificate was read anew', { expires: expires.toISOString() });
      if (warning !== undefined) logger.warn(warning);
    } catch (error) {
      logger.error('The certificate was not read anew; the one before it stays', { message: (error as Error).message });
    }
  }

  async function look(): Promise<void> {
    const now = await readCertificate(files).then(
      (read) => textOf(read),
      () => 'unreadable',
    );
    // A certificate whose key is yet to be written is no failure: only what two looks agree on is taken.
    const still = now === before;
    before = now;
    if (!still || now === taken) return;
    taken = now;
    await take();
  }

  const timer = setInterval(() => void look(), interval).unref();
  return { reload: take, look, stop: () => clearInterval(timer) };
}

const textOf = ({ cert, key }: Pick<Certificate['options'], 'cert' | 'key'>): string => `${cert}\0${key}`;
