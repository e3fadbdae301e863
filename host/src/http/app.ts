import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { checkRoutes } from './check-routes';
import { routeFor } from './dialects';
import { dispatch, requestIdOf } from './dispatch';
import { answerFailure } from './error-handler';
import { healthRoutes } from './health-routes';
import { createInFlight } from './in-flight';
import { noteRoutes } from './rest/note-routes';
import { collectionRoutes } from './rest/router';
import { rootRoutes } from './root-routes';
import { permissionTestRoutes } from './permission-test/routes';
import { openapiRoutes } from './openapi/openapi-routes';
import { matches, type Answer, type Route } from './route';
import type { HttpServices } from './services';
import { addressOf } from './wire/client-address';
import { fixedHeaders } from './wire/fixed-headers';
import { Refusal } from './wire/refusal';
import { createSender } from './wire/send';

/** Every address of an app, in the order in which they are tried; checks first, since they are asked for most. */
export function routesOf(services: HttpServices): readonly Route[] {
  const routes = [
    ...checkRoutes(services),
    ...healthRoutes(services),
    ...permissionTestRoutes(services),
    ...services.collections.flatMap((collection) => [
      ...collectionRoutes(services, collection),
      ...noteRoutes(services, collection),
    ]),
    ...rootRoutes(services),
    ...(services.extensionRoutes ?? []),
    ...(services.localRoutes ?? []),
  ];
  return [...routes, ...openapiRoutes(services, routes)];
}

/** Makes the app: the routes, and what is answered where there is none. Its handlers are counted while they run. */
export function createApp(services: HttpServices, inFlight = createInFlight()): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.enable('strict routing').enable('case sensitive routing');
  app.set('query parser', false);

  const send = createSender(fixedHeaders(services.publicUrl), services.stopping);
  const routes = routesOf(services);
  for (const path of new Set(routes.map((route) => route.path))) {
    const sharing = routes.filter((route) => route.path === path);
    const answers = new Map(sharing.map((route) => [route, dispatch(route, services, send)]));
    app.route(path).all((request, response) => {
      const answer = answers.get(routeFor(sharing, services.dialects ?? new Map(), request));
      return answer && inFlight.track(answer(request, response));
    });
  }

  const astray: RequestHandler = (request, response) => {
    const { path, url } = request;
    if (path.endsWith('/') || !routes.some((route) => matches(route, `${path}/`)))
      throw new Refusal('not-found', 'Not found.');
    const location = `${path}/${url.slice(path.length)}`;
    finish(request, response, requestIdOf(request), { status: 301, headers: { Location: location } });
  };
  const failed: ErrorRequestHandler = (error, request, response, _next) => {
    const requestId = requestIdOf(request);
    finish(request, response, requestId, answerFailure(error, { logger: services.logger, requestId }));
  };
  const finish = (request: Request, response: Response, requestId: string, answer: Answer): void => {
    send(response, answer, requestId);
    const about = { requestId, method: request.method, route: undefined, user: undefined, milliseconds: 0 };
    services.answered?.({ ...about, status: answer.status, address: addressOf(services, request) });
  };
  return app.use(astray, failed);
}
