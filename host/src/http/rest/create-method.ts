import type { Creation, OpenCollection } from '../../collections/collection';
import { refuseUnknown } from '../../collections/list-query';
import { tokenType } from '../../domain/access';
import { customFieldsOf } from '../../domain/custom-fields';
import type { AnyRow } from '../../domain/descriptor';
import type { ApiRequest, Handler } from '../route';
import type { HttpServices } from '../services';
import { CsvText } from '../wire/read-body';
import { customColumns } from './csv-custom';
import { readCsv } from './csv-import';
import { tellingLines } from './csv-table';
import { taggedJson, type EntityTags } from './entity-tag';
import { permitAny } from './find-row';
import { bringsKey, createKeyTaking, refuseKeys } from './given-keys';
import { writtenShape } from './shape';
import type { View } from './view';

/** What POST on the list address does: makes one row, each of a list, or each line of a CSV file. */
export function createMethod(
  services: HttpServices,
  { collection, view, tags }: { readonly collection: OpenCollection; readonly view: View; readonly tags: EntityTags },
): Handler {
  const { policy, writes } = services;
  const { type, creation = (body): Creation => ({ body, once: {} }) } = collection;
  const takeKey = createKeyTaking(services);

  const createMany = async ({ principal, requestId }: ApiRequest, bodies: readonly unknown[]) => {
    if (type === tokenType) refuseKeys(bodies);
    const made = bodies.map((body) => creation(body, principal));
    const wholes = made.map(({ body }) => body);
    const rows = await writes.all.create({ principal, type, origin: { requestId } }, wholes);
    const shown = await view(principal, rows, writtenShape);
    return { status: 201, body: shown.map((row, index) => ({ ...row, ...made[index]?.once })) };
  };

  return async (request) => {
    const { principal, body, query, requestId } = request;
    await refuseUnknown(collection, query);
    if (Array.isArray(body)) return createMany(request, body);
    if (body instanceof CsvText) {
      // To read a file is work, which is done for nobody who may not write.
      permitAny({ principal, policy }, 'add', type);
      const custom = customColumns(await customFieldsOf(collection.kept, type));
      const { bodies, lines } = readCsv(collection, body.text, custom);
      return tellingLines(lines, () => createMany(request, bodies));
    }
    const { body: whole, once } = creation(body, principal);
    const create = () => writes.create(principal, type, whole, { requestId });
    const guess = type === tokenType && services.localActing === undefined && bringsKey(body);
    const row = (guess ? await takeKey(request, create) : await create()) as AnyRow;
    const [shown] = await view(principal, [row], writtenShape);
    const answer = taggedJson(201, { ...shown, ...once }, (text) => tags.of(row, text));
    return { ...answer, headers: { ...answer.headers, Location: String(shown?.url) } };
  };
}
