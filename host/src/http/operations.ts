import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { safeCause } from '@latchkey/core/kernel';
import type { Logger } from '@latchkey/core';
import { readinessAnswer } from './health-routes';
import type { Readiness } from './readiness';
import type { Answer } from './route';
import { fixedHeaders } from './wire/fixed-headers';
import { createSender } from './wire/send';

/** The figures of a host, as text for Prometheus. */
export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

/** What the operator's listener tells. */
export interface OperationsParts {
  readonly metrics: Exposition;
  readonly ready: () => Promise<Readiness>;
  readonly logger: Logger;
}

const limits = { headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 70_000, maxConnections: 100 };

/**
 * The server of the operator, not yet listening: figures, and what it is that does not work. It asks for no token, so
 * that no scraper needs one and a host without its database can still be looked at; hence a port of its own, on loopback
 * unless the operator says otherwise.
 */
export function createOperations({ metrics, ready, logger }: OperationsParts): Server {
  const pages: Readonly<Record<string, () => Promise<Answer>>> = {
    '/metrics': async () => {
      const content = { type: metrics.contentType, text: await metrics.text(), headers: {} };
      return { status: 200, content };
    },
    '/healthz': () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
    '/readyz': async () => readinessAnswer(await ready(), true),
  };
  const answer = async ({ method, url = '' }: IncomingMessage): Promise<Answer> => {
    const path = url.replace(/\?.*$/s, '');
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (!page) return { status: 404, body: { detail: 'Not found.' } };
    if (method === 'GET' || method === 'HEAD') return page();
    return { status: 405, headers: { Allow: 'GET, HEAD' }, body: { detail: 'Method not allowed.' } };
  };
  const send = createSender(fixedHeaders('http:'));
  const server = createServer({ maxHeaderSize: 16 * 1024, connectionsCheckingInterval: 5_000 }, (request, response) => {
    const requestId = randomUUID();
    const failed = (error: unknown): Answer => {
      logger.error('The figures could not be told', { cause: safeCause(error).message });
      return { status: 500, body: { detail: 'A server error occurred.', request_id: requestId } };
    };
    void answer(request)
      .catch(failed)
      .then((told) => send(response, told, requestId));
  });
  return Object.assign(server, limits);
}
