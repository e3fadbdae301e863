import { createServer as createNodeServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Express } from 'express';

const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  maxHeadersCount: 100,
  maxConnections: 2_000,
};
const refused = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * A server for an app, not yet listening. Its messages are born with the app's prototypes, since Express would
 * otherwise change each one's, which more than halves the requests a second; so a server has one app.
 */
export function createServer(app: Express): Server {
  const Request = heir(IncomingMessage, app.request);
  const Response = heir(ServerResponse, app.response);
  const server = createNodeServer(
    {
      IncomingMessage: Request,
      ServerResponse: Response,
      maxHeaderSize: 16 * 1024,
      insecureHTTPParser: false,
      connectionsCheckingInterval: 5_000,
    },
    app,
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const status = refused[error.code as keyof typeof refused] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n`);
  });
  return Object.assign(server, limits);
}

/** A constructor like the given one whose instances have this prototype from the start. */
function heir<C extends new (...parameters: never[]) => object>(parent: C, prototype: object): C {
  const construct = parent as unknown as (...parameters: unknown[]) => void;
  function Heir(this: object, ...parameters: unknown[]): void {
    construct.apply(this, parameters);
  }
  Heir.prototype = prototype;
  return Heir as unknown as C;
}
