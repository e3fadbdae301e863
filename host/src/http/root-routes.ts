import { addressesDescription, providersDescription, statusDescription } from './openapi/host-descriptions';
import type { RouteDescription } from './openapi/operation';
import type { Handler, Route } from './route';
import type { HttpServices } from './services';

const read = (path: string, openapi: RouteDescription, handler: Handler): Route => ({
  openapi,
  path,
  access: 'token',
  changes: false,
  methods: { GET: handler },
});

/** The maps of addresses, the status and the providers. */
export function rootRoutes(services: HttpServices): Route[] {
  const { publicUrl, collections, version } = services;
  const url = (address: string): string => `${publicUrl}/api/${address}/`;
  const areas = new Map<string, Record<string, string>>();
  for (const { address } of collections) {
    const [area = '', name = ''] = address.split('/');
    areas.set(area, { ...areas.get(area), [name]: url(address) });
  }
  const listed = (services.extensionRoutes ?? []).flatMap((route) => route.listed ?? []);
  const root = [...areas.keys(), ...listed, 'providers', 'status'].toSorted().map((name) => [name, url(name)]);
  const fixed = (path: string, openapi: RouteDescription, body: unknown): Route =>
    read(path, openapi, () => ({ status: 200, body }));

  return [
    fixed('/api/', addressesDescription, Object.fromEntries(root)),
    ...[...areas].map(([area, map]) => fixed(`/api/${area}/`, addressesDescription, map)),
    fixed('/api/status/', statusDescription, { 'latchkey-version': version }),
    read('/api/providers/', providersDescription, () => {
      const results = services.providers();
      return { status: 200, body: { count: results.length, next: null, previous: null, results } };
    }),
  ];
}
