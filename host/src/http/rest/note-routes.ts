import { addressesOf, type OpenCollection } from '../../collections/collection';
import { readListQuery } from '../../collections/list-query';
import { createPresenter } from '../../collections/present';
import { noteType } from '../../domain/annotations';
import type { AnyRow } from '../../domain/descriptor';
import type { Handler, Route } from '../route';
import type { HttpServices } from '../services';
import { findOwnRow } from './find-row';
import { pageBody } from './page';

/** The notes about one row, listed and written at its own address; none where the type has none. */
export function noteRoutes(services: HttpServices, collection: OpenCollection): Route[] {
  const { policy, writes, publicUrl, collections } = services;
  const notes = collections.find(({ type }) => type === noteType);
  if (!collection.type.noted || !notes) return [];
  const presenter = createPresenter(notes, { publicUrl, addresses: addressesOf(collections) });
  const { name } = collection.type;

  const list: Handler = async ({ principal, parameters, query }) => {
    const { id } = await findOwnRow(services, collection, parameters.id ?? '', principal);
    const read = await readListQuery(notes, query, { principal, policy, subjectSeen: true });
    const about = [
      { field: 'assigned_object_type', values: [name] },
      { field: 'assigned_object_id', values: [id] },
    ];
    const asked = { ...read, filters: [...(read.filters ?? []), ...about] };
    const { count, rows } = await notes.rows.list(noteType, asked);
    const results = await presenter.present(rows as readonly AnyRow[], { principal, policy });
    const address = `${publicUrl}/api/${collection.address}/${id}/notes/`;
    return { status: 200, body: pageBody(address, query, asked, { count, results }) };
  };

  const add: Handler = async ({ principal, parameters, body, requestId }) => {
    const { id } = await findOwnRow(services, collection, parameters.id ?? '', principal);
    const given = typeof body === 'object' && body !== null && !Array.isArray(body);
    const whole = given
      ? {
          ...body,
          assigned_object_type: name,
          assigned_object_id: id,
          user: principal.id ?? null,
          user_name: principal.name,
        }
      : body;
    const row = (await writes.create(principal, noteType, whole, { requestId })) as AnyRow;
    const [shown] = await presenter.present([row], { principal, policy });
    return { status: 201, body: shown };
  };

  const path = `/api/${collection.address}/:id/notes/`;
  return [{ path, access: 'token', changes: true, methods: { GET: list, POST: add } }];
}
