import type { Handler, Route } from './route';
import type { HttpServices } from './services';

const read = (path: string, handler: Handler): Route => ({
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
  const root = [...areas.keys(), 'providers', 'status'].toSorted().map((name) => [name, url(name)]);
  const fixed = (path: string, body: unknown): Route => read(path, () => ({ status: 200, body }));

  return [
    fixed('/api/', Object.fromEntries(root)),
    ...[...areas].map(([area, map]) => fixed(`/api/${area}/`, map)),
    fixed('/api/status/', { 'latchkey-version': version }),
    read('/api/providers/', () => {
      const results = services.providers();
      return { status: 200, body: { count: results.length, next: null, previous: null, results } };
    }),
  ];
}
