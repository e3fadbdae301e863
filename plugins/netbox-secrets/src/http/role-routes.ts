import type { AnyRow, ApiRequest, Changes, Principal, Route } from '@latchkey/host/extend';
import { Conflict, InvalidInput, InvalidRows } from '@latchkey/host/extend';
import { where } from '../service/rows';
import type { Store } from '../store';
import { roleType, storedSecretType, type SecretRole } from '../types';
import { detail, guarded } from './answers';
import { byNumber, describe } from './describe';
import { dependants } from './dependants';
import { findRow, permit } from './find';
import { filtersOf, roleLookups } from './lookups';
import { optionsOf } from './options';
import { pageOf, partOf } from './page';
import { shownRole } from './present';
import { shapeOf, type Shape } from './shape';
import { membersOf, readText, taken, type Faults } from './text';

type Body = Readonly<Record<string, unknown>>;

function readRole(body: unknown, shape: Shape, partial: boolean): Body {
  const members = membersOf(body);
  if ('fault' in members) throw new InvalidInput({ non_field_errors: [members.fault] });
  const max = shape === '2.9' ? 50 : 100;
  const rules = { name: { max }, slug: { max, slug: true }, description: { max: 200, blank: true } } as const;
  const faults: Faults = {};
  const input: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const given = members.value[name];
    if (given === undefined && (partial || name === 'description')) continue;
    const value = taken(faults, name, readText(given, rule));
    if (value !== undefined) input[name] = value;
  }
  if (Object.keys(faults).length > 0) throw new InvalidInput(faults);
  return input;
}

/** Reads every item of a list; the faults of all come together. */
function readAll<T>(items: readonly unknown[], read: (item: unknown) => T): T[] {
  const faults: InvalidInput['faults'][] = [];
  const done = items.map((item) => {
    try {
      const one = read(item);
      faults.push({});
      return one;
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      faults.push(error.faults);
      return undefined;
    }
  });
  if (faults.some((one) => Object.keys(one).length > 0)) throw new InvalidRows(faults);
  return done as T[];
}

/** The roles of secrets, on one mount. */
export function roleRoutes(store: Store, mount: string): Route[] {
  const { host, settings } = store;
  const path = `${mount}secret-roles/`;
  const shapeFor = (request: ApiRequest): Shape => shapeOf(request, settings.version);
  const showing = (request: ApiRequest) => ({ host, mount, shape: shapeFor(request), publicUrl: request.publicUrl });
  const countOf = async (principal: Principal, role: string): Promise<number> => {
    const scope = host.policy.scope(principal, 'view', storedSecretType);
    return (await host.rows.list(storedSecretType, { scope, filters: [where('role', role)], limit: 1, offset: 0 }))
      .count;
  };
  const shown = async (request: ApiRequest, row: AnyRow, kind: 'role' | 'roleBrief' = 'role') =>
    shownRole(showing(request), row as unknown as SecretRole, await countOf(request.principal, row.id), kind);
  const kindFor = ({ query }: ApiRequest) => (query.get('brief') ? 'roleBrief' : 'role');
  const together = <T>({ principal, requestId }: ApiRequest, work: (changes: Changes) => Promise<T>): Promise<T> =>
    host.writes.together({ principal, origin: { requestId } }, work);
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
      parses: ['json', 'form'],
      openapi: describe('The roles of secrets', ['GET', 'POST']),
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
            : await host.rows.list(roleType, { scope, filters, search, order: ['name'], ...part });
          const kind = kindFor(request);
          const results = await Promise.all(page.rows.map((row) => shown(request, row as unknown as AnyRow, kind)));
          return { status: 200, body: pageOf(request, path, part, { count: page.count, results }) };
        }),
        POST: guarded(async (request) => {
          permit(host, request.principal, 'add', roleType);
          const { body } = request;
          const shape = shapeFor(request);
          const items = Array.isArray(body) ? (body as readonly unknown[]) : undefined;
          const inputs = items
            ? readAll(items, (item) => readRole(item, shape, false))
            : [readRole(body, shape, false)];
          const rows = await together(request, async ({ create }) => {
            const made: AnyRow[] = [];
            for (const input of inputs) made.push(await create(roleType, input));
            return made;
          });
          const bodies = rows.map((row) =>
            shownRole(showing(request), row as unknown as SecretRole, undefined, 'role'),
          );
          if (items) return { status: 201, body: bodies };
          return { status: 201, body: bodies[0], headers: { Location: String(bodies[0]?.url) } };
        }),
      },
    },
    {
      path: `${path}:id/`,
      access: 'token',
      changes: true,
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
