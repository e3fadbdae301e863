import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectionsOf } from '../../host/src/collections/collections';
import type { Principal } from '../../host/src/domain/access';
import { accessTypes, secretTypes, type Choices } from '../../host/src/domain/secrets';
import { hostError } from '../../host/src/errors';
import { createApp } from '../../host/src/http/app';
import type { HttpServices } from '../../host/src/http/services';
import { createServer } from '../../host/src/http/wire/server';
import { administratorsOnly } from './policies';
import { createWrites } from '../../host/src/writes/create-writes';
import { silentLogger } from '../../core/src/logger';
import { MemoryUnitOfWork } from './memory-unit-of-work';

/** The tokens that a test host knows; all of them belong to one of these users. */
export const tokens: Readonly<Record<string, Principal | 'expired' | 'inactive'>> = {
  'admin-token-of-the-tests': { id: 'u1', name: 'admin', isSuperuser: true, mayWrite: true },
  'reader-token-of-the-tests': { id: 'u1', name: 'admin', isSuperuser: true, mayWrite: false },
  'nobody-token-of-the-tests': { id: 'u2', name: 'nobody', isSuperuser: false, mayWrite: true },
  'expired-token-of-the-tests': 'expired',
  'inactive-token-of-the-tests': 'inactive',
};

/** The choices of a plain installation. */
export const plainChoices: Choices = {
  accessTypes: Object.fromEntries(accessTypes.map((name) => [name, name])),
  secretTypes,
};

/** A test host's services over memory, any of them replaced. */
export function memoryServices(replaced: Partial<HttpServices> = {}): HttpServices & { unitOfWork: MemoryUnitOfWork } {
  const unitOfWork = new MemoryUnitOfWork();
  const policy = replaced.policy ?? administratorsOnly;
  const { rows } = unitOfWork;
  return {
    unitOfWork,
    publicUrl: 'http://latchkey.example',
    version: '0.0.0',
    logger: silentLogger,
    collections: collectionsOf({ definitions: rows, accessEntries: rows, choices: plainChoices }),
    policy,
    writes: createWrites({ unitOfWork, policy, choices: plainChoices, rules: {} }),
    authenticate: (credentials) => {
      if (!credentials) return Promise.resolve({ refused: 'none' });
      const known = tokens[credentials.key] ?? 'invalid';
      return Promise.resolve(typeof known === 'string' ? { refused: known as 'invalid' } : { principal: known });
    },
    principals: { user: (name) => () => Promise.reject(hostError('unknown-user', { name })) },
    resolution: {
      check: () => Promise.resolve({ result: true, message: 'Passed' }),
      explain: () => Promise.resolve({ allowed: true, parameters: {}, provider: 'p', steps: [] }),
    },
    rendering: { render: ({ parameters }) => parameters },
    providers: () => [],
    ready: () => Promise.resolve({ ready: true, checks: { database: true } }),
    ...replaced,
  };
}

/** What a request to a test host may say. */
export interface TestRequest {
  readonly method?: string;
  /** Empty for none. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
}

/** What a test host answered. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
  readonly body: any;
}

/** A real HTTP server on a free loopback port. */
export class HttpHost {
  readonly url: string;

  private constructor(
    readonly services: HttpServices,
    readonly server: Server,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(services: HttpServices = memoryServices()): Promise<HttpHost> {
    const server = createServer(createApp(services)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpHost(services, server);
  }

  async request(path: string, options: TestRequest = {}): Promise<TestAnswer> {
    const { token = 'admin-token-of-the-tests', method = 'GET', raw, body } = options;
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = {
      ...(token && { Authorization: `Token ${token}` }),
      ...(sent !== undefined && { 'Content-Type': 'application/json' }),
      ...options.headers,
    };
    const answer = await fetch(this.url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(sent !== undefined && { body: sent }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('Content-Type') === 'application/json';
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: text && isJson ? (JSON.parse(text) as unknown) : undefined,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
