import { once } from 'node:events';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import type { Agent, IncomingMessage } from 'node:http';
import { ProviderFailure } from '@latchkey/core';

/** One request to a store. */
export interface GetOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** What came back; the body is never shown, since it may quote a token or a value. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const largest = 1_048_576;
const untrusted =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|ERR_SSL_|ERR_OSSL_|INVALID_CA|HOSTNAME_MISMATCH)/;

/** The failure that a broken connection stands for, by its system code alone. */
export function connectionFailure(error: unknown): ProviderFailure {
  const code = String((error as NodeJS.ErrnoException | undefined)?.code);
  if (untrusted.test(code))
    return new ProviderFailure('misconfigured', "The store's certificate is not trusted; see ca_cert.");
  if (code.startsWith('HPE_')) return new ProviderFailure('malformed', 'The store does not answer in HTTP.');
  return new ProviderFailure('unavailable', 'The store cannot be reached.');
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).length;
    if (length > largest) throw new ProviderFailure('malformed', `The store answers more than ${largest} bytes.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const nothing = (): void => {};

async function send({ url, headers, agent, signal }: GetOptions): Promise<IncomingMessage> {
  const request = (url.protocol === 'https:' ? secure : plain)(url, {
    headers: { accept: 'application/json', ...headers },
    agent,
    signal,
  });
  // Once an answer has begun, its own error event tells of a broken connection; the request's would end the process.
  request.on('error', nothing);
  try {
    const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
    return response;
  } catch (error) {
    // The store closed a connection that was kept for the next request, while that was on its way.
    if (request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET' && !signal.aborted)
      return send({ url, headers, agent, signal });
    throw error;
  }
}

/** Sends a GET: follows no redirect, asks no proxy, takes a bounded answer, and ends when the signal aborts. */
export async function get(options: GetOptions): Promise<Answer> {
  try {
    const response = await send(options);
    return { status: response.statusCode ?? 0, body: await bodyOf(response) };
  } catch (error) {
    options.signal.throwIfAborted();
    throw ProviderFailure.is(error) ? error : connectionFailure(error);
  }
}
