import type { OpenCollection } from '../../collections/collection';
import { readListQuery, refuseUnknown } from '../../collections/list-query';
import { createPresenter } from '../../collections/present';
import type { AnyRow } from '../../domain/descriptor';
import type { ApiRequest, Handler, Route } from '../route';
import type { HttpServices } from '../services';
import { findRow } from './find-row';
import { describeCollection } from './metadata';
import { pageBody } from './page';

/** The two routes of a collection, the list and the row, with the verbs that it declares. */
export function collectionRoutes(services: HttpServices, collection: OpenCollection): Route[] {
  const { policy, writes, publicUrl, collections } = services;
  const { type, address, verbs } = collection;
  const addresses = new Map(collections.map((other) => [other.type.name, other.address]));
  const presenter = createPresenter(collection, { publicUrl, addresses });
  const show = async (row: AnyRow): Promise<unknown> => (await presenter.present([row]))[0];

  const list: Handler = async ({ principal, query }) => {
    const asked = await readListQuery(collection, query, { principal, policy });
    const { count, rows } = await collection.rows.list(type, asked);
    const results = await presenter.present(rows as readonly AnyRow[]);
    return { status: 200, body: pageBody(`${publicUrl}/api/${address}/`, query, asked, { count, results }) };
  };
  const found = ({ principal, parameters, query }: ApiRequest): Promise<AnyRow> => {
    refuseUnknown(collection, query);
    return findRow(collection, parameters.id ?? '', { principal, policy });
  };
  const change =
    (partial: boolean): Handler =>
    async (request) => {
      const { id } = await found(request);
      const row = await writes.update(request.principal, type, id, request.body, { partial });
      return { status: 200, body: await show(row as AnyRow) };
    };

  const describe = (many: boolean) => describeCollection(collection, services, many);
  return [
    {
      path: `/api/${address}/`,
      access: 'token',
      changes: true,
      describe: describe(true),
      methods: {
        GET: list,
        ...(verbs.has('create') && {
          POST: async ({ principal, body, query }) => {
            refuseUnknown(collection, query);
            return { status: 201, body: await show((await writes.create(principal, type, body)) as AnyRow) };
          },
        }),
      },
    },
    {
      path: `/api/${address}/:id/`,
      access: 'token',
      changes: true,
      describe: describe(false),
      methods: {
        GET: async (request) => ({ status: 200, body: await show(await found(request)) }),
        ...(verbs.has('change') && { PUT: change(false), PATCH: change(true) }),
        ...(verbs.has('remove') && {
          DELETE: async (request) => {
            const { id } = await found(request);
            await writes.remove(request.principal, type, id);
            return { status: 204 };
          },
        }),
      },
    },
  ];
}
