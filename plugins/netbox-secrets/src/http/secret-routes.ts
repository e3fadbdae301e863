import type { AnyRow, Filter, Route } from '@latchkey/host/extend';
import { customFieldsOf, InvalidInput, InvalidRows } from '@latchkey/host/extend';
import type { Store } from '../store';
import { storedSecretType } from '../types';
import { guarded } from './answers';
import { csvOf } from './csv';
import { byNumber, describe } from './describe';
import { listSecrets } from './list-secrets';
import { filtersOf, secretLookups } from './lookups';
import { optionsOf } from './options';
import { pageOf, partOf } from './page';
import { changeMany, removeMany } from './secret-bulk';
import { secretTools } from './secret-tools';
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
      const { id } = await found(request, 'change');
      const body = await read(request, request.body, partial);
      const item = { id, input: body.input, ...(body.plaintext && { plaintext: body.plaintext }) };
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
      parses: ['json', 'form'],
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
          const { filters, unknown, none } = await filtersOf(query, secretLookups(host, principal, fields));
          if (keyring && unknown.length > 0)
            throw new InvalidInput(Object.fromEntries(unknown.map((name) => [name, ['Unknown filter field']])));
          const part = partOf(query, keyring ? mostRevealed : undefined);
          const asked = { filters: filters as readonly Filter[], q: searchIn(query), part, shape: shapeFor(request) };
          const page = none ? { count: 0, rows: [] } : await listSecrets(host, principal, asked);
          const results = await revealed(request, page.rows as unknown as AnyRow[], keyring);
          if (request.format === 'csv') return csvOf(results);
          return { status: 200, body: pageOf(request, path, part, { count: page.count, results }) };
        }),
        POST: guarded(async (request) => {
          const keyring = demanded(await allowed(request, 'add'));
          const list = Array.isArray(request.body) ? (request.body as readonly unknown[]) : undefined;
          const bodies = await readEach(list ?? [request.body], list !== undefined, (one) => read(request, one, false));
          const items = bodies.map(({ input, plaintext }) => ({ input, plaintext: plaintext ?? Buffer.alloc(0) }));
          const { principal, requestId } = request;
          const rows = await told(request, () => secrets.create(principal, items, keyring, requestId));
          const shown = await written(request, rows, bodies);
          if (list) return { status: 201, body: shown };
          return { status: 201, body: shown[0], headers: { Location: String(shown[0]?.url) } };
        }),
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

/** Reads one body, or each of a list: then every fault is told, in the list's order. */
async function readEach<T>(
  items: readonly unknown[],
  isList: boolean,
  read: (item: unknown) => Promise<T>,
): Promise<T[]> {
  const done: T[] = [];
  const faults: InvalidInput['faults'][] = [];
  for (const item of items) {
    try {
      done.push(await read(item));
      faults.push({});
    } catch (error) {
      if (!(error instanceof InvalidInput) || !isList) throw error;
      faults.push(error.faults);
    }
  }
  if (done.length < items.length) throw new InvalidRows(faults);
  return done;
}
