import type { OpenCollection } from '../../collections/collection';
import { readListQuery, refuseUnknown } from '../../collections/list-query';
import { tokenType, type Action } from '../../domain/access';
import type { AnyRow } from '../../domain/descriptor';
import type { ApiRequest, Handler, Route } from '../route';
import type { HttpServices } from '../services';
import { bulkMethods } from './bulk';
import { csvOf } from './csv';
import { findOwnRow, ownOnly, permitAny } from './find-row';
import { bringsKey, createKeyTaking } from './given-keys';
import { describeCollection } from './metadata';
import { pageBody } from './page';
import { plainShape, readShape, writtenShape, type Shape } from './shape';
import { createView } from './view';
import { allRows } from './all-rows';

const formats = ['json', 'csv'] as const;
/** What CSV shows: the rows behind the references, for their names. */
const named: Shape = { ...plainShape, depth: 1 };

/** The two routes of a collection, the list and the row, with the verbs that it declares. */
export function collectionRoutes(services: HttpServices, collection: OpenCollection): Route[] {
  const { policy, writes, publicUrl } = services;
  const { type, address, verbs, creation } = collection;
  const view = createView(services, collection);
  const show = async ({ principal }: ApiRequest, row: AnyRow, shape: Shape): Promise<object> =>
    (await view(principal, [row], shape))[0] ?? {};

  const list: Handler = async ({ principal, query, format }) => {
    const shape = readShape(query);
    const read = await readListQuery(collection, query, { principal, policy });
    const asked = { ...read, filters: [...(read.filters ?? []), ...ownOnly(services, collection, principal)] };
    if (format === 'csv') {
      const all = await allRows(collection, asked);
      return { status: 200, content: csvOf(collection, await view(principal, all, named)) };
    }
    const { count, rows } = await collection.rows.list(type, asked);
    const results = await view(principal, rows as readonly AnyRow[], shape);
    return { status: 200, body: pageBody(`${publicUrl}/api/${address}/`, query, asked, { count, results }) };
  };
  // What is shown afterwards, or says by its refusal that it is there, must be allowed to be viewed, too.
  const found = async ({ principal, parameters, query }: ApiRequest, action: Action = 'view'): Promise<AnyRow> => {
    permitAny({ principal, policy }, action, type);
    refuseUnknown(collection, query);
    return findOwnRow(services, collection, parameters.id ?? '', principal);
  };
  const change =
    (partial: boolean): Handler =>
    async (request) => {
      const { id } = await found(request, 'change');
      const { principal, body, requestId } = request;
      const row = await writes.update(principal, type, id, body, { partial }, { requestId });
      return { status: 200, body: await show(request, row as AnyRow, writtenShape) };
    };

  const { POST: createMany, ...bulk } = bulkMethods(services, collection, view);
  const takeKey = createKeyTaking(services);
  const describe = (many: boolean) => describeCollection(collection, services, many);
  return [
    {
      path: `/api/${address}/`,
      access: 'token',
      changes: true,
      deletesByBody: true,
      formats,
      // Who has no token yet can ask for one.
      ...(collection.type === tokenType && { password: 'POST' as const }),
      describe: describe(true),
      methods: {
        GET: list,
        ...bulk,
        ...(verbs.has('create') && {
          POST: async (request) => {
            const { principal, body, query, requestId } = request;
            refuseUnknown(collection, query);
            if (Array.isArray(body)) return createMany(request);
            const { body: whole, once } = creation?.(body, principal) ?? { body, once: {} };
            const create = () => writes.create(principal, type, whole, { requestId });
            const guess = type === tokenType && services.localActing === undefined && bringsKey(body);
            const row = (guess ? await takeKey(request, create) : await create()) as AnyRow;
            return { status: 201, body: { ...(await show(request, row, writtenShape)), ...once } };
          },
        }),
      },
    },
    {
      path: `/api/${address}/:id/`,
      access: 'token',
      changes: true,
      formats,
      describe: describe(false),
      methods: {
        GET: async (request) => {
          const row = await found(request);
          if (request.format === 'csv') {
            return { status: 200, content: csvOf(collection, await view(request.principal, [row], named)) };
          }
          return { status: 200, body: await show(request, row, readShape(request.query)) };
        },
        ...(verbs.has('change') && { PUT: change(false), PATCH: change(true) }),
        ...(verbs.has('remove') && {
          DELETE: async (request) => {
            const { id } = await found(request, 'delete');
            await writes.remove(request.principal, type, id, { requestId: request.requestId });
            return { status: 204 };
          },
        }),
      },
    },
  ];
}
