import { livenessDescription, readinessDescription } from './openapi/host-descriptions';
import type { Readiness } from './readiness';
import type { Answer, Route } from './route';
import type { HttpServices } from './services';

/**
 * Whether the process lives, and whether it can serve; both without a token. What it is that does not work is told to the
 * owner of the data folder alone.
 */
export function healthRoutes({ ready, localActing }: Pick<HttpServices, 'ready' | 'localActing'>): Route[] {
  const open = { access: 'anonymous', changes: false } as const;
  return [
    {
      ...open,
      path: '/healthz',
      openapi: livenessDescription,
      methods: { GET: () => ({ status: 200, body: { status: 'ok' } }) },
    },
    {
      ...open,
      path: '/readyz',
      openapi: readinessDescription,
      methods: {
        GET: async () => {
          const readiness = await ready();
          return readinessAnswer(readiness, localActing !== undefined);
        },
      },
    },
  ];
}

/** What is answered to who asks whether the host can serve; all of it for the operator. */
export function readinessAnswer({ ready, checks, faults }: Readiness, operator: boolean): Answer {
  const status = ready ? 'ready' : 'not ready';
  return { status: ready ? 200 : 503, body: { status, ...(operator && { checks, faults }) } };
}
