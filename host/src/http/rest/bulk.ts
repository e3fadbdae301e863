import { refuseUnknown } from '../../collections/list-query';
import type { OpenCollection } from '../../collections/collection';
import { tokenType } from '../../domain/access';
import type { AnyRow } from '../../domain/descriptor';
import type { Batch } from '../../writes/create-writes';
import type { ApiRequest, Handler, Method } from '../route';
import type { HttpServices } from '../services';
import { ownOnly, permitAny } from './find-row';
import { refuseKeys } from './given-keys';
import { writtenShape } from './shape';
import type { View } from './view';

/** What the list address answers to lists: the methods that the collection's verbs allow, and creation by itself. */
export function bulkMethods(services: HttpServices, collection: OpenCollection, view: View) {
  const { policy, writes } = services;
  const { type, verbs, creation } = collection;

  const batchOf = ({ principal, requestId }: ApiRequest): Batch => {
    const own = ownOnly(services, collection, principal);
    const owns = (row: AnyRow): boolean => own.every(({ field, values }) => values.includes(row[field] as string));
    return { principal, type, origin: { requestId }, owns };
  };
  const change =
    (partial: boolean): Handler =>
    async (request) => {
      permitAny({ principal: request.principal, policy }, 'view', type);
      refuseUnknown(collection, request.query);
      const rows = await writes.all.update(batchOf(request), request.body, { partial });
      return { status: 200, body: await view(request.principal, rows, writtenShape) };
    };
  const remove: Handler = async (request) => {
    permitAny({ principal: request.principal, policy }, 'view', type);
    refuseUnknown(collection, request.query);
    await writes.all.remove(batchOf(request), request.body);
    return { status: 204 };
  };
  const create: Handler = async (request) => {
    const bodies = request.body as readonly unknown[];
    if (type === tokenType) refuseKeys(bodies);
    const made = bodies.map((body) => creation?.(body, request.principal) ?? { body, once: {} });
    const rows = await writes.all.create(
      batchOf(request),
      made.map(({ body }) => body),
    );
    const shown = await view(request.principal, rows, writtenShape);
    return { status: 201, body: shown.map((row, index) => ({ ...row, ...made[index]?.once })) };
  };

  const methods: Partial<Record<Method, Handler>> = {
    ...(verbs.has('change') && { PUT: change(false), PATCH: change(true) }),
    ...(verbs.has('remove') && { DELETE: remove }),
  };
  return { ...methods, POST: create };
}
