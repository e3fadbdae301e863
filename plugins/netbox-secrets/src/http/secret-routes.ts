import type { AnyRow, Filter, Route } from '@latchkey/host/extend';
import { customFieldsOf, InvalidInput } from '@latchkey/host/extend';
import type { Store } from '../store';
import { storedSecretType } from '../types';
import { guarded } from './answers';
import { csvOf } from './csv';
import { byNumber, describe } from './describe';
import { listSecrets } from './list-secrets';
import { filtersOf, pluginLookups, secretLookups } from './lookups';
import { optionsOf } from './options';
import { pageOf, partOf } from './page';
import { changeMany, removeMany } from './secret-bulk';
import { createSecrets } from './secret-create';
import { secretTools } from './secret-tools';
import { mounts } from './shape';
import { keyringOf } from './session';

/** The most values that one page of a list opens. */
const mostRevealed = 250;

/** The stored secrets, on one mount. */
export function secretRoutes(store: Store, mount: string): Route[] {
  const { host, secrets } = store;
  const path = `${mount}secrets/`;
  const tools = secretTools(store, mount);
  const { shapeFor, allowed, demanded, found, read, written, revealed, told } = tools;

  const change = (partial: boolean) =>
    guarded(async (request) => {
      const keyring = await allowed(request, 'change');
      if (!partial) demanded(keyring);
      const row = await found(request, 'change');
      const body = await read(request, request.body, partial, row);
      const item = { id: row.id, input: body.input, ...(body.plaintext && { plaintext: body.plaintext }) };
      const options = { partial: true, keyring, requestId: request.requestId };
      const rows = await told(request, () => secrets.update(request.principal, [item], options));
      return { status: 200, body: (await written(request, rows, [body]))[0] };
    });

  return [
    {
      path,
      access: 'token',
      changes: true,
      deletesByBody: true,
      formats: ['json', 'csv'],
      parses: ['json', 'form', 'csv'],
      openapi: describe('Stored secrets', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      options: guarded(async (request) => {
        await keyringOf(store, request);
        return optionsOf(host, request, { name: 'secret', shape: shapeFor(request), method: 'POST' });
      }),
      methods: {
        GET: guarded(async (request) => {
          const keyring = await allowed(request, 'view');
          const { principal, query } = request;
          const fields = await customFieldsOf(host.kept, storedSecretType);
          const { filters, unknown, none } = await filtersOf(query, {
            ...secretLookups(host, principal, fields),
            ...(mount === mounts.plugin && pluginLookups(host, principal, query)),
          });
          if (keyring && unknown.length > 0)
            throw new InvalidInput(Object.fromEntries(unknown.map((name) => [name, ['Unknown filter field']])));
          const part = partOf(query, keyring ? mostRevealed : undefined);
          const asked = { filters: filters as readonly Filter[], q: searchIn(query), part, shape: shapeFor(request) };
          const page = none ? { count: 0, rows: [] } : await listSecrets(host, principal, asked);
          // A file holds no values, so none is opened for it.
          const opens = request.format === 'csv' ? undefined : keyring;
          const results = await revealed(request, page.rows as unknown as AnyRow[], opens);
          if (request.format === 'csv') return csvOf(results, shapeFor(request));
          return { status: 200, body: pageOf(request, path, part, { count: page.count, results }) };
        }),
        POST: createSecrets(store, tools),
        PUT: changeMany(store, tools, false),
        PATCH: changeMany(store, tools, true),
        DELETE: removeMany(store, tools),
      },
    },
    {
      path: `${path}:id/`,
      access: 'token',
      changes: true,
      openapi: describe('One stored secret', ['GET', 'PUT', 'PATCH', 'DELETE'], byNumber),
      options: guarded(async (request) => {
        await keyringOf(store, request);
        return optionsOf(host, request, { name: 'secret', shape: shapeFor(request), method: 'PUT' });
      }),
      methods: {
        GET: guarded(async (request) => {
          const keyring = await allowed(request, 'view');
          return { status: 200, body: (await revealed(request, [await found(request, 'view')], keyring))[0] };
        }),
        PUT: change(false),
        PATCH: change(true),
        DELETE: guarded(async (request) => {
          await allowed(request, 'delete');
          const { id } = await found(request, 'delete');
          await secrets.remove(request.principal, [id], request.requestId);
          return { status: 204 };
        }),
      },
    },
  ];
}

function searchIn(query: URLSearchParams): string {
  const q = query.get('q') ?? '';
  if (q.includes('\0')) throw new InvalidInput({ q: ['Null characters are not allowed.'] });
  return q.trim();
}
