import { livenessNote, readinessNote } from './openapi/host-notes';
import type { Route } from './route';
import type { HttpServices } from './services';

/** Whether the process lives, and whether it can serve; both without a token. */
export function healthRoutes({ ready }: Pick<HttpServices, 'ready'>): Route[] {
  const open = { access: 'anonymous', changes: false } as const;
  return [
    {
      ...open,
      path: '/healthz',
      openapi: livenessNote,
      methods: { GET: () => ({ status: 200, body: { status: 'ok' } }) },
    },
    {
      ...open,
      path: '/readyz',
      openapi: readinessNote,
      methods: {
        GET: async () => {
          const state = await ready();
          const status = state.ready ? 'ready' : 'not ready';
          return { status: state.ready ? 200 : 503, body: { status, checks: state.checks } };
        },
      },
    },
  ];
}
