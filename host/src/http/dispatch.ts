import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { Forbidden } from '../domain/failures';
import { senderOf } from './authenticate';
import { answerFailure } from './error-handler';
import { allowed, type Answer, type Method, type Route } from './route';
import type { HttpServices } from './services';
import { latestVersion, versionOf } from './versions';
import { readBody } from './wire/read-body';
import { Refusal } from './wire/refusal';
import type { Send } from './wire/send';

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const renders = { renders: ['application/json'], parses: ['application/json'] };
const nobody = Object.freeze({ id: undefined, name: '', isSuperuser: false, mayWrite: false });
const anonymous = { principal: nobody, acting: () => Promise.resolve(nobody) };

/** The client's own id of a request where it is a plain word, otherwise a fresh one. */
export function requestIdOf(request: Request): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Answers the requests of one route: who, which method, may it change, the body, then the handler. */
export function dispatch(route: Route, services: HttpServices, send: Send) {
  const allow = allowed(route);
  const versioned = route.path.startsWith('/api/');

  async function answer(request: Request, query: URLSearchParams, requestId: string): Promise<Answer> {
    refuseOtherAccept(request.headers.accept);
    const { principal, acting } = route.access === 'token' ? await senderOf(services, request, route) : anonymous;
    const method = request.method as Method | 'HEAD' | 'OPTIONS';
    if (method === 'OPTIONS') {
      return { status: 200, headers: { Allow: allow }, body: { ...route.describe?.(principal), ...renders } };
    }
    const handler = route.methods[method === 'HEAD' ? 'GET' : method];
    if (!handler) {
      const detail = `Method "${method}" not allowed.`;
      throw new Refusal('method-not-allowed', detail, { Allow: allow });
    }
    if (route.changes && !principal.mayWrite && !reading.has(method)) throw new Forbidden();
    return handler({
      principal,
      acting,
      parameters: request.params as Record<string, string>,
      query,
      body: withBody.has(method) || (route.deletesByBody && method === 'DELETE') ? await readBody(request) : undefined,
      requestId,
    });
  }

  return async (request: Request, response: Response): Promise<void> => {
    const requestId = requestIdOf(request);
    let result: Answer;
    let version = latestVersion;
    try {
      const query = queryOf(request.url);
      if (versioned) version = versionOf(request.headers.accept, query);
      result = await answer(request, query, requestId);
    } catch (error) {
      result = answerFailure(error, { logger: services.logger, requestId });
    }
    send(
      response,
      versioned ? { ...result, headers: { ...result.headers, 'API-Version': version } } : result,
      requestId,
    );
  };
}

const none = new URLSearchParams();

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return start < 0 ? none : new URLSearchParams(url.slice(start));
}

function refuseOtherAccept(accept: string | undefined): void {
  if (accept === undefined || /\*\/\*|application\/(json|\*)/i.test(accept)) return;
  throw new Refusal('not-acceptable', 'Could not satisfy the request Accept header.');
}
