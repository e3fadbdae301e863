import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A backend that answers as Vault does, once it is told to. */
export interface HeldBackend {
  readonly url: string;
  /** The requests so far. */
  count(): number;
  /** Resolves when so many requests have come. */
  asked(count?: number): Promise<void>;
  /** Answers those that wait, and all that come later. */
  release(): void;
  stop(): Promise<void>;
}

/** Starts a backend whose value is `value`, and whose answers wait for {@link HeldBackend.release}. */
export async function startHeldBackend(value: string): Promise<HeldBackend> {
  const waiting: ServerResponse[] = [];
  const state = { count: 0, open: false };
  const answer = (response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ data: { data: { password: value } } }));
  };
  const server = createServer((_, response) => {
    state.count += 1;
    if (state.open) answer(response);
    else waiting.push(response);
    server.emit('counted');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => state.count,
    async asked(count = 1) {
      while (state.count < count) await once(server, 'counted');
    },
    release() {
      state.open = true;
      waiting.splice(0).forEach(answer);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
