import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Request, Response } from 'express';
import { Forbidden } from '../domain/failures';
import { senderOf } from './authenticate';
import { answerFailure } from './error-handler';
import { nautobot } from './dialects';
import { formatOf, type Format } from './negotiate';
import { allowed, type Answer, type Method, type Route } from './route';
import type { HttpServices } from './services';
import { versionOf } from './versions';
import { indented } from './wire/indent';
import { readBody } from './wire/read-body';
import { addressOf } from './wire/client-address';
import { Refusal } from './wire/refusal';
import type { Send } from './wire/send';

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const jsonOnly: readonly Format[] = ['json'];
const contentTypes: Readonly<Record<Format, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  openapi: 'application/vnd.oai.openapi+json',
  form: 'application/x-www-form-urlencoded',
};
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
  const dialect = services.dialects?.get(route.dialect ?? nautobot.name) ?? nautobot;
  const { formats = jsonOnly, parses = jsonOnly } = route;
  const renders = {
    renders: formats.map((format) => contentTypes[format]),
    parses: parses.map((format) => contentTypes[format]),
  };
  const versioned = route.path.startsWith('/api/');

  async function answer(request: Request, query: URLSearchParams, about: About): Promise<Answer> {
    const method = request.method as Method | 'HEAD' | 'OPTIONS';
    const offered = method === 'GET' || method === 'HEAD' ? formats : jsonOnly;
    const format = formatOf(request.headers.accept, versioned ? query : none, offered);
    const { principal, acting } = route.access === 'token' ? await senderOf(services, request, route) : anonymous;
    about.user = principal.id;
    if (method === 'OPTIONS' && !route.options) {
      return { status: 200, headers: { Allow: allow }, body: { ...route.describe?.(principal), ...renders } };
    }
    const handler = method === 'OPTIONS' ? route.options : route.methods[method === 'HEAD' ? 'GET' : method];
    if (!handler) {
      const detail = `Method "${method}" not allowed.`;
      throw new Refusal('method-not-allowed', detail, { Allow: allow });
    }
    if (route.changes && !principal.mayWrite && !reading.has(method)) throw new Forbidden();
    return handler({
      principal,
      acting,
      address: about.address,
      parameters: request.params as Record<string, string>,
      query,
      format,
      body:
        withBody.has(method) || (route.deletesByBody && method === 'DELETE')
          ? await readBody(request, method === 'POST' ? parses : parses.filter((one) => one !== 'csv'))
          : undefined,
      requestId: about.requestId,
      publicUrl: services.publicUrl,
      header: (name) => headerOf(request, name),
      conditions: { ifMatch: request.headers['if-match'], ifNoneMatch: request.headers['if-none-match'] },
    });
  }

  return async (request: Request, response: Response): Promise<void> => {
    const began = performance.now();
    const requestId = requestIdOf(request);
    const about: About = { requestId, address: addressOf(services, request), user: undefined };
    let result: Answer;
    let version = dialect.latest;
    try {
      const query = queryOf(request.url);
      if (versioned) version = versionOf(request.headers.accept, query, dialect);
      result = await answer(request, query, about);
    } catch (error) {
      result = answerFailure(error, { logger: services.logger, requestId });
    }
    result = indented(result, request.headers.accept);
    send(
      response,
      versioned ? { ...result, headers: { ...result.headers, 'API-Version': version } } : result,
      requestId,
    );
    const milliseconds = performance.now() - began;
    const { method } = request;
    services.answered?.({ ...about, method, route: route.path, status: result.status, milliseconds });
  };
}

/** What is known of a request beside what it asks. */
type About = { readonly requestId: string; readonly address: string; user: string | undefined };

function headerOf({ headers }: Request, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

const none = new URLSearchParams();

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return start < 0 ? none : new URLSearchParams(url.slice(start));
}
