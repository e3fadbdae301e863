import { refuseUnknown } from '../../collections/list-query';
import type { OpenCollection } from '../../collections/collection';
import type { AnyRow } from '../../domain/descriptor';
import { PreconditionFailed } from '../../domain/failures';
import type { Batch } from '../../writes/create-writes';
import type { ApiRequest, Handler, Method } from '../route';
import type { HttpServices } from '../services';
import { ownOnly, permitAny } from './find-row';
import { writtenShape } from './shape';
import type { View } from './view';
import { settled } from './within';

/** What the list address answers to lists of changes and of removals, as the collection's verbs allow. */
export function bulkMethods(
  services: HttpServices,
  collection: OpenCollection,
  view: View,
): Partial<Record<Method, Handler>> {
  const { policy, writes } = services;
  const { type, verbs } = collection;

  const batchOf = async ({ principal, query, requestId, conditions }: ApiRequest): Promise<Batch> => {
    permitAny({ principal, policy }, 'view', type);
    await refuseUnknown(collection, query);
    // A list has no tag that could be named.
    if (conditions.ifMatch !== undefined && conditions.ifMatch.trim() !== '*') throw new PreconditionFailed();
    const own = ownOnly(services, collection, principal);
    const owns = (row: AnyRow): boolean => own.every(({ field, values }) => values.includes(row[field] as string));
    return { principal, type, origin: { requestId }, owns };
  };
  const change =
    (partial: boolean): Handler =>
    async (request) => {
      const { principal, body } = request;
      const items = Array.isArray(body) ? body.map((item: unknown) => settled(collection, item)) : body;
      const rows = await writes.all.update(await batchOf(request), items, { partial });
      return { status: 200, body: await view(principal, rows, writtenShape) };
    };
  const remove: Handler = async (request) => {
    await writes.all.remove(await batchOf(request), request.body);
    return { status: 204 };
  };

  return {
    ...(verbs.has('change') && { PUT: change(false), PATCH: change(true) }),
    ...(verbs.has('remove') && { DELETE: remove }),
  };
}
