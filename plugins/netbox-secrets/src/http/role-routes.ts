import type { AnyRow, ApiRequest, Changes, Principal, Route } from '@latchkey/host/extend';
import { byPlace, Conflict, CsvText, tellingLines } from '@latchkey/host/extend';
import { where } from '../service/rows';
import type { Store } from '../store';
import { roleType, storedSecretType, type SecretRole } from '../types';
import { detail, guarded } from './answers';
import { byNumber, describe } from './describe';
import { csvOf } from './csv';
import { rolesInCsv } from './csv-input';
import { dependants } from './dependants';
import { findRow, permit } from './find';
import { filtersOf, roleLookups } from './lookups';
import { optionsOf } from './options';
import { pageOf, partOf } from './page';
import { shownRole } from './present';
import { changeRoles, removeRoles } from './role-bulk';
import { readRole } from './role-input';
import { shapeOf, type Shape } from './shape';

/** The roles of secrets, on one mount. */
export function roleRoutes(store: Store, mount: string): Route[] {
  const { host, settings } = store;
  const path = `${mount}secret-roles/`;
  const shapeFor = (request: ApiRequest): Shape => shapeOf(request, settings.version);
  const showing = (request: ApiRequest) => ({ host, mount, shape: shapeFor(request), publicUrl: request.publicUrl });
  const countOf = async (principal: Principal, role: string): Promise<number> => {
    const scope = host.policy.scope(principal, 'view', storedSecretType);
    return (await host.kept.list(storedSecretType, { scope, filters: [where('role', role)], limit: 1, offset: 0 }))
      .count;
  };
  const shown = async (request: ApiRequest, row: AnyRow, kind: 'role' | 'roleBrief' = 'role') =>
    shownRole(showing(request), row as unknown as SecretRole, await countOf(request.principal, row.id), kind);
  const kindFor = ({ query }: ApiRequest) => (query.get('brief') ? 'roleBrief' : 'role');
  const together = <T>({ principal, requestId }: ApiRequest, work: (changes: Changes) => Promise<T>): Promise<T> =>
    host.writes.together({ principal, origin: { requestId } }, work);
  const tools = { shapeFor, shown, together };
  const found = (request: ApiRequest, action: 'view' | 'change' | 'delete') => {
    permit(host, request.principal, action, roleType);
    return findRow(host, request.principal, { action, type: roleType, key: request.parameters.id ?? '' });
  };

  const change = (partial: boolean) =>
    guarded(async (request) => {
      const { id } = await found(request, 'change');
      const input = readRole(request.body, shapeFor(request), partial);
      const row = await together(request, ({ update }) => update(roleType, id, input, { partial: true }));
      return { status: 200, body: await shown(request, row) };
    });

  return [
    {
      path,
      access: 'token',
      changes: true,
      deletesByBody: true,
      formats: ['json', 'csv'],
      parses: ['json', 'form', 'csv'],
      openapi: describe('The roles of secrets', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      options: guarded((request) =>
        optionsOf(host, request, { name: 'role', shape: shapeFor(request), method: 'POST' }),
      ),
      methods: {
        GET: guarded(async (request) => {
          permit(host, request.principal, 'view', roleType);
          const { filters, none } = await filtersOf(request.query, roleLookups());
          const part = partOf(request.query);
          const scope = host.policy.scope(request.principal, 'view', roleType);
          const search = request.query.get('q')?.replaceAll('\0', '') || undefined;
          const page = none
            ? { count: 0, rows: [] }
            : await host.kept.list(roleType, { scope, filters, search, order: ['name'], ...part });
          const kind = kindFor(request);
          const results = await Promise.all(page.rows.map((row) => shown(request, row as unknown as AnyRow, kind)));
          if (request.format === 'csv') return csvOf(results as Readonly<Record<string, unknown>>[], 'roles');
          return { status: 200, body: pageOf(request, path, part, { count: page.count, results }) };
        }),
        POST: guarded(async (request) => {
          permit(host, request.principal, 'add', roleType);
          const { body } = request;
          const shape = shapeFor(request);
          const created = (row: AnyRow) => shownRole(showing(request), row as unknown as SecretRole, undefined, 'role');
          const all = async (items: readonly unknown[]) => {
            const inputs = await byPlace(items, (item) => readRole(item, shape, false));
            const rows = await together(request, ({ create }) => byPlace(inputs, (input) => create(roleType, input)));
            return rows.map(created);
          };
          if (body instanceof CsvText) {
            const { lines, bodies } = rolesInCsv(body.text);
            return { status: 201, body: await tellingLines(lines, () => all(bodies)) };
          }
          if (Array.isArray(body)) return { status: 201, body: await all(body) };
          const input = readRole(body, shape, false);
          const one = created(await together(request, ({ create }) => create(roleType, input)));
          return { status: 201, body: one, headers: { Location: String(one.url) } };
        }),
        PUT: changeRoles(store, tools, false),
        PATCH: changeRoles(store, tools, true),
        DELETE: removeRoles(store, tools),
      },
    },
    {
      path: `${path}:id/`,
      access: 'token',
      changes: true,
      parses: ['json', 'form'],
      openapi: describe('One role of secrets', ['GET', 'PUT', 'PATCH', 'DELETE'], byNumber),
      options: guarded((request) =>
        optionsOf(host, request, { name: 'role', shape: shapeFor(request), method: 'PUT' }),
      ),
      methods: {
        GET: guarded(async (request) => ({
          status: 200,
          body: await shown(request, await found(request, 'view'), kindFor(request)),
        })),
        PUT: change(false),
        PATCH: change(true),
        DELETE: guarded(async (request) => {
          const { id } = await found(request, 'delete');
          try {
            await together(request, ({ remove }) => remove(roleType, id));
          } catch (error) {
            if (!(error instanceof Conflict)) throw error;
            return detail(409, await dependants(host, request.principal, id, shapeFor(request)));
          }
          return { status: 204 };
        }),
      },
    },
  ];
}
