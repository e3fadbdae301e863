import type { OpenCollection } from '../../collections/collection';
import { readListQuery } from '../../collections/list-query';
import { tokenType } from '../../domain/access';
import { customFieldsOf } from '../../domain/custom-fields';
import type { AnyRow } from '../../domain/descriptor';
import type { Handler, Route } from '../route';
import type { HttpServices } from '../services';
import { allRows } from './all-rows';
import { bulkMethods } from './bulk';
import { createMethod } from './create-method';
import { csvOf } from './csv';
import { customColumns } from './csv-custom';
import { entityTags } from './entity-tag';
import { ownOnly } from './find-row';
import { describeCollection } from './metadata';
import { pageBody } from './page';
import { rowMethods } from './row-methods';
import { namedShape, readShape } from './shape';
import { createView } from './view';

const formats = ['json', 'csv'] as const;

/** The two routes of a collection, the list and the row, with the verbs that it declares. */
export function collectionRoutes(services: HttpServices, collection: OpenCollection): Route[] {
  const { policy, publicUrl } = services;
  const { type, address, verbs } = collection;
  const view = createView(services, collection);
  const shown = { collection, view, tags: entityTags(type) };

  const list: Handler = async ({ principal, query, format }) => {
    const shape = readShape(query);
    const read = await readListQuery(collection, query, { principal, policy });
    const asked = { ...read, filters: [...(read.filters ?? []), ...ownOnly(services, collection, principal)] };
    if (format === 'csv') {
      const all = await allRows(collection, asked);
      const custom = customColumns(await customFieldsOf(collection.kept, type));
      return { status: 200, content: csvOf(collection, await view(principal, all, namedShape), custom) };
    }
    const { count, rows } = await collection.rows.list(type, asked);
    const results = await view(principal, rows as readonly AnyRow[], shape);
    return { status: 200, body: pageBody(`${publicUrl}/api/${address}/`, query, asked, { count, results }) };
  };

  const describe = (many: boolean) => describeCollection(collection, services, many);
  return [
    {
      path: `/api/${address}/`,
      access: 'token',
      changes: true,
      deletesByBody: true,
      formats,
      ...(verbs.has('create') && { parses: formats }),
      // Who has no token yet can ask for one.
      ...(type === tokenType && { password: 'POST' as const }),
      describe: describe(true),
      methods: {
        GET: list,
        ...bulkMethods(services, collection, view),
        ...(verbs.has('create') && { POST: createMethod(services, shown) }),
      },
    },
    {
      path: `/api/${address}/:id/`,
      access: 'token',
      changes: true,
      formats,
      describe: describe(false),
      methods: rowMethods(services, shown),
    },
  ];
}
