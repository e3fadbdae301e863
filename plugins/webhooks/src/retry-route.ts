import type { HostAccess, Route } from '@latchkey/host/extend';
import { deliveryType } from './types';

/** The address that sends a dead letter once more, or a waiting one at once, for who may change deliveries. */
export function retryRoute(host: Pick<HostAccess, 'writes'>): Route {
  return {
    path: '/api/webhooks/deliveries/:id/retry/',
    access: 'token',
    changes: true,
    openapi: {
      tag: 'Webhook Deliveries',
      path: { id: { description: 'The id of the delivery' } },
      methods: {
        POST: {
          summary: 'Send a delivery again',
          description: 'A dead letter is pending again, with all its tries; one that waits is sent at once.',
          mayBeEmpty: true,
          answers: {
            202: {
              description: 'It will be sent.',
              schema: { type: 'object', properties: { id: { type: 'string' }, state: { type: 'string' } } },
            },
          },
        },
      },
    },
    methods: {
      async POST({ principal, parameters, requestId }) {
        const own = { state: 'pending', attempts: 0, next_at: new Date().toISOString() };
        const row = await host.writes.together({ principal, origin: { requestId } }, (changes) =>
          changes.update(deliveryType, parameters['id'] ?? '', {}, { partial: true, own }),
        );
        return { status: 202, body: { id: row.id, state: row['state'] } };
      },
    },
  };
}
