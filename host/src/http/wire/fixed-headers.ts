import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * The headers of every answer, made by helmet once: setting them one by one costs as much as the rest of a request.
 * Nothing may be kept, shown in a frame, or taken for another type.
 */
export function fixedHeaders(publicUrl: string): readonly string[] {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
  const response = {
    setHeader: (name: string, value: string) => void (headers[name] = value),
    removeHeader: (name: string) => void delete headers[name],
  };
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    strictTransportSecurity: publicUrl.startsWith('https:') && { includeSubDomains: false },
  });
  let failure: unknown;
  protect({} as IncomingMessage, response as unknown as ServerResponse, (error) => (failure = error));
  if (failure !== undefined) throw new Error('helmet refused its settings.');
  return Object.entries(headers).flat();
}
