import { routesOf } from '../../host/src/http/app';
import { localRoutes } from '../../host/src/http/local-routes';
import type { Method, Route } from '../../host/src/http/route';
import { memoryServices } from '../support/http-host';
import type { RestAnswer } from '../support/rest-client';
import { removeTemporaryFolders } from '../support/temporary-folder';
import {
  kinds,
  openVisibilityWorld,
  roles,
  type Kind,
  type Role,
  type VisibilityWorld,
} from './support/visibility-world';

jest.setTimeout(120_000);

/** What a role is answered about an own, a foreign and an absent row: a status, or the rows in a list. */
type Cells = Readonly<Record<Role, string>>;

const no = '403 403 403';
const closed: Cells = {
  anonymous: no,
  nobody: no,
  viewer: no,
  full: no,
  checker: no,
  superuser: no,
  reader: no,
};
const everybody = (cells: string): Cells =>
  Object.fromEntries(roles.map((role) => [role, cells])) as Record<Role, string>;

const read: Cells = {
  ...closed,
  viewer: '200 404 404',
  full: '200 404 404',
  superuser: '200 200 404',
  reader: '200 404 404',
};
const change: Cells = { ...closed, full: '200 404 404', superuser: '200 200 404' };
const remove: Cells = { ...closed, full: '204 404 404', superuser: '204 204 404' };
// Counts, not statuses: a list of what is outside is empty.
const list: Cells = { ...closed, viewer: '1 0 0', full: '1 0 0', superuser: '1 1 0', reader: '1 0 0' };
const make: Cells = { ...closed, full: '201 403 400', superuser: '201 201 400' };
// A list of rows is changed as a whole; a row out of reach is named as one that is not there.
const changeAll: Cells = { ...closed, full: '200 400 400', superuser: '200 200 400' };
const removeAll: Cells = { ...closed, full: '204 400 400', superuser: '204 204 400' };
const all = { PUT: changeAll, PATCH: changeAll, DELETE: removeAll };
const signedIn: Cells = { ...everybody('200 200 200'), anonymous: no };

const collection = (address: string) => ({
  [`/api/${address}/`]: { GET: list, POST: make, ...all },
  [`/api/${address}/:id/`]: { GET: read, PUT: change, PATCH: change, DELETE: remove },
});
// The row is looked for first, by who may view it.
const note: Cells = { ...closed, viewer: '403 404 404', full: '201 404 404', superuser: '201 201 404' };
const notesOf = (address: string) => ({ [`/api/${address}/:id/notes/`]: { GET: read, POST: note } });
const check: Cells = { ...read, viewer: no, checker: '200 404 404' };
const explain: Cells = { ...read, viewer: no };

/** Every address, every method, every role. An address that is not here fails the test. */
const matrix: Readonly<Record<string, Readonly<Partial<Record<Method, Cells>>>>> = {
  '/healthz': { GET: everybody('200 200 200') },
  '/readyz': { GET: everybody('200 200 200') },
  '/api/': { GET: signedIn },
  '/api/extras/': { GET: signedIn },
  '/api/inventory/': { GET: signedIn },
  '/api/dcim/': { GET: signedIn },
  '/api/virtualization/': { GET: signedIn },
  '/api/users/': { GET: signedIn },
  '/api/audit/': { GET: signedIn },
  '/api/status/': { GET: signedIn },
  '/api/providers/': { GET: signedIn },
  '/api/openapi.json': { GET: signedIn },
  // Pages that are the same for everybody; what they show is asked for with a token.
  '/api/docs/': { GET: everybody('200 200 200') },
  '/api/docs/latchkey.js': { GET: everybody('200 200 200') },
  '/api/docs/swagger-ui.css': { GET: everybody('200 200 200') },
  '/api/docs/swagger-ui-bundle.js': { GET: everybody('200 200 200') },
  ...collection('extras/secrets'),
  ...collection('extras/secrets-groups'),
  ...collection('extras/secrets-groups-associations'),
  // The group outside of what may be viewed is refused as an absent one is.
  '/api/extras/secrets-groups-associations/': { GET: list, POST: { ...make, full: '201 400 400' }, ...all },
  ...collection('inventory/objects'),
  ...collection('dcim/devices'),
  ...collection('extras/git-repositories'),
  ...collection('virtualization/virtual-machines'),
  ...collection('extras/tags'),
  ...collection('extras/custom-fields'),
  ...collection('extras/custom-field-choices'),
  ...collection('extras/notes'),
  // A note is written at the address of what it is about.
  '/api/extras/notes/': { GET: list, ...all },
  ...notesOf('extras/secrets'),
  ...notesOf('extras/secrets-groups'),
  ...notesOf('extras/tags'),
  ...notesOf('extras/custom-fields'),
  ...notesOf('inventory/objects'),
  ...notesOf('dcim/devices'),
  ...notesOf('extras/git-repositories'),
  ...notesOf('virtualization/virtual-machines'),
  ...collection('users/users'),
  ...collection('users/groups'),
  ...collection('users/permissions'),
  // Over the network everybody has their own tokens alone, superusers too.
  '/api/users/tokens/': {
    GET: { ...list, superuser: '1 0 0' },
    POST: { ...make, full: '201 400 400' },
    PUT: { ...changeAll, superuser: '200 400 400' },
    PATCH: { ...changeAll, superuser: '200 400 400' },
    DELETE: { ...removeAll, superuser: '204 400 400' },
  },
  '/api/users/tokens/:id/': {
    GET: { ...read, superuser: '200 404 404' },
    PUT: { ...change, superuser: '200 404 404' },
    PATCH: { ...change, superuser: '200 404 404' },
    DELETE: { ...remove, superuser: '204 404 404' },
  },
  '/api/extras/object-changes/': { GET: list },
  '/api/extras/object-changes/:id/': { GET: read },
  '/api/audit/entries/': { GET: list },
  '/api/audit/entries/:id/': { GET: read },
  '/api/extras/secrets/:id/check/': { GET: check, POST: check },
  '/api/extras/secrets/:id/explain/': { POST: explain },
  // Who may view a group is told no more of its slots than that there is no secret for them.
  '/api/extras/secrets-groups/:id/check/': { POST: read },
  '/api/extras/secrets-groups/:id/explain/': { POST: read },
  '/api/users/permissions/test/': { POST: { ...read, viewer: no } },
  // On the socket of the data folder alone.
  '/local/values/': { POST: everybody('404 404 404') },
  '/local/report/': { GET: everybody('404 404 404') },
};

const local = localRoutes({
  collections: [],
  resolution: { use: () => Promise.reject(new Error('not asked')) },
  report: () => ({ lines: [] }) as never,
});
const routes = routesOf(memoryServices({ localRoutes: local }));

/** What has no row in the matrix, or a row without an address. */
function gaps(inventory: readonly Pick<Route, 'path' | 'methods'>[]): string[] {
  const cells = (path: string, methods: object) => Object.keys(methods).map((method) => `${method} ${path}`);
  const wanted = inventory.flatMap(({ path, methods }) => cells(path, methods));
  const listed = Object.entries(matrix).flatMap(([path, methods]) => cells(path, methods));
  return [...wanted.filter((one) => !listed.includes(one)), ...listed.filter((one) => !wanted.includes(one))];
}

test('every address and method of the host has a row in the matrix, and every row an address', () => {
  expect(routes.length).toBeGreaterThan(30);
  expect(gaps(routes)).toEqual([]);
});

test('a route without a row is noticed', () => {
  const methods = { GET: () => ({ status: 200 }) };
  expect(gaps([...routes, { path: '/api/new/', methods }])).toContain('GET /api/new/');
});

let world: VisibilityWorld;
beforeAll(async () => {
  world = await openVisibilityWorld();
});
afterAll(async () => {
  await world?.close();
  removeTemporaryFolders();
});

/** A change that stays within the constraints; a new description elsewhere. */
const changes: Readonly<Record<string, object>> = {
  'extras/notes': { note: 'own words' },
  'extras/custom-field-choices': { weight: 7 },
  'users/users': { first_name: 'changed' },
  'users/groups': {},
  'inventory/objects': { attributes: { changed: true } },
  'dcim/devices': { attributes: { changed: true } },
  'extras/git-repositories': { attributes: { changed: true } },
  'virtualization/virtual-machines': { attributes: { changed: true } },
  'extras/secrets-groups-associations': { access_type: 'gNMI' },
};

/** The request that asks one question of the matrix. */
async function ask(path: string, method: string, role: Role, kind: Kind): Promise<RestAnswer> {
  const address = /^\/api\/((?:extras|inventory|dcim|virtualization|users|audit)\/[a-z-]+)\//.exec(path)?.[1];
  const rest = world.as(role);
  if (path === '/api/users/permissions/test/') {
    const secret = await world.rowOf('extras/secrets', kind, role);
    return rest(method, path, { body: { user: world.asked, action: 'use', secret } });
  }
  if (!address) return rest(method, path, method === 'GET' ? {} : { body: {} });
  const changed = changes[address] ?? { description: 'changed' };
  if (!path.includes(':id')) {
    if (method === 'POST') return rest(method, path, { body: await world.bodyOf(address, kind, role) });
    const id = await world.rowOf(address, kind, role);
    if (method === 'GET') return rest(method, `${path}?id=${id}`);
    const body = { PUT: await world.bodyOf(address, 'own', role), PATCH: changed }[method];
    return rest(method, path, { body: [{ ...body, id }] });
  }
  const to = path.replace(':id', await world.rowOf(address, kind, role));
  if (method === 'GET' || method === 'DELETE') return rest(method, to);
  if (path.endsWith('/check/') || path.endsWith('/explain/')) {
    const slot = address === 'extras/secrets-groups' && { access_type: 'SSH', secret_type: 'password' };
    return rest(method, to, { body: { ...slot } });
  }
  if (path.endsWith('/notes/')) return rest(method, to, { body: { note: 'own words' } });
  if (method === 'PATCH') return rest(method, to, { body: changed });
  return rest(method, to, { body: await world.bodyOf(address, 'own', role) });
}

const shown = (path: string, method: string, { status, body }: RestAnswer): string =>
  method === 'GET' && status === 200 && matrix[path]?.GET && Object.values(matrix[path].GET).includes('1 0 0')
    ? String(body.count)
    : String(status);

const plain = (answer: RestAnswer | undefined) =>
  answer?.text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');

describe.each(routes.map(({ path, methods, access }) => ({ path, methods, access })))(
  '$path',
  ({ path, methods, access }) => {
    test.each(Object.keys(methods))('%s', async (method) => {
      const seen: Record<string, string> = {};
      const apart: string[] = [];
      for (const role of roles) {
        const answers: RestAnswer[] = [];
        for (const kind of kinds) answers.push(await ask(path, method, role, kind));
        seen[role] = answers.map((answer) => shown(path, method, answer)).join(' ');
        const [, foreign, absent] = answers;
        if (role !== 'superuser' && method !== 'POST' && plain(foreign) !== plain(absent)) apart.push(role);
      }
      // What is out of reach and what is not there look the same.
      expect(apart).toEqual([]);
      expect(seen).toEqual(matrix[path]?.[method as Method]);
    });

    test('any other method is none, and OPTIONS tells nothing of rows', async () => {
      for (const role of roles) {
        const open = access === 'anonymous' || path.startsWith('/local/');
        const barred = role === 'anonymous' && !open;
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !Object.hasOwn(methods, one))) {
          const { status } = await world.as(role)(
            method,
            path.replace(':id', 'x'),
            method === 'GET' ? {} : { body: {} },
          );
          expect([role, method, status]).toEqual([role, method, path.startsWith('/local/') ? 404 : barred ? 403 : 405]);
        }
        const options = await world.as(role)('OPTIONS', path.replace(':id', 'x'));
        expect([role, options.status]).toEqual([role, path.startsWith('/local/') ? 404 : barred ? 403 : 200]);
      }
    });
  },
);
