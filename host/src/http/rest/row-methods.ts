import type { OpenCollection } from '../../collections/collection';
import { refuseUnknown } from '../../collections/list-query';
import type { Action } from '../../domain/access';
import { customFieldsOf } from '../../domain/custom-fields';
import type { AnyRow } from '../../domain/descriptor';
import type { Answer, ApiRequest, Handler, Method } from '../route';
import type { HttpServices } from '../services';
import { csvOf } from './csv';
import { customColumns } from './csv-custom';
import { taggedJson, type EntityTags } from './entity-tag';
import { findOwnRow, permitAny } from './find-row';
import { readShape, namedShape, writtenShape } from './shape';
import type { View } from './view';
import { settled } from './within';

/** What the address of one row answers. */
export function rowMethods(
  services: HttpServices,
  { collection, view, tags }: { readonly collection: OpenCollection; readonly view: View; readonly tags: EntityTags },
): Partial<Record<Method, Handler>> {
  const { policy, writes } = services;
  const { type, verbs } = collection;

  // What is shown afterwards, or says by its refusal that it is there, must be allowed to be viewed, too.
  const found = async ({ principal, parameters, query }: ApiRequest, action: Action = 'view'): Promise<AnyRow> => {
    permitAny({ principal, policy }, action, type);
    await refuseUnknown(collection, query);
    return findOwnRow(services, collection, parameters.id ?? '', principal);
  };

  const show: Handler = async (request) => {
    const { principal, query, format, conditions } = request;
    const row = await found(request);
    const shown = await view(principal, [row], format === 'csv' ? namedShape : readShape(query));
    const tagOf = (text: string): string => tags.of(row, text);
    const custom = format === 'csv' ? customColumns(await customFieldsOf(collection.kept, type)) : [];
    const csv = format === 'csv' ? csvOf(collection, shown, custom) : undefined;
    const tagged: Answer = csv
      ? { status: 200, content: csv, headers: { ETag: tagOf(csv.text) } }
      : taggedJson(200, shown[0], tagOf);
    const tag = tagged.headers?.ETag ?? '';
    return tags.isKnown(conditions, tag) ? { status: 304, headers: { ETag: tag } } : tagged;
  };

  const change =
    (partial: boolean): Handler =>
    async (request) => {
      const { id } = await found(request, 'change');
      const { principal, body, requestId, conditions } = request;
      const options = { partial, expected: tags.expectation(conditions) };
      const row = (await writes.update(principal, type, id, settled(collection, body), options, {
        requestId,
      })) as AnyRow;
      const [shown] = await view(principal, [row], writtenShape);
      // After a PUT no tag may stand for what was sent, which is not what is kept.
      return partial ? taggedJson(200, shown, (text) => tags.of(row, text)) : { status: 200, body: shown };
    };

  const remove: Handler = async (request) => {
    const { id } = await found(request, 'delete');
    const { principal, requestId, conditions } = request;
    await writes.remove(principal, type, id, { requestId }, { expected: tags.expectation(conditions) });
    return { status: 204 };
  };

  return {
    GET: show,
    ...(verbs.has('change') && { PUT: change(false), PATCH: change(true) }),
    ...(verbs.has('remove') && { DELETE: remove }),
  };
}
