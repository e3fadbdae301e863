import { createServer as createNodeServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
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
 * A server for an app, not yet listening; with a certificate, one that speaks TLS alone. Its messages are born with the
 * app's prototypes, since Express would otherwise change each one's, which more than halves the requests a second; so a
 * server has one app.
 */
export function createServer(app: Express): Server;
export function createServer(app: Express, certificate: SecureContextOptions): TlsServer;
export function createServer(app: Express, certificate?: SecureContextOptions): Server | TlsServer {
  const options = {
    IncomingMessage: heir(IncomingMessage, app.request),
    ServerResponse: heir(ServerResponse, app.response),
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
    connectionsCheckingInterval: 5_000,
  };
  const server = certificate
    ? createTlsServer({ ...options, ...certificate, handshakeTimeout: limits.headersTimeout }, app)
    : createNodeServer(options, app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Nobody reads an answer where no handshake came about.
    if (!socket.writable || /^(ECONNRESET$|ERR_SSL_|ERR_TLS_)/.test(error.code ?? '')) return void socket.destroy();
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
