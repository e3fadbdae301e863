import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { urlFault, type Target } from '../hooks/target';
import type { Settings } from '../settings';
import { guardedLookup, RefusedAddress, type Resolve } from './guarded-lookup';
import type { Failure, Outcome } from './outcome';

/** One request that is to be sent. */
export interface Outgoing extends Target {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request, once: no redirect is followed, and nothing is kept of the answer but its status. */
export type Send = (outgoing: Outgoing, stop: AbortSignal) => Promise<Outcome>;

/** What a sender is made of. */
export interface SenderOptions {
  readonly settings: Pick<Settings, 'addresses' | 'allowInsecure' | 'timeout'>;
  readonly resolve?: Resolve;
}

// What an answer may go on saying before the connection is closed.
const mostOfAnswer = 65_536;

/** Makes what sends. What is checked when a webhook is saved is checked again, since the settings may be others by now. */
export function createSender({ settings, resolve }: SenderOptions): Send {
  const { addresses, timeout, allowInsecure } = settings;
  const lookup = guardedLookup(addresses, resolve);
  return ({ payload_url: text, ssl_verification: verify, headers, body }, stop) => {
    if (urlFault(text, settings) || (!verify && !allowInsecure)) return Promise.resolve(failed('url'));
    return new Promise((done) => {
      const url = new URL(text);
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
        method: 'POST',
        // A connection of its own, without proxies of the environment.
        agent: false,
        lookup,
        rejectUnauthorized: verify,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      });
      let isLate = false;
      const end = (): void => void request.destroy(new Error('The host stops.'));
      const timer = setTimeout(() => {
        isLate = true;
        request.destroy(new Error('The time is up.'));
      }, timeout);
      stop.addEventListener('abort', end);
      request.on('close', () => {
        clearTimeout(timer);
        stop.removeEventListener('abort', end);
        // Where neither an answer nor an error was told before.
        done(failed('connection'));
      });
      // Nothing is written before the far end is known to be one that was checked.
      request.on('socket', (socket) =>
        socket.once('connect', () => {
          if (addresses.allows(socket.remoteAddress ?? '')) request.end(body);
          else request.destroy(new RefusedAddress());
        }),
      );
      request.on('response', (response) => {
        const { statusCode: status = 0 } = response;
        let rest = mostOfAnswer;
        response.on('data', (chunk: Buffer) => (rest -= chunk.length) < 0 && request.destroy());
        response.on('error', () => request.destroy());
        done(status >= 200 && status < 300 ? { kind: 'arrived', status } : failed('status', status));
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (stop.aborted) done({ kind: 'stopped' });
        else done(failed(isLate ? 'timeout' : failureOf(error)));
      });
    });
  };
}

function failed(failure: Failure, status?: number): Outcome {
  return { kind: 'failed', failure, ...(status !== undefined && { status }) };
}

function failureOf(error: NodeJS.ErrnoException): Failure {
  if (error instanceof RefusedAddress) return 'address';
  return /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS/.test(error.code ?? '') ? 'certificate' : 'connection';
}
