import type { ServerResponse } from 'node:http';
import type { Answer } from '../route';

/**
 * Writes answers with the headers that all have; nothing else in the host writes one. While the host stops, connections
 * are not kept.
 */
export function createSender(fixed: readonly string[], stopping: () => boolean = () => false) {
  return (response: ServerResponse, { status, body, content, headers }: Answer, requestId: string): void => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const text = content?.text ?? (body === undefined ? undefined : JSON.stringify(body));
    const head = [...(content ? without(fixed, content.headers) : fixed), 'X-Request-Id', requestId];
    if (text !== undefined) {
      head.push('Content-Type', content?.type ?? 'application/json', 'Content-Length', String(Buffer.byteLength(text)));
    } else if (status !== 204 && status !== 304) head.push('Content-Length', '0');
    for (const name in content?.headers) head.push(name, content.headers[name] as string);
    for (const name in headers) head.push(name, headers[name] as string);
    if (stopping() && !headers?.['Connection']) head.push('Connection', 'close');
    response.writeHead(status, head);
    response.end(text);
  };
}

/** The headers that all have, but those that content of another type has of its own. */
function without(fixed: readonly string[], own: Readonly<Record<string, string>>): readonly string[] {
  return fixed.filter((_, index) => !Object.hasOwn(own, fixed[index - (index % 2)] as string));
}

/** Writes an {@link Answer}. */
export type Send = ReturnType<typeof createSender>;
