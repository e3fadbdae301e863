import type { AnyRow, ApiRequest, InventoryObject, Route } from '@latchkey/host/extend';
import { InvalidInput, objectType } from '@latchkey/host/extend';
import { where } from '../service/rows';
import type { Store } from '../store';
import { guarded } from './answers';
import { netbox } from './base-routes';
import { byNumber, describe } from './describe';
import { findRow, permit } from './find';
import { plainLookups } from './lookup-readers';
import { filtersOf } from './lookups';
import { pageOf, partOf } from './page';
import { nestedObject } from './present';
import { shapeOf } from './shape';

const kinds = [
  { path: '/api/dcim/devices/', objectType: 'dcim.device' },
  { path: '/api/virtualization/virtual-machines/', objectType: 'virtualization.virtualmachine' },
] as const;

/** The objects that NetBox's clients look up before they ask for secrets, to those who ask for NetBox's version. */
export function deviceRoutes({ host, settings }: Store): Route[] {
  const shown = (request: ApiRequest, row: InventoryObject) => ({
    ...nestedObject({ publicUrl: request.publicUrl, shape: shapeOf(request, settings.version) }, row),
    created: row.created.slice(0, 10),
    last_updated: row.last_updated,
  });
  return kinds.flatMap(({ path, objectType: name }): Route[] => [
    {
      path,
      dialect: netbox,
      access: 'token',
      changes: false,
      openapi: describe('Objects of the inventory', ['GET']),
      methods: {
        GET: guarded(async (request) => {
          permit(host, request.principal, 'view', objectType);
          const { text, number } = plainLookups();
          const { filters, none } = await filtersOf(request.query, { id: number, name: text('name') });
          const part = partOf(request.query);
          const scope = host.policy.scope(request.principal, 'view', objectType);
          const within = [where('object_type', name), ...filters];
          const page = none
            ? { count: 0, rows: [] }
            : await host.rows.list(objectType, { scope, filters: within, order: ['name'], ...part });
          const results = page.rows.map((row) => shown(request, row));
          return { status: 200, body: pageOf(request, path, part, { count: page.count, results }) };
        }),
      },
    },
    {
      path: `${path}:id/`,
      dialect: netbox,
      access: 'token',
      changes: false,
      openapi: describe('One object of the inventory', ['GET'], byNumber),
      methods: {
        GET: guarded(async (request) => {
          permit(host, request.principal, 'view', objectType);
          const key = request.parameters.id ?? '';
          const row = (await findRow(host, request.principal, { action: 'view', type: objectType, key })) as AnyRow;
          if (row.object_type !== name) throw new InvalidInput({ id: ['It is of another type.'] });
          return { status: 200, body: shown(request, row as unknown as InventoryObject) };
        }),
      },
    },
  ]);
}
