import type { Route } from '@latchkey/host/extend';
import { InvalidInput } from '@latchkey/host/extend';
import type { Store } from '../store';
import { guarded } from './answers';
import { byNumber, describe } from './describe';
import { fieldsIn } from './key-routes';
import { secretTools } from './secret-tools';

/** The versions of a value, and the way back to one: an addition to NetBox. */
export function versionRoutes(store: Store, mount: string): Route[] {
  const { secrets } = store;
  const { allowed, demanded, found, written } = secretTools(store, mount);
  return [
    {
      path: `${mount}secrets/:id/versions/`,
      access: 'token',
      changes: false,
      openapi: describe('The versions of a value, without the values', ['GET'], byNumber),
      methods: {
        GET: guarded(async (request) => {
          await allowed(request, 'view');
          const versions = await secrets.versions(request.principal, (await found(request, 'view')).id);
          const results = versions.map(({ version, time, user_name }) => ({ version, time, user_name }));
          return { status: 200, body: { count: results.length, next: null, previous: null, results } };
        }),
      },
    },
    {
      path: `${mount}secrets/:id/rollback/`,
      access: 'token',
      changes: true,
      openapi: describe('Makes an earlier value the newest one', ['POST'], byNumber),
      methods: {
        POST: guarded(async (request) => {
          const keyring = demanded(await allowed(request, 'change'));
          const { principal, requestId } = request;
          const { id } = await found(request, 'change');
          const { version } = fieldsIn(request);
          if (typeof version !== 'number' || !Number.isSafeInteger(version))
            throw new InvalidInput({ version: ['A valid integer is required.'] });
          const row = await secrets.rollback(principal, id, version, keyring, requestId);
          return { status: 200, body: (await written(request, [row], []))[0] };
        }),
      },
    },
  ];
}
